/** A collector's events, as a log. */
package io.waxwatch.gateway.events;
