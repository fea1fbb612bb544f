/** A simulated day of the marketplaces, on a clock of its own. */
package io.waxwatch.benchmarks.day;
