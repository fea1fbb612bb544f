/** eBay's word that an account is closed: whether it is eBay's, and the erasure of what is known of that account. */
package io.waxwatch.provider.ebay.accountdeletion;
