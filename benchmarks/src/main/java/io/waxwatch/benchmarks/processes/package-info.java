/** The processes of a benchmark besides its own. */
package io.waxwatch.benchmarks.processes;
