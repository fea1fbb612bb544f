/** Listings as collectors read them. */
package io.waxwatch.gateway.listings;
