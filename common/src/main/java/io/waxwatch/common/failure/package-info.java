/** What can go wrong, by kind; mapped to an answer once, at the edge. */
package io.waxwatch.common.failure;
