package io.waxwatch.common.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevListingTaken;
import io.waxwatch.common.bus.BusMessage.DevRuleRan;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.bus.BusMessage.EbayNotification;
import io.waxwatch.common.bus.BusMessage.EbayNotificationTaken;
import io.waxwatch.common.bus.BusMessage.NotificationReady;
import io.waxwatch.common.bus.BusMessage.PollAnswered;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.BusMessage.ProvidersTold;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.bus.BusMessage.StreamsGrown;
import io.waxwatch.common.bus.BusMessage.WatchesChanged;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BusMessageCodecTest {

    private static final UUID ID = UUID.fromString("2d6b0a0f-9ca4-4094-b8d6-8294b446f3bd");
    private static final List<BusMessage> ONE_OF_EACH = List.of(
            new EbayNotification("e30=", "eyJraWQiOiJrIn0="),
            new EbayNotificationTaken(EbayNotificationTaken.DONE),
            new PollDue(ID, "ebay", "query", "EBAY_US|176985|björk", 600, 7, "run"),
            new PollAnswered(ID, "success"),
            new WatchesChanged(9),
            new NotificationReady(3),
            new StreamsGrown(Map.of(ID, 12L)),
            new ProvidersAsked("request-1"),
            new ProvidersTold(List.of(
                    new ProviderState("discogs", false, "missing", List.of(), List.of(), null),
                    new ProviderState("ebay", true, null, List.of("sweep"), List.of("keywords"), "open"))),
            new DevListing(
                    "ebay",
                    "v1|7|0",
                    "https://e.x/7",
                    "Björk",
                    new BigDecimal("18.15"),
                    "USD",
                    "VG+",
                    "shop",
                    "GB",
                    1L << 40,
                    2L,
                    "{}"),
            new DevListingTaken(ID, true, false, 3),
            new DevRuleRun(ID, 20),
            new DevRuleRan(4, 3, 2, 1),
            new SearchAsked(ID, "björk debut", "request-1"),
            new SearchAnswered(
                    List.of(
                            new SearchHit(
                                    "ebay",
                                    "v1|7|0",
                                    "Björk",
                                    "https://e.x/7",
                                    new BigDecimal("18.15"),
                                    "USD",
                                    "Used",
                                    "shop",
                                    "GB",
                                    null),
                            new SearchHit(
                                    "discogs", "7", "Björk", "https://d.x/7", null, null, null, null, null, 1L << 40)),
                    true),
            new BusMessage.DiscogsLinkStart(ID, List.of("identity")),
            new BusMessage.DiscogsLinkStarted(
                    "https://www.discogs.com/x", "state", List.of("identity"), "2026-11-21T12:00Z"),
            new BusMessage.DiscogsLinkFinish(ID, "state", "verifier"),
            new BusMessage.DiscogsConnect(ID, "digger", "token", "{}"),
            new BusMessage.DiscogsLinked("digger", "2026-11-21T12:00Z"),
            new BusMessage.DiscogsDisconnect(ID),
            new BusMessage.DiscogsDisconnected(true),
            new BusMessage.DiscogsImport(ID, "both"),
            new BusMessage.DiscogsImportStarted(ID, true),
            new BusMessage.ReleaseMasterAsked(1L << 40, ID, "request"),
            new BusMessage.ReleaseMasterTold(null));

    @Test
    void every_message_crosses_the_wire_unchanged() {
        assertThat(ONE_OF_EACH).extracting(Object::getClass).containsExactlyInAnyOrder((Class[])
                BusMessage.class.getPermittedSubclasses());
        var codec = new BusMessageCodec();
        for (BusMessage message : ONE_OF_EACH) {
            Buffer buffer = Buffer.buffer("prefix");
            int position = buffer.length();
            codec.encodeToWire(buffer, message);
            assertThat(codec.decodeFromWire(position, buffer)).isEqualTo(message);
        }
    }

    @Test
    void printing_a_message_shows_no_secret() {
        assertThat(ONE_OF_EACH.toString()).doesNotContain("state", "verifier", "token");
    }

    @Test
    void fields_of_a_newer_writer_are_ignored_and_of_an_older_one_left_empty() {
        BusMessage newer = decode("{\"type\":\"WatchesChanged\",\"revision\":4,\"reason\":\"import\"}");
        BusMessage older = decode("{\"type\":\"PollAnswered\",\"pollId\":\"" + ID + "\"}");

        assertThat(newer).isEqualTo(new WatchesChanged(4));
        assertThat(older).isEqualTo(new PollAnswered(ID, null));
    }

    @Test
    void a_type_that_is_not_ours_is_refused() {
        assertThatThrownBy(() -> decode("{\"type\":\"java.lang.Runtime\"}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static BusMessage decode(String json) {
        return BusMessageCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
