/** The log and the metrics of calls to marketplaces. */
package io.waxwatch.provider.calls;
