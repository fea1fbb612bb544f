/** The live index of watches, and the backfill of a new one. */
package io.waxwatch.provider.matching;
