/** Leads to a listing at its marketplace, and counts the click. */
package io.waxwatch.gateway.outbound;
