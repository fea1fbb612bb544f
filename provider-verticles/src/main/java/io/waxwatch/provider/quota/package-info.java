/** How many calls a marketplace gives, and who may have the next one. */
package io.waxwatch.provider.quota;
