/** The OpenAPI document and its page. */
package io.waxwatch.gateway.apidocs;
