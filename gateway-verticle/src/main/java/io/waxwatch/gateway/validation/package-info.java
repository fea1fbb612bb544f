/** Reads bodies and says what is wrong with them. */
package io.waxwatch.gateway.validation;
