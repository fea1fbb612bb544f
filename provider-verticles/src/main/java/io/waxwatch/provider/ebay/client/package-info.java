/** eBay's APIs, as a client. */
package io.waxwatch.provider.ebay.client;
