/** What the gateway costs on top of the SELECT that it answers with. */
package io.waxwatch.benchmarks.gateway;
