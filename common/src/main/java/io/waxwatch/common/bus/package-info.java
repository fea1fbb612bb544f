/** The typed event bus: every address, every message, and the one class that speaks to it. */
package io.waxwatch.common.bus;
