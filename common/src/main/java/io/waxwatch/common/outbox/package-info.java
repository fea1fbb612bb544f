/** Events, notifications and their deliveries, written in the transaction that causes them. */
package io.waxwatch.common.outbox;
