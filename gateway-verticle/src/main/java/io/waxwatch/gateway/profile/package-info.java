/** The account of the caller: preferences, deactivation, deletion. */
package io.waxwatch.gateway.profile;
