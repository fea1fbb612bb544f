/** What a person or a script sees of a running standalone: the banner, and {@code .run/standalone.json}. */
package io.waxwatch.standalone.output;
