/** Mail: composing it, speaking SMTP, and what a refusal means. */
package io.waxwatch.notifier.email;
