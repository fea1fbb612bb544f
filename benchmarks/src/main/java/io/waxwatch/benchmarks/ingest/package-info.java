/** Pages of listings, from the poll's claim to the commit of their alerts. */
package io.waxwatch.benchmarks.ingest;
