/** Discogs' API, as a client. */
package io.waxwatch.provider.discogs.client;
