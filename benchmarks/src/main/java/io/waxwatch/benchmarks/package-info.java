/** Measures what is slow to guess, and prints it as ratios. */
package io.waxwatch.benchmarks;
