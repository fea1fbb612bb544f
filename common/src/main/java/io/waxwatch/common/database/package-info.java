/** The pool, its bounds and its checks, and the migrations. */
package io.waxwatch.common.database;
