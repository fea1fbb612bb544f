-- What could not be stored or worked on, with the reason, so that it costs nobody but itself: a listing, a match, a record
-- of an import, a watch, a logged call. Stays small: 10,000 rows at most, and a month after it was last met a row goes
-- (io.waxwatch.scheduler.retention). Written by io.waxwatch.common.quarantine.QuarantineStore.
CREATE TABLE quarantined_rows (
    source        varchar(20) NOT NULL CHECK (source IN ('listing', 'match', 'import', 'watch', 'call')),
    -- Which one: the marketplace and its id, a listing and a watch, a user and a release.
    subject       varchar(300) NOT NULL,
    user_id       uuid REFERENCES users (id) ON DELETE CASCADE,
    reason        varchar(300) NOT NULL,
    -- As it came, cut; not jsonb, which may be what was wrong with it.
    body          text,
    times         int NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    PRIMARY KEY (source, subject)
);
CREATE INDEX ix_quarantined_rows_user ON quarantined_rows (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_quarantined_rows_last_seen ON quarantined_rows (last_seen_at);
