package io.waxwatch.sandbox.discogs;

import io.waxwatch.sandbox.catalog.Pressing;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a record's page tells beside the catalogue's line: tracks, people, companies, votes. Invented, and the same each time. */
final class LinerNotes {

    private static final List<String> TRACKS = List.of(
            "Opening Hours",
            "Second Thoughts",
            "A Letter from the Coast",
            "Slow Elevator",
            "Tin Cup Waltz",
            "Harvest at Noon",
            "The Clockmaker's Daughter",
            "Half a Mile of Rain",
            "Rooftop",
            "Last Bus Home");
    private static final List<String> ROLES =
            List.of("Producer", "Engineer", "Mastered By", "Photography By", "Artwork By", "Liner Notes");
    private static final List<String> PEOPLE = List.of(
            "Ottilie Marsh",
            "Bernard Kwiek",
            "Ines Albarran",
            "Theo Vandersloot",
            "Ruth Oyelaran",
            "Pascal Grimaud (2)",
            "Hedda Lindqvist",
            "Marcus Tey");
    private static final List<String> PLANTS =
            List.of("Northgate Pressing Plant", "Société Pressage Azur", "Kiyose Seisakusho", "Delta Custom Pressings");
    private static final List<String> MEMBERS =
            List.of("needle-and-groove", "catalogue_keeper", "b-side.collector", "deadwax_reader");
    private static final int SECONDS_OF_SHORTEST = 130;

    /** One track; {@code position} as printed on the label. */
    record Track(String position, String title, String duration, String lyricist) {}

    /** Somebody with a part in it. */
    record Credit(String name, String role) {}

    private final Pressing pressing;
    private final List<Track> tracks = new ArrayList<>();
    private final List<Credit> credits = new ArrayList<>();
    private final String plant;
    private final String submitter;
    private final String contributor;
    private final int have;
    private final int want;
    private final int votes;
    private final double average;
    private final LocalDate added;

    LinerNotes(Pressing pressing) {
        this.pressing = pressing;
        var random = new Random(pressing.releaseId());
        int perSide = 2 + random.nextInt(3);
        int first = random.nextInt(TRACKS.size());
        for (int side = 0; side < pressing.discs() * 2; side++) {
            for (int i = 1; i <= perSide; i++) {
                // The first is the record's own title.
                String title =
                        tracks.isEmpty() ? pressing.title() : TRACKS.get((first + tracks.size()) % TRACKS.size());
                int seconds = SECONDS_OF_SHORTEST + random.nextInt(220);
                tracks.add(new Track(
                        String.valueOf((char) ('A' + side)) + i,
                        title,
                        seconds / 60 + ":" + String.format("%02d", seconds % 60),
                        PEOPLE.get(random.nextInt(PEOPLE.size()))));
            }
        }
        int roles = 2 + random.nextInt(3);
        int from = random.nextInt(ROLES.size());
        for (int i = 0; i < roles; i++) {
            credits.add(new Credit(PEOPLE.get(random.nextInt(PEOPLE.size())), ROLES.get((from + i) % ROLES.size())));
        }
        this.plant = PLANTS.get(random.nextInt(PLANTS.size()));
        this.submitter = MEMBERS.get(random.nextInt(MEMBERS.size()));
        this.contributor = MEMBERS.get(random.nextInt(MEMBERS.size()));
        this.have = 40 + random.nextInt(900);
        this.want = 5 + random.nextInt(600);
        this.votes = random.nextInt(have / 2);
        this.average = votes == 0 ? 0 : 3 + random.nextInt(200) / 100.0;
        this.added = LocalDate.of(2006, 1, 1).plusDays(random.nextInt(5_000));
    }

    List<Track> tracks() {
        return tracks;
    }

    List<Credit> credits() {
        return credits;
    }

    String plant() {
        return plant;
    }

    String submitter() {
        return submitter;
    }

    /** The submitter too, and perhaps somebody else. */
    List<String> contributors() {
        return submitter.equals(contributor) ? List.of(submitter) : List.of(submitter, contributor);
    }

    /** Reissues come in series. */
    Optional<String> series() {
        return pressing.releaseId() % 3 == 0 ? Optional.of("Harbour Classics") : Optional.empty();
    }

    /** Whether it is one of those who submit records. */
    static boolean isMember(String name) {
        return MEMBERS.contains(name);
    }

    int have() {
        return have;
    }

    int want() {
        return want;
    }

    int votes() {
        return votes;
    }

    double average() {
        return average;
    }

    Instant added() {
        return added.atTime(9, 30).toInstant(ZoneOffset.UTC);
    }

    Instant changed() {
        return added.plusDays(pressing.year() % 400).atTime(18, 5).toInstant(ZoneOffset.UTC);
    }

    /** Grams, as Discogs estimates them. */
    int weight() {
        return 230 * pressing.discs();
    }
}
