package io.waxwatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CatalogTest {

    @Test
    void the_records_of_the_demo_come_first_whatever_the_seed() {
        for (long seed : new long[] {1, 2, 99}) {
            SandboxCatalog catalog = SandboxCatalog.of(seed);
            assertThat(catalog.release(SandboxCatalog.BLUE_HARBOUR))
                    .get()
                    .extracting(Pressing::artist, Pressing::title)
                    .containsExactly("Marlow Quartet", "Blue Harbour");
            assertThat(catalog.release(SandboxCatalog.NIGHT_TRAINS))
                    .get()
                    .extracting(Pressing::artist, Pressing::title)
                    .containsExactly("Nina Castellane", "Night Trains");
            assertThat(catalog.release(SandboxCatalog.SECOND_SUMMER))
                    .get()
                    .extracting(Pressing::artist, Pressing::title)
                    .containsExactly("The Glass Orchard", "Second Summer");
        }
    }

    @Test
    void a_seed_is_a_catalogue() {
        assertThat(SandboxCatalog.of(7).pressings())
                .hasSize(SandboxCatalog.SIZE)
                .isEqualTo(SandboxCatalog.of(7).pressings())
                .isNotEqualTo(SandboxCatalog.of(8).pressings());
    }

    @Test
    void release_ids_are_dense_and_barcodes_are_valid() {
        var pressings = SandboxCatalog.of(1).pressings();
        assertThat(pressings)
                .extracting(Pressing::releaseId)
                .containsExactlyElementsOf(LongStream.range(0, SandboxCatalog.SIZE)
                        .mapToObj(i -> SandboxCatalog.FIRST_RELEASE_ID + i)
                        .toList());
        assertThat(pressings).allSatisfy(pressing -> {
            assertThat(pressing.barcode()).hasSize(13);
            int sum = 0;
            for (int i = 0; i < 13; i++) {
                sum += (pressing.barcode().charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
            }
            assertThat(sum % 10).isZero();
        });
    }

    @Test
    void has_the_awkward_names() {
        var pressings = SandboxCatalog.of(1).pressings();
        assertThat(pressings)
                .anyMatch(
                        p -> p.artist().equals("Moth (2)") && p.displayArtist().equals("Moth"));
        assertThat(pressings).anyMatch(p -> p.artist().contains("/"));
        assertThat(pressings).anyMatch(p -> p.title().contains("'"));
        assertThat(pressings).anyMatch(p -> p.format().contains("Box Set") && p.discs() == 5);
        assertThat(pressings).anyMatch(p -> p.artist().codePoints().anyMatch(Character::isIdeographic));
    }

    @Test
    void a_master_gathers_its_pressings() {
        SandboxCatalog catalog = SandboxCatalog.of(1);
        long master = catalog.release(SandboxCatalog.BLUE_HARBOUR).orElseThrow().masterId();
        assertThat(catalog.master(master)).extracting(Pressing::country).containsExactly("US", "Japan");
        assertThat(catalog.master(5)).isEmpty();
    }
}
