/** Faults that the sandbox shows when told to. */
package io.waxwatch.sandbox.fault;
