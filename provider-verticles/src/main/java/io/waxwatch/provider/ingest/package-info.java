/** Stores a page of listings and matches it, in one transaction. */
package io.waxwatch.provider.ingest;
