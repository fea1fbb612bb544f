/** Seals what is stored and must not be read. */
package io.waxwatch.common.secrets;
