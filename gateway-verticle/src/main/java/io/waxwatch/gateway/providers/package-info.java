/** What the marketplaces can do. */
package io.waxwatch.gateway.providers;
