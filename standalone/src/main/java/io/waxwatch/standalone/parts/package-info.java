/** Starts and stops the embedded parts. */
package io.waxwatch.standalone.parts;
