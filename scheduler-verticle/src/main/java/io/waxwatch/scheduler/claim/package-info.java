/** Claims due polls and sends them to providers. */
package io.waxwatch.scheduler.claim;
