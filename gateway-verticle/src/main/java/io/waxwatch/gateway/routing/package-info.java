/** Binds the operations of the API document to what answers them: budgets, credentials, bodies, answers. */
package io.waxwatch.gateway.routing;
