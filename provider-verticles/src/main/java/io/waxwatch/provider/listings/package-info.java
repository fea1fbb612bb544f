/** Writes listings. */
package io.waxwatch.provider.listings;
