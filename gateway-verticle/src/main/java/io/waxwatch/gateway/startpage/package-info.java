/** The page at the API's own address. */
package io.waxwatch.gateway.startpage;
