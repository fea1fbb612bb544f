/** Discogs' API, spoken by the sandbox. */
package io.waxwatch.sandbox.discogs;
