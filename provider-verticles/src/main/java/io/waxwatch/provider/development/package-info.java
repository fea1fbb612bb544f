/** Answers the development routes. */
package io.waxwatch.provider.development;
