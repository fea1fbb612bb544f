package io.waxwatch.gateway.startpage;

import io.waxwatch.common.settings.Secret;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.InlinePage;
import java.net.URI;
import java.util.Map;

/**
 * What the API's address shows in a browser: signing in, the alerts as they come, and where everything else is. In
 * development the form is filled in with {@code START_PAGE_ACCOUNT}, and the mails are linked.
 */
public final class StartPage {

    private StartPage() {}

    /** Reads the page for these settings. */
    public static InlinePage of(Settings settings) {
        String account = settings.isDevelopment()
                ? settings.find(SettingsCatalog.START_PAGE_ACCOUNT)
                        .map(Secret::reveal)
                        .orElse("")
                : "";
        int colon = account.indexOf(':');
        String mails = settings.find(SettingsCatalog.START_PAGE_MAIL_URL)
                .map(URI::toString)
                .orElse("");
        return InlinePage.load(
                StartPage.class,
                Map.of(
                        "email", colon < 0 ? "" : account.substring(0, colon),
                        "password", colon < 0 ? "" : account.substring(colon + 1),
                        "mails", mails));
    }
}
