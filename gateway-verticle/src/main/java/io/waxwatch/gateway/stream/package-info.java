/** Alerts as server-sent events. */
package io.waxwatch.gateway.stream;
