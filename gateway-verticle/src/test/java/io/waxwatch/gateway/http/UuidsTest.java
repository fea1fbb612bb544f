package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UuidsTest {

    @Test
    void names_are_the_ids_that_any_other_implementation_of_version_5_gives_them() {
        // Python: uuid.uuid5(uuid.NAMESPACE_URL, ...)
        assertThat(Uuids.named("https://tenant.example/#auth0|64f0c0ffee"))
                .hasToString("5f3459eb-f12d-59a8-891f-9ae0c873627d");
    }
}
