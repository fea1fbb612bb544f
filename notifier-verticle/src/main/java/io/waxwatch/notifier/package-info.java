/** Tells collectors: wires the channels and owns their loops. */
package io.waxwatch.notifier;
