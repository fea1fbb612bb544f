-- What a creating request with an Idempotency-Key was answered, written in the transaction of what it created: a key that
-- is here has had its effect, one that is not here has had none. Kept for a day (io.waxwatch.scheduler.retention).
-- Written by io.waxwatch.gateway.idempotency.IdempotencyStore.
CREATE TABLE idempotency_keys (
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    route      varchar(120) NOT NULL,
    key        varchar(255) NOT NULL,
    body_hash  bytea NOT NULL,
    status     int NOT NULL,
    answer     text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, route, key)
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
