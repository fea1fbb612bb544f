/** Decides when: wires the claim loops and the retention. */
package io.waxwatch.scheduler;
