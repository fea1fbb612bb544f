/** Everything in one process, on embedded parts. */
package io.waxwatch.standalone;
