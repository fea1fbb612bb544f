/** Searches across the marketplaces, and rules made of them. */
package io.waxwatch.gateway.search;
