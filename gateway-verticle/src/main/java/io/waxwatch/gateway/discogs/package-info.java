/** Linking a Discogs account and importing its lists. */
package io.waxwatch.gateway.discogs;
