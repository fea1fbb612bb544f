package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.common.settings.DatabaseAddress.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

class DatabaseAddressPropertyTest {

    @Property
    void reads_back_any_user_password_and_database(
            @ForAll @NotEmpty String user, @ForAll String password, @ForAll @NotEmpty String database) {
        String text = "postgresql://" + encoded(user) + ":" + encoded(password) + "@h/" + encoded(database);
        boolean impossible = (user + password + database).indexOf('\0') >= 0;

        if (impossible) {
            assertThatThrownBy(() -> DatabaseAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(DatabaseAddress.parse(text))
                    .isEqualTo(new DatabaseAddress(
                            "h",
                            5432,
                            wellFormed(database),
                            wellFormed(user),
                            wellFormed(password),
                            SslMode.PREFER,
                            Optional.empty()));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Half a surrogate pair has no UTF-8; encoding makes a question mark of it. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
