package io.waxwatch.notifier.email;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.RealmChoiceCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/** One way to log in (RFC 4954). The JDK knows the mechanisms; LOGIN, which never became a standard, is added. */
interface SmtpLogin {

    /** Over an encrypted line the simple ones, elsewhere those that do not show the password. */
    List<String> ENCRYPTED = List.of("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5");

    List<String> OPEN = List.of("CRAM-MD5", "DIGEST-MD5", "PLAIN", "LOGIN");

    /** The first line. */
    String command();

    /**
     * Answers a challenge.
     *
     * @param challenge base64, perhaps nothing
     * @throws NotUnderstood if it is none of this mechanism
     */
    String response(String challenge) throws NotUnderstood;

    /** A challenge that makes no sense. */
    final class NotUnderstood extends Exception {
        private static final long serialVersionUID = 1L;

        NotUnderstood(Throwable cause) {
            super("the host's login makes no sense: " + cause.getMessage(), cause);
        }
    }

    /**
     * The best way that both know.
     *
     * @param offered by the host, in upper case
     */
    static Optional<SmtpLogin> choose(List<String> offered, boolean encrypted, String host, SmtpOptions.Login login) {
        return (encrypted ? ENCRYPTED : OPEN)
                .stream()
                        .filter(offered::contains)
                        .findFirst()
                        .map(way -> way.equals("LOGIN") ? new TwoQuestions(login) : new OfTheJdk(way, host, login));
    }

    /** LOGIN: asks for the user, then for the password; in which words differs. */
    final class TwoQuestions implements SmtpLogin {
        private final SmtpOptions.Login login;
        private boolean userTold;

        TwoQuestions(SmtpOptions.Login login) {
            this.login = login;
        }

        @Override
        public String command() {
            return "AUTH LOGIN";
        }

        @Override
        public String response(String challenge) {
            String answer = userTold ? login.password() : login.user();
            userTold = true;
            return Base64.getEncoder().encodeToString(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What {@code javax.security.sasl} knows. */
    final class OfTheJdk implements SmtpLogin {
        private final String mechanism;
        private final SaslClient client;

        OfTheJdk(String mechanism, String host, SmtpOptions.Login login) {
            this.mechanism = mechanism;
            try {
                this.client = Sasl.createSaslClient(
                        new String[] {mechanism}, null, "smtp", host, Map.of(), asked -> tell(asked, login));
            } catch (SaslException impossible) {
                throw new IllegalStateException(mechanism, impossible);
            }
        }

        @Override
        public String command() {
            try {
                return "AUTH " + mechanism
                        + (client.hasInitialResponse() ? " " + first(client.evaluateChallenge(new byte[0])) : "");
            } catch (SaslException impossible) {
                throw new IllegalStateException(mechanism, impossible);
            }
        }

        @Override
        public String response(String challenge) throws NotUnderstood {
            try {
                byte[] asked = Base64.getDecoder().decode(challenge.strip());
                byte[] answer = client.isComplete() ? null : client.evaluateChallenge(asked);
                return answer == null ? "" : Base64.getEncoder().encodeToString(answer);
            } catch (SaslException | IllegalArgumentException cause) {
                throw new NotUnderstood(cause);
            }
        }

        private static void tell(Callback[] asked, SmtpOptions.Login login) throws UnsupportedCallbackException {
            for (Callback one : asked) {
                if (one instanceof NameCallback name) {
                    name.setName(login.user());
                } else if (one instanceof PasswordCallback password) {
                    password.setPassword(login.password().toCharArray());
                } else if (one instanceof RealmCallback realm) {
                    realm.setText(realm.getDefaultText());
                } else if (one instanceof RealmChoiceCallback choice) {
                    choice.setSelectedIndex(choice.getDefaultChoice());
                } else {
                    throw new UnsupportedCallbackException(one);
                }
            }
        }
    }

    private static String first(byte[] answer) {
        // An empty one is written as one equals sign (RFC 4954, 4).
        return answer.length == 0 ? "=" : Base64.getEncoder().encodeToString(answer);
    }
}
