/** Removes what has been kept long enough. */
package io.waxwatch.scheduler.retention;
