/** The log of calls to marketplaces. */
package io.waxwatch.gateway.providerrequests;
