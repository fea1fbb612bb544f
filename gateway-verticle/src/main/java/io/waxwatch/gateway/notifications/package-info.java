/** A collector's inbox. */
package io.waxwatch.gateway.notifications;
