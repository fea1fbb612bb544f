package io.waxwatch.provider.discogs.imports;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The next page of an import.
 *
 * @param page from 1
 */
record Position(ShelfSource source, int page) {

    /** Discogs pages by number without an end; this is 100,000 records. */
    static final int MAX_PAGES = 1_000;

    private static final Pattern CURSOR = Pattern.compile("(\\w+):(\\d{1,9})/(\\d{1,9})");

    /** The cursor of a page that is done: {@code wantlist:2/7}. */
    String cursor(int pages) {
        return source.wireName() + ":" + page + "/" + pages;
    }

    /** What follows a page that is done; empty when it was the last. */
    Optional<Position> after(String scope, int pages) {
        if (page < Math.min(pages, MAX_PAGES)) {
            return Optional.of(new Position(source, page + 1));
        }
        List<ShelfSource> sources = ShelfSource.of(scope);
        int next = sources.indexOf(source) + 1;
        return next < sources.size() ? Optional.of(new Position(sources.get(next), 1)) : Optional.empty();
    }

    /** Where a job goes on; empty when it has nothing left to do. */
    static Optional<Position> resume(String scope, String cursor) {
        Matcher done = cursor == null ? null : CURSOR.matcher(cursor);
        if (done != null && done.matches()) {
            Optional<ShelfSource> source = ShelfSource.named(done.group(1)).filter(ShelfSource.of(scope)::contains);
            if (source.isPresent()) {
                return new Position(source.get(), Integer.parseInt(done.group(2)))
                        .after(scope, Integer.parseInt(done.group(3)));
            }
        }
        return ShelfSource.of(scope).stream().findFirst().map(first -> new Position(first, 1));
    }
}
