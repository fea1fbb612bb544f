/** What a marketplace is to its process, and what it is handed to serve with. */
package io.waxwatch.provider.marketplace;
