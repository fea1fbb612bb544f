package io.waxwatch.provider.discogs.accountlink;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Rows;
import io.waxwatch.common.json.KeptJson;
import io.waxwatch.common.secrets.TokenCipher;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Links to Discogs accounts, and the authorizations on the way. Writes {@code external_account_links} and {@code discogs_authorizations}. */
public final class AccountLinkStore {

    /** Expired ones stay for a day, so that who comes back too late is told so. */
    private static final String BEGIN = """
            WITH expired AS (
                DELETE FROM discogs_authorizations WHERE expires_at < now() - interval '1 day'),
            surplus AS (
                DELETE FROM discogs_authorizations WHERE state_hash IN (
                    SELECT state_hash FROM discogs_authorizations WHERE user_id = $2 AND expires_at >= now() - interval '1 day'
                    ORDER BY created_at DESC OFFSET 9))
            INSERT INTO discogs_authorizations (state_hash, user_id, request_token, request_secret, scopes, expires_at,
                                                created_at)
            VALUES ($1, $2, $3, $4, $5, $6, now())
            """;
    /** The one with this state, else any other of the user. */
    private static final String PENDING = """
            SELECT state_hash = $2 AS ours, expires_at <= now() AS expired, request_token, request_secret, scopes
            FROM discogs_authorizations WHERE user_id = $1
            ORDER BY (state_hash = $2) DESC, created_at DESC LIMIT 1
            """;

    private static final String USE_UP =
            "DELETE FROM discogs_authorizations WHERE state_hash = $1 AND user_id = $2 RETURNING user_id";
    private static final String FORGET_PENDING = "DELETE FROM discogs_authorizations WHERE user_id = $1";

    /** Without a token, that of the same account stays. */
    private static final String LINK = """
            INSERT INTO external_account_links AS l (id, user_id, provider, external_user_id, access_token, token_type,
                scopes, token_metadata, connected_at, created_at, updated_at)
            VALUES (gen_random_uuid(), $1, 'discogs', $2, $3, $4, $5, $6, now(), now(), now())
            ON CONFLICT (user_id, provider) DO UPDATE SET
                external_user_id = excluded.external_user_id,
                access_token = CASE WHEN excluded.access_token IS NULL
                                         AND lower(l.external_user_id) = lower(excluded.external_user_id)
                                    THEN l.access_token ELSE excluded.access_token END,
                token_type = CASE WHEN excluded.access_token IS NULL THEN l.token_type ELSE excluded.token_type END,
                refresh_token = NULL, access_token_expires_at = NULL,
                scopes = coalesce(excluded.scopes, l.scopes), token_metadata = excluded.token_metadata,
                connected_at = now(), updated_at = now()
            RETURNING external_user_id, connected_at
            """;

    private static final String FIND = """
            SELECT id, external_user_id, access_token, token_type
            FROM external_account_links WHERE user_id = $1 AND provider = 'discogs'
            """;
    private static final String LOCK = FIND + " FOR UPDATE";
    private static final String UNLINK = "DELETE FROM external_account_links WHERE id = $1";

    /** The metadata is looked at closely by {@link LinkMetadata}; here only so that most links are left alone. */
    private static final String STALE = """
            SELECT id, user_id, access_token,
                   CASE jsonb_typeof(token_metadata) WHEN 'object' THEN token_metadata::text END, token_metadata::text
            FROM external_account_links
            WHERE provider = 'discogs' AND id > $1
              AND (access_token !~ $2 OR refresh_token IS NOT NULL OR token_metadata::text ~* $3
                   OR token_metadata::text ~ $4)
            ORDER BY id LIMIT 100
            """;

    private static final String SEAL = """
            UPDATE external_account_links SET access_token = $3, refresh_token = NULL, token_metadata = $4
            WHERE id = $1 AND access_token IS NOT DISTINCT FROM $2 AND token_metadata::text IS NOT DISTINCT FROM $5
            """;

    private final Database database;

    public AccountLinkStore(Database database) {
        this.database = database;
    }

    /**
     * An authorization under way.
     *
     * @param ours whether it has the state that was asked for
     * @param requestSecret sealed
     */
    record Pending(boolean ours, boolean expired, String requestToken, String requestSecret, JsonArray scopes) {

        @Override
        public String toString() {
            return "Pending[ours=" + ours + ", expired=" + expired + "]";
        }
    }

    /** What a user has stored with us. */
    record Stored(UUID id, String username, String sealed, String tokenType) {

        @Override
        public String toString() {
            return "Stored[" + id + "]";
        }
    }

