/** Loops that claim due rows: bounded, backing off while something is away, drained when they stop. */
package io.waxwatch.common.claims;
