/** The HTTP edge: wires the features and owns the server. */
package io.waxwatch.gateway;
