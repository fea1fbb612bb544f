/** JSON that is kept for somebody: as it came, and as large as it will be. */
package io.waxwatch.common.json;
