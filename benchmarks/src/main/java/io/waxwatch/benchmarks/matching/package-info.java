/** How fast titles are matched against the rules in memory. */
package io.waxwatch.benchmarks.matching;
