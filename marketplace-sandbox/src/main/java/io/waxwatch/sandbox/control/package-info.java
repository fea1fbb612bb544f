/** Routes by which a test or a person steers the sandbox. */
package io.waxwatch.sandbox.control;
