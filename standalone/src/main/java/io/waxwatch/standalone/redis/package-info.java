/** The embedded Redis server. */
package io.waxwatch.standalone.redis;
