package io.waxwatch.common.settings;

import java.util.regex.Pattern;

/**
 * The last net: takes passwords out of the URLs in a text that somebody will read. Whoever writes a message leaves them out
 * anyway; libraries, whose exceptions repeat what they were given, do not.
 */
public final class UrlPasswords {

    /** Up to the last '@' of the word, since a password that breaks a URL is the very one that is repeated. */
    private static final Pattern USER_INFO = Pattern.compile("://([^\\s\"'<>@:/]*):[^\\s\"]*@");

    /** In a web address the name alone may be the credential. */
    private static final Pattern WEB_USER = Pattern.compile("(https?)://[^\\s\"'<>/?#@:]+@", Pattern.CASE_INSENSITIVE);

    private static final Pattern PARAMETER =
            Pattern.compile("([?&](?:[a-z_]*password|token|secret)=)[^\\s\"&]+", Pattern.CASE_INSENSITIVE);

    private UrlPasswords() {}

    /** The same text, and the same object when it holds no URL with a password. */
    public static String masked(String text) {
        if (!text.contains("://")) {
            return text;
        }
        String result = text;
        if (text.indexOf('@') >= 0) {
            result = USER_INFO.matcher(result).replaceAll("://$1:" + Secret.REDACTED + "@");
            result = WEB_USER.matcher(result).replaceAll("$1://" + Secret.REDACTED + "@");
        }
        if (text.indexOf('=') >= 0) {
            result = PARAMETER.matcher(result).replaceAll("$1" + Secret.REDACTED);
        }
        return result;
    }
}
