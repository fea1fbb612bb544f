package io.waxwatch.sandbox.catalog;

import java.util.Arrays;
import java.util.List;

/**
 * One invented vinyl pressing.
 *
 * @param releaseId Discogs release id; from {@value SandboxCatalog#FIRST_RELEASE_ID} upwards, far above any real one
 * @param masterId Discogs master id shared by all pressings of one work, or 0 for none
 * @param artist the artist as Discogs writes it, homonym suffix such as {@code (2)} included
 * @param barcode an EAN-13 with a valid check digit from the range kept for in-store use, so that it is nobody's
 * @param format descriptions separated by comma and space, for example {@code 2xLP, Reissue}
 */
public record Pressing(
        long releaseId,
        long masterId,
        String artist,
        String title,
        int year,
        String country,
        String label,
        String catno,
        String barcode,
        String format,
        String genre,
        String style) {

    /** The artist without the homonym suffix: what sellers type. */
    public String displayArtist() {
        return artist.replaceFirst(" \\(\\d+\\)$", "");
    }

    public List<String> formatParts() {
        return List.copyOf(Arrays.asList(format.split(", ")));
    }

    /** Number of discs, as Discogs states it in {@code formats[].qty}. */
    public int discs() {
        return formatParts().stream()
                .filter(part -> part.matches("\\d+xLP"))
                .findFirst()
                .map(part -> Integer.parseInt(part.substring(0, part.indexOf('x'))))
                .orElse(1);
    }
}
