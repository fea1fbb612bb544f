-- Browser sessions. Written by io.waxwatch.gateway.sessions.SessionStore.

CREATE TABLE browser_sessions (
    -- Derived from the secret in the cookie, as is the key that the tokens are encrypted with.
    id bytea PRIMARY KEY,
    tokens bytea NOT NULL,
    refresh_at timestamptz NOT NULL,
    -- Grows with each refresh; two gateways that refresh at once meet here.
    version bigint NOT NULL,
    refreshing_until timestamptz,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX ix_browser_sessions_expires_at ON browser_sessions (expires_at);