    /** What was linked, and when. */
    record Linked(String username, OffsetDateTime at) {}

    /**
     * A link as an import needs to know it.
     *
     * @param usable whether there is a token
     */
    public record Link(UUID id, boolean usable) {}

    /**
     * A link with something that is not sealed as it should be.
     *
     * @param token null for none
     * @param metadata null for none, or none that is an object
     * @param stored the metadata to the letter; null for none
     */
    record Stale(UUID id, UUID userId, String token, JsonObject metadata, String stored) {

        @Override
        public String toString() {
            return "Stale[" + id + "]";
        }
    }

    Future<Void> begin(
            byte[] stateHash,
            UUID userId,
            String requestToken,
            String sealedSecret,
            List<String> scopes,
            OffsetDateTime expiresAt) {
        return database.query(
                        BEGIN,
                        Tuple.of(
                                Buffer.buffer(stateHash),
                                userId,
                                requestToken,
                                sealedSecret,
                                new JsonArray(scopes),
                                expiresAt))
                .mapEmpty();
    }

    Future<Optional<Pending>> pending(UUID userId, byte[] stateHash) {
        return database.query(PENDING, Tuple.of(userId, Buffer.buffer(stateHash)))
                .map(rows -> Rows.first(
                        rows,
                        row -> new Pending(
                                row.getBoolean(0),
                                row.getBoolean(1),
                                row.getString(2),
                                row.getString(3),
                                row.getJsonArray(4))));
    }

    /** False when somebody else has used it up meanwhile. */
    Future<Boolean> useUp(SqlConnection connection, UUID userId, byte[] stateHash) {
        return connection
                .preparedQuery(USE_UP)
                .execute(Tuple.of(Buffer.buffer(stateHash), userId))
                .map(rows -> rows.size() > 0);
    }

    /** @param sealed null for no token; @param scopes and metadata null for none */
    Future<Linked> link(
            SqlConnection connection,
            UUID userId,
            String username,
            String sealed,
            String tokenType,
            JsonArray scopes,
            JsonObject metadata) {
        return connection
                .preparedQuery(LINK)
                .execute(Tuple.of(userId, username, sealed, tokenType, scopes, metadata))
                .map(rows -> Rows.first(rows, row -> new Linked(row.getString(0), row.getOffsetDateTime(1)))
                        .orElseThrow());
    }

    Future<Optional<Stored>> find(UUID userId) {
        return database.query(FIND, Tuple.of(userId)).map(AccountLinkStore::stored);
    }

    /** Reads the link and keeps imports and disconnections of it out until this transaction ends. */
    public Future<Optional<Link>> lock(SqlConnection connection, UUID userId) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(userId))
                .map(AccountLinkStore::stored)
                .map(link -> link.map(stored -> new Link(stored.id(), stored.sealed() != null)));
    }

    Future<Void> unlink(SqlConnection connection, UUID userId, UUID linkId) {
        return connection
                .preparedQuery(UNLINK)
                .execute(Tuple.of(linkId))
                .compose(unlinked -> connection.preparedQuery(FORGET_PENDING).execute(Tuple.of(userId)))
                .mapEmpty();
    }

    /**
     * Up to a hundred links behind this one that hold a secret which is open, or whose envelope begins otherwise.
     *
     * @param fresh how good envelopes begin, as a regular expression without an anchor
     */
    Future<List<Stale>> stale(UUID after, String fresh) {
        return database.query(
                        STALE,
                        Tuple.of(
                                after,
                                "^" + fresh,
                                LinkMetadata.OPEN_SECRET,
                                "\"(?!" + fresh + ")" + TokenCipher.PREFIX))
                .map(rows -> Rows.all(
                        rows,
                        row -> new Stale(
                                row.getUUID(0),
                                row.getUUID(1),
                                row.getString(2),
                                metadata(row.getString(3)),
                                row.getString(4))));
    }

    /** What a caller once gave, with its digits. */
    private static JsonObject metadata(String json) {
        return json == null ? null : new JsonObject(KeptJson.object(json));
    }

    /** False when it has changed meanwhile, and stays as it is. */
    Future<Boolean> seal(Stale link, String sealed, JsonObject metadata) {
        return database.query(SEAL, Tuple.of(link.id(), link.token(), sealed, metadata, link.stored()))
                .map(rows -> rows.rowCount() > 0);
    }

    private static Optional<Stored> stored(RowSet<Row> rows) {
        return Rows.first(
                rows, row -> new Stored(row.getUUID(0), row.getString(1), row.getString(2), row.getString(3)));
    }
}
