package io.waxwatch.provider.discogs.imports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "both, none, WANTLIST, 1",
                "wantlist, none, WANTLIST, 1",
                "collection, none, COLLECTION, 1",
                "both, wantlist:1/3, WANTLIST, 2",
                "both, wantlist:3/3, COLLECTION, 1",
                "both, wantlist:4/3, COLLECTION, 1",
                "both, collection:2/4, COLLECTION, 3",
                "wantlist, wantlist:3/3, none, 0",
                "both, collection:1/1, none, 0",
                "both, wantlist:1000/5000, COLLECTION, 1",
                // What is no cursor of this job begins anew: upserts make that safe.
                "wantlist, collection:2/4, WANTLIST, 1",
                "both, nonsense, WANTLIST, 1",
                "both, wantlist:99999999999/1, WANTLIST, 1"
            })
    void a_job_goes_on_behind_its_last_page(String scope, String cursor, ShelfSource source, int page) {
        assertThat(Position.resume(scope, cursor).orElse(null))
                .isEqualTo(source == null ? null : new Position(source, page));
    }
}
