/** How often polls can be done, so that all of them together fit into what the marketplaces give. */
package io.waxwatch.scheduler.pacing;
