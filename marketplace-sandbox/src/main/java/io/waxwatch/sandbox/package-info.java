/** An HTTP server that speaks both marketplaces' formats, for the demo and the tests. */
package io.waxwatch.sandbox;
