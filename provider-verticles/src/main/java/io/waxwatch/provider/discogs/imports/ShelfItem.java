package io.waxwatch.provider.discogs.imports;

import io.waxwatch.provider.discogs.client.DiscogsBodies.ShelfRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record of a collector's shelf, as it becomes a watch release.
 *
 * @param masterId null for none
 * @param artist the first one; null for unknown
 * @param year null for unknown
 */
record ShelfItem(long releaseId, Long masterId, String title, String artist, Integer year) {

    private static final int MAX_TITLE = 300;
    private static final int MAX_ARTIST = 200;
    private static final int MAX_YEAR = 9_999;

    /** Rows without a title are left out; two copies of a record are one item. */
    static List<ShelfItem> of(List<ShelfRow> rows) {
        Map<Long, ShelfItem> items = new LinkedHashMap<>();
        for (ShelfRow row : rows) {
            String title = clean(row.title(), MAX_TITLE);
            if (title != null) {
                String artist =
                        row.artists().isEmpty() ? null : clean(row.artists().get(0), MAX_ARTIST);
                Integer year = row.year() == null || row.year() > MAX_YEAR ? null : row.year();
                items.putIfAbsent(row.releaseId(), new ShelfItem(row.releaseId(), row.masterId(), title, artist, year));
            }
        }
        return new ArrayList<>(items.values());
    }

    /** PostgreSQL stores no NUL; null for what is blank. */
    private static String clean(String text, int max) {
        if (text == null) {
            return null;
        }
        String plain = text.replace("\0", "").strip();
        if (plain.codePointCount(0, plain.length()) > max) {
            plain = plain.substring(0, plain.offsetByCodePoints(0, max));
        }
        return plain.isEmpty() ? null : plain;
    }
}
