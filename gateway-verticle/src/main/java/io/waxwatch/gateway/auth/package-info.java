/** Who is calling: tokens, keys, and what they may do. */
package io.waxwatch.gateway.auth;
