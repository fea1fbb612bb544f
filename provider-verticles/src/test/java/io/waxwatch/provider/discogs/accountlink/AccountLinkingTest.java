package io.waxwatch.provider.discogs.accountlink;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.waxwatch.common.bus.BusMessage;
import io.waxwatch.common.bus.BusMessage.DiscogsConnect;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnect;
import io.waxwatch.common.bus.BusMessage.DiscogsImport;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkFinish;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStart;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinked;
import io.waxwatch.common.bus.RequestTopic;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.secrets.LocalTokenCipher;
import io.waxwatch.provider.polls.RunningProvider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class AccountLinkingTest {

    /** Of development environments, by {@link io.waxwatch.common.secrets.TokenKeys}. */
    private static final byte[] KEY = "waxwatch development token key!!".getBytes(StandardCharsets.US_ASCII);

    private static RunningProvider provider;

    private UUID ann;

    @BeforeAll
    static void start() {
        provider = RunningProvider.start(Map.of());
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    @BeforeEach
    void arrive() {
        ann = provider.node.user(UUID.randomUUID() + "@example.com");
    }

    @AfterEach
    void calm() {
        provider.noFault();
        await(provider.node.database().query("DELETE FROM external_account_links", io.vertx.sqlclient.Tuple.tuple()));
    }

    private <Q extends BusMessage, A extends BusMessage> A ask(RequestTopic<Q, A> topic, Q question) {
        return await(provider.node.node().bus().ask(topic, question));
    }

    private <Q extends BusMessage, A extends BusMessage> Failure refused(RequestTopic<Q, A> topic, Q question) {
        return (Failure) catchThrowable(() -> ask(topic, question));
    }

    private DiscogsLinkStarted begin(UUID user) {
        return ask(Topics.DISCOGS_LINK_START, new DiscogsLinkStart(user, List.of()));
    }

    private static String verifier(String location) {
        return location.substring(location.indexOf("oauth_verifier=") + "oauth_verifier=".length());
    }

    private DiscogsLinked link(UUID user) {
        DiscogsLinkStarted begun = begin(user);
        String code = verifier(provider.agree(begun.authorizeUrl()));
        return ask(Topics.DISCOGS_LINK_FINISH, new DiscogsLinkFinish(user, begun.state(), code));
    }

    private Row row(UUID user) {
        return provider.row(
                "SELECT external_user_id, access_token, token_type, scopes::text, token_metadata::text, refresh_token"
                        + " FROM external_account_links WHERE user_id = $1",
                user);
    }

    @Test
    void an_account_is_linked_in_three_steps_and_its_token_is_sealed() {
        DiscogsLinkStarted begun = begin(ann);
        assertThat(begun.authorizeUrl()).startsWith("https://www.discogs.com/oauth/authorize?oauth_token=");
        assertThat(begun.state()).matches("[A-Za-z0-9_-]{32}");
        assertThat(begun.scopes()).containsExactly("identity", "wantlist", "collection");

        String back = provider.agree(begun.authorizeUrl());
        assertThat(back)
                .startsWith("http://localhost:8000/api/integrations/discogs/oauth/return?state=" + begun.state() + "&");
        DiscogsLinked linked =
                ask(Topics.DISCOGS_LINK_FINISH, new DiscogsLinkFinish(ann, begun.state(), verifier(back)));

        assertThat(linked.externalUserId()).isEqualTo("sandbox-collector");
        Row row = row(ann);
        assertThat(row.getString(1)).startsWith("enc:v2:").doesNotContain("sandbox-access");
        assertThat(row.getString(2)).isEqualTo("oauth1");
        assertThat(row.getString(3)).isEqualTo("[\"identity\", \"wantlist\", \"collection\"]");
        assertThat(provider.count("SELECT count(*) FROM discogs_authorizations WHERE user_id = $1", ann))
                .isZero();
    }

    @Test
    void beginning_anew_leaves_a_working_link_alone_and_tabs_do_not_disturb_each_other() {
        link(ann);
        String token = row(ann).getString(1);
        DiscogsLinkStarted first = begin(ann);
        DiscogsLinkStarted second = begin(ann);
        assertThat(row(ann).getString(1)).isEqualTo(token);

        String code = verifier(provider.agree(first.authorizeUrl()));
        ask(Topics.DISCOGS_LINK_FINISH, new DiscogsLinkFinish(ann, first.state(), code));
        String other = verifier(provider.agree(second.authorizeUrl()));
        ask(Topics.DISCOGS_LINK_FINISH, new DiscogsLinkFinish(ann, second.state(), other));

        assertThat(provider.count("SELECT count(*) FROM external_account_links WHERE user_id = $1", ann))
                .isEqualTo(1);
        assertThat(row(ann).getString(1)).isNotEqualTo(token);
    }

    @Test
    void a_state_is_good_for_its_user_once_and_for_a_while() {
        assertThat(finish(ann, "never-given", "x"))
                .isEqualTo("UNMET OAuth session not started; begin anew by POST /api/integrations/discogs/oauth/start");
        DiscogsLinkStarted begun = begin(ann);
        String code = verifier(provider.agree(begun.authorizeUrl()));
        assertThat(finish(ann, "another-state", code))
                .isEqualTo("UNMET Invalid OAuth state; begin anew by POST /api/integrations/discogs/oauth/start");
        UUID ben = provider.node.user(UUID.randomUUID() + "@example.com");
        assertThat(finish(ben, begun.state(), code))
                .isEqualTo("UNMET OAuth session not started; begin anew by POST /api/integrations/discogs/oauth/start");

        provider.execute("UPDATE discogs_authorizations SET expires_at = now() WHERE user_id = $1", ann);
        assertThat(finish(ann, begun.state(), code))
                .isEqualTo("UNMET OAuth state expired; begin anew by POST /api/integrations/discogs/oauth/start");
        provider.execute(
                "UPDATE discogs_authorizations SET expires_at = now() + interval '1 minute' WHERE user_id = $1", ann);

        ask(Topics.DISCOGS_LINK_FINISH, new DiscogsLinkFinish(ann, begun.state(), code));
        assertThat(finish(ann, begun.state(), code))
                .isEqualTo("UNMET OAuth session not started; begin anew by POST /api/integrations/discogs/oauth/start");
    }

    private String finish(UUID user, String state, String code) {
        Failure failure = refused(Topics.DISCOGS_LINK_FINISH, new DiscogsLinkFinish(user, state, code));
        return failure.kind() + " " + failure.getMessage();
    }

    @ParameterizedTest
    @CsvSource({
        "/oauth/request_token, status, Discogs request token failed",
        "/oauth/request_token, garble, Discogs request token failed",
        "/oauth/request_token, silent, Discogs request token failed"
    })
    void a_beginning_that_discogs_does_not_answer_is_an_upstream_failure(String path, String mode, String message) {
        fault(path, mode);
        Failure failure = refused(Topics.DISCOGS_LINK_START, new DiscogsLinkStart(ann, List.of()));
        assertThat(failure).hasMessage(message);
        assertThat(failure.kind()).isEqualTo(FailureKind.UPSTREAM);
        assertThat(provider.count("SELECT count(*) FROM discogs_authorizations WHERE user_id = $1", ann))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/oauth/access_token, status, Discogs token exchange failed",
        "/oauth/access_token, half-body, Discogs token exchange failed",
        "/oauth/access_token, rate-limit, Discogs token exchange failed",
        "/oauth/identity, status, Discogs identity lookup failed",
        "/oauth/identity, rate-limit, Discogs identity lookup failed",
        "/oauth/identity, garble, Discogs identity missing username"
    })
    void what_fails_on_the_way_back_says_where_and_links_nothing(String path, String mode, String message) {
        DiscogsLinkStarted begun = begin(ann);
        String code = verifier(provider.agree(begun.authorizeUrl()));
        fault(path, mode);

        assertThat(finish(ann, begun.state(), code)).isEqualTo("UPSTREAM " + message);
        assertThat(provider.count("SELECT count(*) FROM external_account_links WHERE user_id = $1", ann))
                .isZero();
    }

    private static void fault(String path, String mode) {
        provider.fault(new JsonObject()
                .put("provider", "discogs")
                .put("mode", mode)
                .put("pathPrefix", path)
                // A 429 that names no time would keep everybody away for a minute.
                .put("retryAfter", mode.equals("rate-limit") ? 1 : 0)
                .put("times", 1));
    }

    @Test
    void a_wrong_verifier_is_refused_by_discogs() {
        DiscogsLinkStarted begun = begin(ann);
        provider.agree(begun.authorizeUrl());
        assertThat(finish(ann, begun.state(), "a guess")).isEqualTo("UPSTREAM Discogs token exchange failed");
    }

    @Test
    void a_personal_token_must_be_that_accounts_own() {
        DiscogsLinked linked = ask(
                Topics.DISCOGS_LINK_CONNECT,
                new DiscogsConnect(
                        ann,
                        "Sandbox-Collector",
                        "sandbox-token",
                        "{\"note\":\"mine\",\"refresh_token\":\"hush\",\"Access_Token\":\"hush\"}"));
        assertThat(linked.externalUserId()).isEqualTo("sandbox-collector");
        assertThat(row(ann).getString(1)).startsWith("enc:v2:").doesNotContain("sandbox-token");
        assertThat(row(ann).getString(4)).isEqualTo("{\"note\": \"mine\"}");
        String sealed = row(ann).getString(1);

        for (DiscogsConnect bad : List.of(
                new DiscogsConnect(ann, "somebody-else", "sandbox-token", null),
                new DiscogsConnect(ann, "sandbox-collector", "a-guess", null),
                new DiscogsConnect(ann, "sandbox-collector", "a\r\nheader: x", null))) {
            Failure failure = refused(Topics.DISCOGS_LINK_CONNECT, bad);
            assertThat(failure.kind()).isEqualTo(FailureKind.CALLER);
            assertThat(failure)
                    .hasMessageStartingWith("access_token is not a token of this Discogs account; make one at Discogs");
        }
        assertThat(row(ann).getString(1)).isEqualTo(sealed);
    }

    @Test
    void an_account_without_a_token_is_stored_and_takes_none_away() {
        ask(Topics.DISCOGS_LINK_CONNECT, new DiscogsConnect(ann, "sandbox-collector", "sandbox-token", null));
        String sealed = row(ann).getString(1);
        ask(Topics.DISCOGS_LINK_CONNECT, new DiscogsConnect(ann, "SANDBOX-collector", null, null));
        assertThat(row(ann).getString(1)).isEqualTo(sealed);
        ask(Topics.DISCOGS_LINK_CONNECT, new DiscogsConnect(ann, "another", null, null));
        assertThat(row(ann).getString(1)).isNull();
    }

    @Test
    void disconnecting_removes_the_token_and_what_was_under_way() {
        link(ann);
        begin(ann);
        assertThat(ask(Topics.DISCOGS_LINK_DISCONNECT, new DiscogsDisconnect(ann))
                        .disconnected())
                .isTrue();
        assertThat(provider.count("SELECT count(*) FROM external_account_links WHERE user_id = $1", ann))
                .isZero();
        assertThat(provider.count("SELECT count(*) FROM discogs_authorizations WHERE user_id = $1", ann))
                .isZero();
        assertThat(ask(Topics.DISCOGS_LINK_DISCONNECT, new DiscogsDisconnect(ann))
                        .disconnected())
                .isFalse();
    }

    @Test
    void no_log_line_and_no_recorded_call_shows_a_secret() {
        var root = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var ours = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.waxwatch");
        Level before = ours.getLevel();
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        root.addAppender(lines);
        ours.setLevel(Level.DEBUG);
        try {
            link(ann);
            DiscogsLinkStarted begun = begin(ann);
            String code = verifier(provider.agree(begun.authorizeUrl()));
            fault("/oauth/access_token", "status");
            finish(ann, begun.state(), code);
            ask(Topics.DISCOGS_LINK_CONNECT, new DiscogsConnect(ann, "sandbox-collector", "sandbox-token", null));
        } finally {
            ours.setLevel(before);
            root.detachAppender(lines);
        }
        assertThat(lines.list).extracting(ILoggingEvent::getMessage).contains("discogs.link.connected");
        for (ILoggingEvent line : List.copyOf(lines.list)) {
            assertThat(line.getFormattedMessage() + java.util.Arrays.toString(line.getArgumentArray()))
                    .doesNotContain(
                            "sandbox-access", "sandbox-request-", "verifier-", "sandbox-token", "consumer-secret");
        }
        io.waxwatch.common.testing.TestNode.eventually(
                "calls are recorded",
                8000,
                () -> provider.count("SELECT count(*) FROM provider_requests WHERE endpoint = '/oauth/access_token'")
                        > 1);
        assertThat(
                        provider.count(
                                "SELECT count(*) FROM provider_requests p WHERE p::text ~ 'sandbox-(access|request|token)|verifier-'"))
                .isZero();
    }

    @Test
    void what_an_adopted_database_holds_in_plain_text_is_sealed_at_the_start() {
        UUID old = provider.node.user(UUID.randomUUID() + "@example.com");
        provider.execute("""
                INSERT INTO external_account_links (id, user_id, provider, external_user_id, access_token, refresh_token,
                    token_metadata, connected_at, created_at, updated_at)
                VALUES (gen_random_uuid(), $1, 'discogs', 'sandbox-collector', 'sandbox-token', 'plain',
                        '{"refresh_token": "plain", "kept": 1}', now(), now(), now())
                """, old);
        try (var again = provider.another()) {
            again.deploy();
            Row row = row(old);
            assertThat(row.getString(1)).startsWith("enc:v2:");
            assertThat(row.getString(4)).isEqualTo("{\"kept\": 1}");
            assertThat(row.getString(5)).isNull();
        }
    }

    @Test
    void secrets_in_adopted_metadata_are_sealed_where_they_stand() {
        UUID old = adopted("'" + envelope("sandbox-token", ann) + "'", """
                {"access_token_secret": "hush", "refresh_token": "hush", "kept": 1, "exact": 0.1234567890123456789010, "token_type": "bearer",
                 "deeper": [{"Client_Secret": "hush", "access_token": "hush", "note": "kept"}], "oauth_token": ""}
                """);
        try (var again = provider.another()) {
            again.deploy();
            var metadata = new JsonObject(row(old).getString(4));
            assertThat(metadata.encode()).doesNotContain("hush");
            assertThat(metadata.getString("access_token_secret")).startsWith("enc:v2:");
            assertThat(metadata.getInteger("kept")).isEqualTo(1);
            assertThat(row(old).getString(4)).contains("\"exact\": 0.1234567890123456789010");
            assertThat(metadata.getString("token_type")).isEqualTo("bearer");
            assertThat(metadata.getJsonArray("deeper").getJsonObject(0).fieldNames())
                    .containsExactlyInAnyOrder("Client_Secret", "note");
            assertThat(metadata.containsKey("refresh_token")).isFalse();
            String sealedOnce = row(old).getString(4);
            try (var further = provider.another()) {
                further.deploy();
                assertThat(row(old).getString(4)).isEqualTo(sealedOnce);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"text\"", "7", "[]", "[\"refresh_token\"]", "{}", "{\"refresh_token\": null}"})
    void metadata_of_any_shape_keeps_nobody_from_starting(String metadata) {
        UUID old = adopted("'sandbox-token'", metadata);
        try (var again = provider.another()) {
            again.deploy();
            assertThat(row(old).getString(1)).startsWith("enc:v2:");
            assertThat(await(new LocalTokenCipher(KEY).open(row(old).getString(1), old)))
                    .isEqualTo("sandbox-token");
        }
    }

    @Test
    void a_token_that_came_back_in_the_former_systems_envelope_is_not_wrapped_twice() {
        UUID user = provider.node.user(UUID.randomUUID() + "@example.com");
        String ours = envelope("sandbox-token", user);
        String theirs = "enc:v1:local-dev:" + Fernet.seal(KEY, ours);
        UUID back = adopted(user, "'" + theirs + "'", "null");
        UUID other = provider.node.user(UUID.randomUUID() + "@example.com");
        UUID twice = adopted(other, "'" + envelope(envelope("sandbox-token", other), other) + "'", "null");
        try (var again = provider.another()) {
            again.deploy();
            assertThat(await(new LocalTokenCipher(KEY).open(row(back).getString(1), back)))
                    .isEqualTo("sandbox-token");
            // What an earlier version has wrapped twice is opened to its end where it is used.
            await(again.node().bus().ask(Topics.DISCOGS_IMPORT_START, new DiscogsImport(twice, "wantlist")));
            io.waxwatch.common.testing.TestNode.eventually(
                    "the import has read the list with that token",
                    30_000,
                    () -> provider.count(
                                    "SELECT count(*) FROM import_jobs WHERE user_id = $1 AND status = 'completed'",
                                    twice)
                            == 1);
        }
    }

    private UUID adopted(String token, String metadata) {
        return adopted(provider.node.user(UUID.randomUUID() + "@example.com"), token, metadata);
    }

    private UUID adopted(UUID user, String token, String metadata) {
        provider.execute("""
                INSERT INTO external_account_links (id, user_id, provider, external_user_id, access_token, refresh_token,
                    token_metadata, connected_at, created_at, updated_at)
                VALUES (gen_random_uuid(), $1, 'discogs', 'sandbox-collector', %s, 'plain', '%s', now(), now(), now())
                """.formatted(token, metadata), user);
        return user;
    }

    private static String envelope(String plain, UUID owner) {
        return await(new LocalTokenCipher(KEY).seal(plain, owner));
    }

    @Test
    void without_credentials_or_a_key_who_asks_is_told_why() {
        try (var none = provider.another(Map.of("DISCOGS_OAUTH_CLIENT_ID", "", "DISCOGS_OAUTH_CLIENT_SECRET", ""))) {
            none.deploy();
            Failure failure = (Failure) catchThrowable(() ->
                    await(none.node().bus().ask(Topics.DISCOGS_LINK_START, new DiscogsLinkStart(ann, List.of()))));
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure)
                    .hasMessage("Discogs account linking is disabled: missing required config: discogs_oauth_client_id,"
                            + " discogs_oauth_client_secret");
        }
        try (var production = provider.another(Map.of("ENVIRONMENT", "prod", "TOKEN_CRYPTO_KMS_KEY_ID", "key"))) {
            production.deploy();
            Failure failure = (Failure) catchThrowable(() -> await(production
                    .node()
                    .bus()
                    .ask(
                            Topics.DISCOGS_LINK_CONNECT,
                            new DiscogsConnect(ann, "sandbox-collector", "sandbox-token", null))));
            assertThat(failure)
                    .hasMessage("Discogs account linking is disabled: missing required config:"
                            + " token_crypto_kms_region");
            assertThat(await(production.node().bus().ask(Topics.DISCOGS_LINK_DISCONNECT, new DiscogsDisconnect(ann)))
                            .disconnected())
                    .isFalse();
        }
    }
}
