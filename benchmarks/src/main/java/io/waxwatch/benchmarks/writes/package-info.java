/** How many rules a second are written by many collectors at once. */
package io.waxwatch.benchmarks.writes;
