/** A request that is sent twice is done once. */
package io.waxwatch.gateway.idempotency;
