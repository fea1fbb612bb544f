package io.waxwatch.standalone.output;

import java.util.UUID;

/**
 * Where a running standalone is, for people and scripts. URLs have no slash at the end.
 *
 * @param apiUrl the gateway
 * @param token the demo collector's bearer token
 * @param userId the demo collector
 * @param email the address with which she signs in
 * @param password and her password
 * @param issuer the dev identity provider's issuer
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
    @Override
    public String toString() {
        return "RunInfo[" + apiUrl + ", pid " + pid + "]";
    }
}
