/** The routes of operators and the error envelope, the same in every service. */
package io.waxwatch.common.http;
