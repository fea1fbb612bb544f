package io.waxwatch.standalone.output;

import java.util.UUID;

/**
 * Where a running standalone is, for people and scripts. URLs have no slash at the end.
 *
 * @param apiUrl the gateway
 * @param token the demo collector's bearer token; null where an issuer of the operator's own signs people in, which does not know her
 * @param userId the demo collector; null without her
 * @param email the address with which she signs in; null without her
 * @param password and her password; null without her
 * @param issuer who signs people in
 * @param mailUrl the page that shows the mails
 * @param sandboxUrl the marketplace sandbox
 * @param pid the process to signal
 */
public record RunInfo(
        String apiUrl,
        String token,
        UUID userId,
        String email,
        String password,
        String issuer,
        String mailUrl,
        String sandboxUrl,
        long pid) {

    /** Of a run whose issuer is not ours. */
    public static RunInfo withoutCollector(String apiUrl, String issuer, String mailUrl, String sandboxUrl, long pid) {
        return new RunInfo(apiUrl, null, null, null, null, issuer, mailUrl, sandboxUrl, pid);
    }

    /** Whether there is a demo collector. */
    public boolean hasCollector() {
        return token != null;
    }

    @Override
    public String toString() {
        return "RunInfo[" + apiUrl + ", pid " + pid + "]";
    }
}
