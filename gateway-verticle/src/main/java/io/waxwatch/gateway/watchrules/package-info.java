/** Watch rules. */
package io.waxwatch.gateway.watchrules;
