/** Asks for the lowest price of a Discogs release. */
package io.waxwatch.provider.discogs.releasefloors;
