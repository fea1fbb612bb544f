package io.waxwatch.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.standalone.output.RunInfo;
import io.waxwatch.standalone.process.PartFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sign-in that comes along, and one that the environment names. */
class WhoSignsInTest {

    @TempDir
    Path folder;

    private EmbeddedParts parts(Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("DATABASE_URL", TestDatabase.url(TestDatabase.fresh()));
        environment.put("REDIS_URL", "redis://127.0.0.1:1");
        environment.put("STANDALONE_DATA_DIRECTORY", folder.toString());
        environment.putAll(more);
        List<String> said = new ArrayList<>();
        return new EmbeddedParts(Settings.load(environment, Role.STANDALONE), said::add);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH_ISSUER, https://issuer.example/, https://issuer.example/",
        "SUPABASE_URL, https://p.supabase.example, https://p.supabase.example/auth/v1"
    })
    void an_issuer_that_the_environment_names_is_used_and_no_other_started(String name, String value, String issuer) {
        try (var parts = parts(Map.of(name, value))) {
            parts.start();
            assertThat(parts.environment().keySet()).noneMatch(variable -> variable.startsWith("AUTH_"));
            RunInfo info = parts.runInfo("http://127.0.0.1:1", 42);
            assertThat(info.hasCollector()).isFalse();
            assertThat(info.issuer()).isEqualTo(issuer);
            assertThat(parts.seedDemo(info).succeeded())
                    .as("nobody is asked for anything")
                    .isTrue();
        }
    }

    @Test
    void the_sign_in_that_comes_along_issues_tokens_for_the_audience_that_is_set() throws Exception {
        try (var parts = parts(Map.of("AUTH_AUDIENCE", "https://api.example"))) {
            parts.start();
            RunInfo info = parts.runInfo("http://127.0.0.1:1", 42);
            assertThat(info.issuer()).isEqualTo(parts.environment().get("AUTH_ISSUER"));
            assertThat(SignedJWT.parse(info.token()).getJWTClaimsSet().getAudience())
                    .containsExactly("https://api.example");
            assertThat(parts.environment()).doesNotContainKey("AUTH_AUDIENCE");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AUTH_JWKS_URL       | https://issuer.example/keys  | AUTH_JWKS_URL is set, and AUTH_ISSUER is not
            AUTH_TOKEN_URL      | https://issuer.example/token | AUTH_TOKEN_URL is set, and AUTH_ISSUER is not
            AUTH_JWT_ALGORITHMS | ES256                        | AUTH_JWT_ALGORITHMS leaves out RS256
            """)
    void half_an_issuer_is_refused_with_one_line(String name, String value, String line) {
        try (var parts = parts(Map.of(name, value))) {
            assertThatThrownBy(parts::start)
                    .isInstanceOf(PartFailedException.class)
                    .hasMessageStartingWith(line)
                    .message()
                    .hasLineCount(1);
        }
    }
}
