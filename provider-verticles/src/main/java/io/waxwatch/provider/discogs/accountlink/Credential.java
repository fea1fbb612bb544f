package io.waxwatch.provider.discogs.accountlink;

import io.vertx.core.json.JsonObject;

/** What lets us ask Discogs in a user's name. Printing one shows only its kind. */
sealed interface Credential {

    /** As in {@code external_account_links.token_type}. */
    String type();

    /** What is sealed and stored. */
    String plain();

    /** @param type as stored; anything but ours is a personal token, for the former system knew no other that worked */
    static Credential of(String type, String plain) {
        if (!OAuth1.TYPE.equals(type)) {
            return new Personal(plain);
        }
        var pair = new JsonObject(plain);
        return new OAuth1(pair.getString("token"), pair.getString("secret"));
    }

    /** A token that the user made on the settings page of Discogs. */
    record Personal(String token) implements Credential {
        static final String TYPE = "personal";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String plain() {
            return token;
        }

        @Override
        public String toString() {
            return TYPE;
        }
    }

    /** An access token of OAuth 1.0a. It never expires, has no scopes, and cannot be revoked by us. */
    record OAuth1(String token, String secret) implements Credential {
        static final String TYPE = "oauth1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String plain() {
            return new JsonObject().put("token", token).put("secret", secret).encode();
        }

        @Override
        public String toString() {
            return TYPE;
        }
    }
}
