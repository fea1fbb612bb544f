/** Tells gateways that streams have grown. */
package io.waxwatch.notifier.realtime;
