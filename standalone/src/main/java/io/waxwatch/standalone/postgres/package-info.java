/** The embedded PostgreSQL server. */
package io.waxwatch.standalone.postgres;
