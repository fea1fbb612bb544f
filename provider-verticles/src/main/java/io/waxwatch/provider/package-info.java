/** Finds what is for sale: wires the marketplaces of one process. */
package io.waxwatch.provider;
