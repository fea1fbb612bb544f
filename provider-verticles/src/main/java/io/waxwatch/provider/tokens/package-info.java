/** Seals users' tokens with a key that never leaves a key service, or with this process's own. */
package io.waxwatch.provider.tokens;
