/** eBay's seat: its polls and searches. */
package io.waxwatch.provider.ebay;
