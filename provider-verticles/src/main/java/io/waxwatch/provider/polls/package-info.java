/** Runs claimed polls. */
package io.waxwatch.provider.polls;
