/** Cursors and pages. */
package io.waxwatch.gateway.pagination;
