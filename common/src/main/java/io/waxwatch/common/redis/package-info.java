/** Redis as something that may be away: connections that come back by themselves, and scripts. */
package io.waxwatch.common.redis;
