/** Routes of developers' machines. */
package io.waxwatch.gateway.development;
