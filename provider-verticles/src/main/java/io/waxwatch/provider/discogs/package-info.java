/** Discogs' seat: release floors, searches of its catalogue, accounts and imports. */
package io.waxwatch.provider.discogs;
