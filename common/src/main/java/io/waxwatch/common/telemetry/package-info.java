/** Metrics and logs, each declared once. */
package io.waxwatch.common.telemetry;
