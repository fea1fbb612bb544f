/** Claims deliveries and settles them; knows no channel. */
package io.waxwatch.notifier.delivery;
