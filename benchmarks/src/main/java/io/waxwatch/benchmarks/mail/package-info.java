/** How fast mails leave. */
package io.waxwatch.benchmarks.mail;
