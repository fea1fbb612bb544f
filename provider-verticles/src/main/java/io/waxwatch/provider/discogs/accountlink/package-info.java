/** Links Discogs accounts by OAuth 1.0a. */
package io.waxwatch.provider.discogs.accountlink;
