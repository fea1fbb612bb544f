/** What the embedded parts share: ports, pid files, folder locks, and the one failure the user gets to read. */
package io.waxwatch.standalone.process;
