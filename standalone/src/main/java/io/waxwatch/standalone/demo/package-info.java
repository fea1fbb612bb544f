/** The collector of the demo. */
package io.waxwatch.standalone.demo;
