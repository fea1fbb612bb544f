/** How fast polls go through the schedule in PostgreSQL. */
package io.waxwatch.benchmarks.polls;
