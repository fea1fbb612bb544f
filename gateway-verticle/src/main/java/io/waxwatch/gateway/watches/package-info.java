/** What rules and watched releases have in common: how many there may be, and how they are written. */
package io.waxwatch.gateway.watches;
