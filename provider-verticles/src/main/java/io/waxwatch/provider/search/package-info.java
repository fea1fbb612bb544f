/** Answers collectors' searches. */
package io.waxwatch.provider.search;
