package io.waxwatch.common.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnabledProvidersTest {

    private static final Map<String, String> EBAY = Map.of("EBAY_CLIENT_ID", "id", "EBAY_CLIENT_SECRET", "secret");

    private static Settings settings(Map<String, String> credentials) {
        var environment = new HashMap<>(credentials);
        environment.put("ENVIRONMENT", "test");
        environment.put("DATABASE_URL", "postgresql://u@127.0.0.1:5432/waxwatch");
        return Settings.load(environment, Role.PROVIDER);
    }

    @Test
    void a_marketplace_without_its_credentials_is_disabled_and_says_what_is_missing() {
        var enabled = EnabledProviders.configured(settings(Map.of("DISCOGS_USER_AGENT", "WaxWatch/1.0")));

        assertThat(enabled.wireNames()).isEmpty();
        assertThat(enabled.whyDisabled(Provider.DISCOGS)).contains("missing required config: discogs_token");
        assertThat(enabled.whyDisabled(Provider.EBAY))
                .contains("missing required config: ebay_client_id, ebay_client_secret");
        assertThat(enabled.whyDisabled(Provider.SPOTIFY)).isPresent();
    }

    @Test
    void who_has_some_credentials_knows_and_who_has_none_takes_it_that_another_has_them() {
        assertThat(EnabledProviders.presumed(settings(EBAY)).wireNames()).containsExactly("ebay");
        assertThat(EnabledProviders.presumed(settings(EBAY)).whyDisabled(Provider.EBAY))
                .isEmpty();
        assertThat(EnabledProviders.presumed(settings(Map.of())).wireNames()).containsExactly("discogs", "ebay");
    }
}
