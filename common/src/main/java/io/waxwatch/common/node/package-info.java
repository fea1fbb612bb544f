/** One process: its Vert.x, its cluster, its start and its ordered stop. */
package io.waxwatch.common.node;
