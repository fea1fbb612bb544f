/** What every request passes and every response is made of. */
package io.waxwatch.gateway.http;
