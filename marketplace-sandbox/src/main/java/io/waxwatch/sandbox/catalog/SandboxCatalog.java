package io.waxwatch.sandbox.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The invented records of the sandbox: a curated head that is the same for every seed (so that demo rules and tests may
 * name it), and a tail drawn from word lists by the seed. Immutable.
 */
public final class SandboxCatalog {

    /** Release id of the first pressing, "Blue Harbour" by Marlow Quartet; the others follow one by one. */
    public static final long FIRST_RELEASE_ID = 900_000_001L;

    /** Master id of the first work. */
    public static final long FIRST_MASTER_ID = 800_000_001L;

    /** How many pressings a catalogue has. */
    public static final int SIZE = 360;

    /** Release ids of the three records that demo rules name. */
    public static final long BLUE_HARBOUR = FIRST_RELEASE_ID;

    public static final long NIGHT_TRAINS = FIRST_RELEASE_ID + 1;

    public static final long SECOND_SUMMER = FIRST_RELEASE_ID + 2;

    private final List<Pressing> pressings;
    private final Map<Long, Pressing> byRelease = new HashMap<>();
    private final Map<Long, List<Pressing>> byMaster = new LinkedHashMap<>();

    private SandboxCatalog(List<Pressing> pressings) {
        this.pressings = List.copyOf(pressings);
        for (Pressing pressing : pressings) {
            byRelease.put(pressing.releaseId(), pressing);
            byMaster.computeIfAbsent(pressing.masterId(), id -> new ArrayList<>())
                    .add(pressing);
        }
    }

    /** The catalogue of a seed: always {@link #SIZE} pressings, equal for equal seeds. */
    public static SandboxCatalog of(long seed) {
        var builder = new Builder(new Random(seed));
        for (String line : lines("curated.txt")) {
            String[] f = line.split("\\|");
            builder.add(f[0], f[1], Integer.parseInt(f[2]), f[3], f[4], f[5], f[6], f[7], f[8]);
        }
        builder.drawUpTo(SIZE, sections());
        return new SandboxCatalog(builder.pressings);
    }

    /** All pressings, by ascending release id. */
    public List<Pressing> pressings() {
        return pressings;
    }

    public Optional<Pressing> release(long releaseId) {
        return Optional.ofNullable(byRelease.get(releaseId));
    }

    /** The pressings of one work, main release first; empty when the id is unknown. */
    public List<Pressing> master(long masterId) {
        return List.copyOf(byMaster.getOrDefault(masterId, List.of()));
    }

    private static Map<String, List<String>> sections() {
        Map<String, List<String>> sections = new HashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : lines("words.txt")) {
            if (line.startsWith("[")) {
                current = sections.computeIfAbsent(line.substring(1, line.length() - 1), name -> new ArrayList<>());
            } else {
                current.add(line);
            }
        }
        return sections;
    }

    private static List<String> lines(String resource) {
        try (InputStream in = SandboxCatalog.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Builder {

        private final List<Pressing> pressings = new ArrayList<>();
        private final Map<String, Long> masters = new HashMap<>();
        private final Random random;

        Builder(Random random) {
            this.random = random;
        }

        void add(
                String artist,
                String title,
                int year,
                String country,
                String label,
                String catno,
                String format,
                String genre,
                String style) {
            long releaseId = FIRST_RELEASE_ID + pressings.size();
            long masterId = masters.computeIfAbsent(artist + "\n" + title, work -> FIRST_MASTER_ID + masters.size());
            pressings.add(new Pressing(
                    releaseId,
                    masterId,
                    artist,
                    title,
                    year,
                    country,
                    label,
                    catno,
                    barcode(releaseId),
                    format,
                    genre,
                    style));
        }

        void drawUpTo(int size, Map<String, List<String>> words) {
            while (pressings.size() < size) {
                String[] kind = pick(words.get("genres")).split("\\|");
                String artist = pick(words.get("artists"));
                String title =
                        String.format(pick(words.get("titles")), pick(words.get("heads")), pick(words.get("tails")));
                int year = 1958 + random.nextInt(60);
                int versions = 1 + random.nextInt(3) / 2;
                for (int v = 0; v < versions && pressings.size() < size; v++) {
                    String label = pick(words.get("labels"));
                    add(
                            artist,
                            title,
                            Math.min(2024, year + v * (3 + random.nextInt(30))),
                            pick(words.get("countries")),
                            label,
                            catno(label),
                            pick(words.get("formats")),
                            kind[0],
                            kind[1]);
                }
            }
        }

        private String catno(String label) {
            if (random.nextInt(40) == 0) {
                return "none";
            }
            String letters = label.replaceAll("[^A-Za-z]", "").toUpperCase(Locale.ROOT);
            return letters.substring(0, Math.min(3, letters.length()))
                    + (random.nextBoolean() ? "-" : " ")
                    + (100 + random.nextInt(9900));
        }

        private String pick(List<String> from) {
            return from.get(random.nextInt(from.size()));
        }

        private static String barcode(long releaseId) {
            String digits = "200" + releaseId;
            int sum = 0;
            for (int i = 0; i < digits.length(); i++) {
                sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
            }
            return digits + (10 - sum % 10) % 10;
        }
    }
}
