/** Token buckets, in Redis or in the process. */
package io.waxwatch.gateway.throttle;
