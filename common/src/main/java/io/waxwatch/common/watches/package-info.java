/** Revisions of watches, and the backfills they ask for. */
package io.waxwatch.common.watches;
