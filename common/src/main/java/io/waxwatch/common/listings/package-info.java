/** What gateway and providers both know of a listing. */
package io.waxwatch.common.listings;
