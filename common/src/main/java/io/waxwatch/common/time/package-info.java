/** What collectors say about time. */
package io.waxwatch.common.time;
