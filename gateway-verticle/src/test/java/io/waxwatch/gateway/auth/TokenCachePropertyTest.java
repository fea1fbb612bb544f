package io.waxwatch.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.testing.TestNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * A remembered token is let in exactly when verifying it anew would let it in: whatever the time, also when it steps back, and
 * whatever keys the issuer adds, removes, or replaces under the same id, and while it is down.
 */
class TokenCachePropertyTest {

    private static final Instant BASE = Instant.parse("2026-11-21T12:00:00Z");
    private static final Settings SETTINGS = Settings.load(
            Map.of(
                    "AUTH_ISSUER",
                    "https://issuer.example",
                    "AUTH_JWKS_CACHE_TTL_SECONDS",
                    "60",
                    "AUTH_CLOCK_SKEW_SECONDS",
                    "30"),
            Role.STANDALONE);
    private static final Vertx VERTX = Vertx.vertx();
    private static final RSAKey FIRST = key("first");
    private static final RSAKey SECOND = key("second");
    private static final RSAKey FIRST_REPLACED = key("first");
    /** What the issuer may publish; null when it is down. */
    private static final List<List<RSAKey>> PUBLISHED =
            List.of(List.of(FIRST), List.of(FIRST, SECOND), List.of(SECOND), List.of(FIRST_REPLACED), List.of());

    private static final List<String> TOKENS = tokens();

    private sealed interface Step {}

    private record Pass(int seconds) implements Step {}

    private record Publish(int which) implements Step {}

    private record Use(int token) implements Step {}

    /** Of one run. */
    private static final class World extends Clock {
        private final Deque<Promise<KeySet>> flights = new ArrayDeque<>();
        private final Jwks jwks = new Jwks(this::fly, Duration.ofSeconds(60), this::nanos);
        private final TokenVerifier remembering = new TokenVerifier(SETTINGS, this, jwks);
        private long seconds;
        private long monotonic;
        private int published;

        private Future<KeySet> fly() {
            Promise<KeySet> flight = Promise.promise();
            flights.add(flight);
            return flight.future();
        }

        private long nanos() {
            return Duration.ofSeconds(monotonic).toNanos();
        }

        private void land() {
            while (!flights.isEmpty()) {
                List<RSAKey> keys = PUBLISHED.get(published);
                if (keys.isEmpty()) {
                    flights.remove().fail("down");
                } else {
                    flights.remove()
                            .complete(KeySet.parse(
                                    VERTX,
                                    new JsonObject(new JWKSet(new ArrayList<>(keys))
                                            .toPublicJWKSet()
                                            .toString()),
                                    new ClaimsCheck(SETTINGS, this, new TokenRefusals(System::nanoTime)).rules()));
                }
            }
        }

        private void use(String token) {
            Future<Caller> remembered = remembering.verify("Bearer " + token);
            Future<Caller> anew = new TokenVerifier(SETTINGS, this, jwks).verify("Bearer " + token);
            land();
            assertThat(remembered.isComplete() && anew.isComplete()).isTrue();
            assertThat(remembered.succeeded()).isEqualTo(anew.succeeded());
            assertThat(remembered.result()).isEqualTo(anew.result());
        }

        @Override
        public Instant instant() {
            return BASE.plusSeconds(seconds);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @AfterContainer
    static void close() {
        TestNode.await(VERTX.close());
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> pass = Arbitraries.oneOf(
                        Arbitraries.integers().between(-90, 90),
                        Arbitraries.integers().between(0, 10))
                .map(Pass::new);
        Arbitrary<Step> publish =
                Arbitraries.integers().between(0, PUBLISHED.size() - 1).map(Publish::new);
        Arbitrary<Step> use =
                Arbitraries.integers().between(0, TOKENS.size() - 1).map(Use::new);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(3, pass),
                        net.jqwik.api.Tuple.of(1, publish),
                        net.jqwik.api.Tuple.of(5, use))
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void remembers_nothing_that_verification_would_refuse(@ForAll("steps") List<Step> steps) {
        var world = new World();
        for (Step step : steps) {
            if (step instanceof Pass pass) {
                world.seconds += pass.seconds();
                world.monotonic += Math.max(0, pass.seconds());
            } else if (step instanceof Publish publish) {
                world.published = publish.which();
            } else if (step instanceof Use use) {
                world.use(TOKENS.get(use.token()));
            }
        }
    }

    private static List<String> tokens() {
        var tokens = new ArrayList<String>();
        for (RSAKey key : List.of(FIRST, SECOND, FIRST_REPLACED)) {
            tokens.add(token(key, 0, 60));
            tokens.add(token(key, -600, 100_000));
            tokens.add(token(key, 45, 200));
        }
        return tokens;
    }

    private static String token(RSAKey key, int notBefore, int expires) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    new JWTClaimsSet.Builder()
                            .issuer("https://issuer.example")
                            .audience("authenticated")
                            .subject(UUID.randomUUID().toString())
                            .notBeforeTime(Date.from(BASE.plusSeconds(notBefore)))
                            .expirationTime(Date.from(BASE.plusSeconds(expires)))
                            .build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
