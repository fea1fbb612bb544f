/** What both wire formats share. */
package io.waxwatch.sandbox.wire;
