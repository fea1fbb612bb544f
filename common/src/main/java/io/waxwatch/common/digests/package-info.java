/** Fingerprints of texts and bodies. */
package io.waxwatch.common.digests;
