/** What is for sale in the sandbox, and how it changes. */
package io.waxwatch.sandbox.market;
