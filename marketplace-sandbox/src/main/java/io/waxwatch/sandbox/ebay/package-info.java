/** eBay's APIs, spoken by the sandbox. */
package io.waxwatch.sandbox.ebay;
