/** The records that the sandbox knows. */
package io.waxwatch.sandbox.catalog;
