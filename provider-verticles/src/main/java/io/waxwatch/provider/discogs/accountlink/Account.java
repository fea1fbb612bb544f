package io.waxwatch.provider.discogs.accountlink;

import java.util.function.Supplier;

/**
 * A linked account that can be asked.
 *
 * @param username its name
 * @param authorization an {@code Authorization} header in its name, a new one each time; a secret
 */
public record Account(String username, Supplier<String> authorization) {}
