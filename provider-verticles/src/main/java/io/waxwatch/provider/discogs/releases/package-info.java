/** Looks up which master a release belongs to. */
package io.waxwatch.provider.discogs.releases;
