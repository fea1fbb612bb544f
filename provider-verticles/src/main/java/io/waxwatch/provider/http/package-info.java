/** Outbound calls: deadlines, retries, the breaker, bounded bodies. */
package io.waxwatch.provider.http;
