/** What every benchmark prints with. */
package io.waxwatch.benchmarks.report;
