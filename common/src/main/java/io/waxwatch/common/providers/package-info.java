/** Which marketplaces are enabled, and why one is not. */
package io.waxwatch.common.providers;
