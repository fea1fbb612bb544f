package io.waxwatch.gateway.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.User;
import io.waxwatch.gateway.testing.TestIssuer;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which address a user has, by which token. */
class EmailAddressTest {

    private static TestGateway gateway;
    /** Tokens count in whole seconds; each of a test is a second younger than the one before. */
    private final AtomicLong issued = new AtomicLong(Instant.now().getEpochSecond() - 600);

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private JWTClaimsSet.Builder next(UUID user) {
        return gateway.issuer().claims(user).issueTime(Date.from(Instant.ofEpochSecond(issued.incrementAndGet())));
    }

    private User with(JWTClaimsSet.Builder claims) {
        return gateway.bearer(TestIssuer.sign(claims.build()));
    }

    private static JsonObject delivery(User user) {
        return user.get("/api/me").json().getJsonObject("email_delivery");
    }

    private static void assertDelivery(User user, String address, String source) {
        JsonObject delivery = delivery(user);
        assertThat(delivery.getString("address")).isEqualTo(address);
        assertThat(delivery.getString("source")).isEqualTo(source);
        assertThat(delivery.getString("reason")).isNotBlank();
    }

    private String address() {
        return UUID.randomUUID() + "@example.org";
    }

    private static String stored(UUID user) {
        return gateway.sql("SELECT email FROM users WHERE id = $1", user)
                .iterator()
                .next()
                .getString(0);
    }

    @Test
    void a_new_address_at_the_issuer_is_taken_with_the_next_token_and_an_older_token_brings_none_back() {
        String before = address();
        String after = address();
        User first = with(next(ann).claim("email", before));
        assertDelivery(first, before, "issuer");
        User second = with(next(ann).claim("email", after).claim("email_verified", true));
        assertDelivery(second, after, "issuer");
        assertThat(second.get("/api/me").json().getString("email")).isEqualTo(after);
        for (int i = 0; i < 3; i++) {
            assertDelivery(first, after, "issuer");
        }
    }

    @Test
    void what_has_not_changed_is_not_written() {
        String address = address();
        with(next(ann).claim("email", address)).get("/api/me");
        String version = "SELECT xmin::text::bigint FROM users WHERE id = $1";
        long before = gateway.count(version, ann);
        for (int i = 0; i < 3; i++) {
            with(next(ann).claim("email", address)).get("/api/me");
            with(next(ann)).get("/api/me");
            with(next(ann).claim("email", "")).get("/api/me");
        }
        assertThat(gateway.count(version, ann)).isEqualTo(before);
    }

    @Test
    void who_was_anonymous_first_gets_an_address_with_the_first_token_that_names_one() {
        User anonymous = with(next(ann).claim("email", "").claim("is_anonymous", true));
        assertDelivery(anonymous, null, "none");
        assertThat(anonymous.get("/api/me").json().getString("email")).isEqualTo("dev+" + ann + "@waxwatch.dev");
        String address = address();
        assertDelivery(with(next(ann).claim("email", address).claim("is_anonymous", false)), address, "issuer");
        assertDelivery(with(next(ann).claim("email", "")), address, "issuer");
    }

    @Test
    void an_address_that_is_known_not_to_be_verified_is_never_taken() {
        String known = address();
        String wanted = address();
        assertDelivery(with(next(ann).claim("email", known).claim("email_verified", true)), known, "issuer");
        User waiting = with(next(ann).claim("email", wanted).claim("email_verified", false));
        assertDelivery(waiting, known, "kept");
        assertDelivery(with(next(ann).claim("email", wanted).claim("email_verified", "false")), known, "kept");
        assertDelivery(with(next(ann).claim("email", wanted).claim("email_verified", true)), wanted, "issuer");

        User newcomer = with(next(bob).claim("email", address()).claim("email_verified", false));
        assertDelivery(newcomer, null, "unverified");
        String verified = address();
        assertDelivery(with(next(bob).claim("email", verified).claim("email_verified", true)), verified, "issuer");
    }

    @Test
    void nobody_takes_an_address_away_with_one_that_is_not_verified() {
        String address = address();
        User owner = with(next(ann).claim("email", address));
        assertDelivery(owner, address, "issuer");
        assertDelivery(with(next(bob).claim("email", address).claim("email_verified", false)), null, "unverified");
        assertDelivery(owner, address, "issuer");
    }

