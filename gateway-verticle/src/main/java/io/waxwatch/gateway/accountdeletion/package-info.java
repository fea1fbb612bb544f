/** Where eBay says that an account is closed. */
package io.waxwatch.gateway.accountdeletion;
