/** Watched releases. */
package io.waxwatch.gateway.watchreleases;
