package io.waxwatch.provider.discogs.accountlink;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.secrets.LocalTokenCipher;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.provider.discogs.accountlink.TokenSealing.Done;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class TokenSealingTest {

    /** More than two batches. */
    private static final int LINKS = 230;

    private static final LocalTokenCipher OLD = new LocalTokenCipher(key(1));
    private static final LocalTokenCipher NEW = new LocalTokenCipher(key(2));

    private TestNode node;
    private AccountLinkStore store;

    private static byte[] key(int fill) {
        byte[] key = new byte[LocalTokenCipher.KEY_BYTES];
        key[0] = (byte) fill;
        return key;
    }

    @BeforeEach
    void start() {
        node = TestNode.start(Role.PROVIDER, Map.of());
        store = new AccountLinkStore(node.database());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** Seals with the new key, opens what either has sealed, and fails after so many texts. */
    private static final class Both implements TokenCipher {

        private int left;

        Both(int left) {
            this.left = left;
        }

        @Override
        public Future<String> seal(String plain, UUID owner) {
            if (left-- <= 0) {
                return Future.failedFuture(new KeyUnavailable(KeyUnavailable.Reason.AWAY));
            }
            return NEW.seal(plain, owner);
        }

        @Override
        public Future<String> open(String envelope, UUID owner) {
            if (envelope.startsWith("enc:v3:")) {
                return Future.failedFuture(new KeyUnavailable(KeyUnavailable.Reason.DENIED));
            }
            return NEW.open(envelope, owner).recover(other -> OLD.open(envelope, owner));
        }

        @Override
        public Future<String> currentPrefix() {
            return NEW.currentPrefix();
        }
    }

    private UUID link(String token, JsonObject metadata) {
        UUID user = node.user(UUID.randomUUID() + "@example.com");
        await(node.database()
                .query(
                        "INSERT INTO external_account_links (id, user_id, provider, external_user_id, access_token, token_metadata,"
                                + " connected_at, created_at, updated_at)"
                                + " VALUES (gen_random_uuid(), $1, 'discogs', 'digger', $2, $3, now(), now(), now())",
                        Tuple.of(user, token, metadata)));
        return user;
    }

    private UUID sealedLink(String plain) {
        UUID user = link(null, null);
        put(user, await(OLD.seal(plain, user)));
        return user;
    }

    private void put(UUID user, String token) {
        await(node.database()
                .query(
                        "UPDATE external_account_links SET access_token = $2 WHERE user_id = $1",
                        Tuple.of(user, token)));
    }

    private String token(UUID user) {
        return await(node.database()
                        .query("SELECT access_token FROM external_account_links WHERE user_id = $1", Tuple.of(user)))
                .iterator()
                .next()
                .getString(0);
    }

    private long fresh() {
        return await(node.database()
                        .query(
                                "SELECT count(*) FROM external_account_links WHERE access_token LIKE $1 || '%'",
                                Tuple.of(await(NEW.currentPrefix()))))
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void a_rotation_that_is_stopped_anywhere_goes_on_where_it_was() {
        UUID last = null;
        for (int i = 0; i < LINKS; i++) {
            last = sealedLink("token " + i);
        }
        for (int stop : new int[] {1, 99, 120}) {
            assertThat(catchThrowable(() -> await(new TokenSealing(store, new Both(stop)).rotate())))
                    .isInstanceOf(TokenCipher.KeyUnavailable.class);
        }
        assertThat(fresh()).isEqualTo(220);

        Done done = await(new TokenSealing(store, new Both(LINKS)).rotate());

        assertThat(done).isEqualTo(new Done(10, 0, 0, 0));
        assertThat(fresh()).isEqualTo(LINKS);
        assertThat(await(NEW.open(token(last), last))).isEqualTo("token " + (LINKS - 1));
        assertThat(await(new TokenSealing(store, new Both(0)).rotate())).isEqualTo(Done.NOTHING);
    }

    @Test
    void a_link_that_was_made_anew_meanwhile_keeps_its_new_token() {
        UUID user = sealedLink("before");
        String newer = await(OLD.seal("after", user));
        TokenCipher slow = new TokenCipher() {
            private boolean changed;

            @Override
            public Future<String> seal(String plain, UUID owner) {
                if (changed) {
                    return NEW.seal(plain, owner);
                }
                changed = true;
                return node.database()
                        .query(
                                "UPDATE external_account_links SET access_token = $2 WHERE user_id = $1",
                                Tuple.of(user, newer))
                        .compose(put -> NEW.seal(plain, owner));
            }

            @Override
            public Future<String> open(String envelope, UUID owner) {
                return OLD.open(envelope, owner);
            }

            @Override
            public Future<String> currentPrefix() {
                return NEW.currentPrefix();
            }
        };

        assertThat(await(new TokenSealing(store, slow).rotate())).isEqualTo(new Done(1, 0, 0, 0));
        assertThat(await(NEW.open(token(user), user))).isEqualTo("after");
    }

    @Test
    void envelopes_in_the_metadata_are_rotated_too() {
        UUID user = link(null, null);
        var metadata = new JsonObject()
                .put("note", "kept")
                .put("deep", new JsonObject().put("client_secret", await(OLD.seal("hush", user))));
        await(node.database()
                .query(
                        "UPDATE external_account_links SET access_token = $2, token_metadata = $3 WHERE user_id = $1",
                        Tuple.of(user, await(NEW.seal("t", user)), metadata)));

        assertThat(await(new TokenSealing(store, new Both(9)).rotate())).isEqualTo(new Done(1, 0, 0, 0));

        JsonObject after = await(node.database()
                        .query("SELECT token_metadata FROM external_account_links WHERE user_id = $1", Tuple.of(user)))
                .iterator()
                .next()
                .getJsonObject(0);
        assertThat(after.getString("note")).isEqualTo("kept");
        assertThat(await(NEW.open(after.getJsonObject("deep").getString("client_secret"), user)))
                .isEqualTo("hush");
    }

    @Test
    void what_cannot_be_opened_stays_as_it_is_and_holds_up_nobody() {
        UUID broken = sealedLink("x");
        String theirs = token(sealedLink("y"));
        put(broken, theirs);
        UUID waits = link("enc:v3:00000000:AAAA", null);

        Done done = await(new TokenSealing(store, new Both(9)).rotate());

        assertThat(done).isEqualTo(new Done(1, 0, 1, 1));
        assertThat(token(broken)).isEqualTo(theirs);
        assertThat(token(waits)).isEqualTo("enc:v3:00000000:AAAA");
        assertThat(ReencryptMain.words(done)).contains("sealed anew: 1", "Unreadable: 1", "at present: 1");
    }
}
