/** Imports a collector's Discogs lists. */
package io.waxwatch.provider.discogs.imports;
