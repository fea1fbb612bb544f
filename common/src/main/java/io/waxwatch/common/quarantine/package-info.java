/** Keeps a row that cannot be stored from failing those beside it. */
package io.waxwatch.common.quarantine;
