/** eBay's notices, signed as eBay signs them. */
package io.waxwatch.sandbox.notification;
