/** The mail sink: an SMTP server that keeps what it gets, and a page to read it. */
package io.waxwatch.standalone.mail;
