/** Users as requests meet them. */
package io.waxwatch.gateway.users;