    @Test
    void who_has_the_address_by_the_later_token_has_it_and_the_former_owner_gets_their_own_when_they_come_back() {
        String address = address();
        assertDelivery(with(next(ann).claim("email", address)), address, "issuer");
        assertDelivery(with(next(bob).claim("email", address)), address, "issuer");
        assertThat(stored(ann)).isEqualTo("dev+" + ann + "@waxwatch.dev");
        assertDelivery(with(next(ann)), null, "superseded");

        String own = address();
        assertDelivery(with(next(ann).claim("email", own)), own, "issuer");
        assertThat(stored(bob)).isEqualTo(address);
    }

    @Test
    void an_old_token_takes_no_address_from_who_has_it_by_a_younger_one() {
        String address = address();
        JWTClaimsSet.Builder older = next(bob).claim("email", address);
        assertDelivery(with(next(ann).claim("email", address)), address, "issuer");
        User late = with(older);
        assertDelivery(late, null, "superseded");
        assertDelivery(late, null, "superseded");
        assertThat(stored(ann)).isEqualTo(address);
        String own = address();
        assertDelivery(with(next(bob).claim("email", own)), own, "issuer");
    }

    @Test
    void two_who_change_places_both_arrive() {
        String one = address();
        String two = address();
        with(next(ann).claim("email", one)).get("/api/me");
        with(next(bob).claim("email", two)).get("/api/me");
        User annAgain = with(next(ann).claim("email", two));
        User bobAgain = with(next(bob).claim("email", one));
        var both = java.util.List.of(
                annAgain.sending(io.vertx.core.http.HttpMethod.GET, "/api/me", null),
                bobAgain.sending(io.vertx.core.http.HttpMethod.GET, "/api/me", null));
        TestNode.await(io.vertx.core.Future.all(both));
        TestNode.eventually(
                "both have theirs",
                30_000,
                () -> two.equals(delivery(annAgain).getString("address"))
                        && one.equals(delivery(bobAgain).getString("address")));
    }

    @Test
    void two_who_change_places_both_arrive_also_where_the_younger_token_comes_first() {
        String one = address();
        String two = address();
        with(next(ann).claim("email", one)).get("/api/me");
        with(next(bob).claim("email", two)).get("/api/me");
        User older = with(next(ann).claim("email", two));
        assertDelivery(with(next(bob).claim("email", one)), one, "issuer");
        assertDelivery(older, two, "issuer");
        assertThat(stored(bob)).isEqualTo(one);
    }

    @Test
    void what_no_mail_can_be_sent_to_is_no_address() {
        for (String useless : new String[] {"ann", "a b@example.org", "@", " "}) {
            UUID user = UUID.randomUUID();
            assertDelivery(with(next(user).claim("email", useless)), null, "none");
        }
    }

    @Test
    void tokens_that_do_not_tell_their_age_are_believed_where_no_other_has_been() {
        String first = address();
        String second = address();
        assertDelivery(with(gateway.issuer().claims(ann).issueTime(null).claim("email", first)), first, "issuer");
        assertDelivery(with(gateway.issuer().claims(ann).issueTime(null).claim("email", second)), second, "issuer");
        String dated = address();
        assertDelivery(with(next(ann).claim("email", dated)), dated, "issuer");
        assertDelivery(with(gateway.issuer().claims(ann).issueTime(null).claim("email", first)), dated, "issuer");
        assertDelivery(with(gateway.issuer().claims(bob).issueTime(null).claim("email", dated)), null, "superseded");
    }

    @Test
    void a_token_from_before_a_sign_out_changes_nothing() {
        String address = address();
        User ours = with(gateway.issuer().claims(ann).claim("email", address));
        assertDelivery(ours, address, "issuer");
        JWTClaimsSet.Builder old = gateway.issuer().claims(ann).claim("email", address());
        assertThat(ours.post("/api/me/logout", null).status()).isEqualTo(200);
        assertThat(with(old).get("/api/me").status()).isEqualTo(401);
        assertThat(stored(ann)).isEqualTo(address);
    }
}
