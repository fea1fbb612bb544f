/** The identity provider of the demo and the tests: real keys, real tokens, made-up people. */
package io.waxwatch.standalone.identity;
