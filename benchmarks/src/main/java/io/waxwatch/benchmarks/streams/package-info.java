/** What thousands of open event streams cost, and how soon an alert is on them. */
package io.waxwatch.benchmarks.streams;
