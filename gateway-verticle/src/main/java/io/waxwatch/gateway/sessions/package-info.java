/** Signing in with a password and a cookie. */
package io.waxwatch.gateway.sessions;
