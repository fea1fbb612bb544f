/** The one way out over HTTP: bounded in time, size and number. */
package io.waxwatch.common.outbound;
