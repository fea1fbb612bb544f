-- What the design adds: shared polls on a bucketed schedule, rule revisions, per-user stream ids, outbox leases.

-- A poll is one upstream question that many rules share. Written by io.waxwatch.common.polls.PollStore.
CREATE TABLE polls (
    id                   uuid PRIMARY KEY,
    provider             provider_enum NOT NULL,
    kind                 varchar(10) NOT NULL CHECK (kind IN ('sweep', 'query', 'release', 'shop')),
    canonical_key        text NOT NULL,
    interval_seconds     int NOT NULL CHECK (interval_seconds > 0),
    failing_since        timestamptz,
    consecutive_failures int NOT NULL DEFAULT 0,
    last_error           varchar(200),
    created_at           timestamptz NOT NULL,
    CONSTRAINT uq_polls_provider_kind_key UNIQUE (provider, kind, canonical_key)
);

-- Narrow on purpose: it is rewritten twice a poll. next_due is the lease while claimed, so an expired lease is
-- simply due again; the fence tells a late owner from the present one. Buckets keep the claim fast while a long
-- transaction holds old row versions. Written by io.waxwatch.common.polls.PollSchedule.
CREATE TABLE poll_schedule (
    poll_id  uuid NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    bucket   smallint NOT NULL,
    leased   boolean NOT NULL DEFAULT false,
    next_due timestamptz NOT NULL,
    fence    bigint NOT NULL DEFAULT 0,
    -- The last success: here and not in polls, so that a poll that goes well rewrites one narrow row only.
    last_run_at timestamptz,
    PRIMARY KEY (poll_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX ix_poll_schedule_bucket_due ON poll_schedule (bucket, next_due);

-- Which rules and watch releases a poll serves. Written by io.waxwatch.common.polls.PollStore.
CREATE TABLE poll_rules (
    poll_id          uuid NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    rule_id          uuid NOT NULL REFERENCES watch_search_rules (id) ON DELETE CASCADE,
    interval_seconds int NOT NULL,
    PRIMARY KEY (poll_id, rule_id)
);
CREATE INDEX ix_poll_rules_rule ON poll_rules (rule_id);
CREATE TABLE poll_releases (
    poll_id          uuid NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    watch_release_id uuid NOT NULL REFERENCES watch_releases (id) ON DELETE CASCADE,
    PRIMARY KEY (poll_id, watch_release_id)
);
CREATE INDEX ix_poll_releases_watch_release ON poll_releases (watch_release_id);

-- Every change of a rule or watch release, numbered in commit order: writers take the watch lock exclusively before
-- they draw the number, ingests hold it shared while they match. Written by io.waxwatch.common.watches.WatchRevisions.
CREATE TABLE watch_revision (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision bigint NOT NULL
);
INSERT INTO watch_revision (revision) VALUES (0);
CREATE TABLE watch_changes (
    revision   bigint PRIMARY KEY,
    kind       varchar(10) NOT NULL CHECK (kind IN ('rule', 'release')),
    subject_id uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- New or changed watches that have yet to look over the stored listings. No foreign key: the subject is a rule or a
-- watch release, and the look of one that is gone simply ends. Written by io.waxwatch.common.watches.FirstLooks.
CREATE TABLE first_looks (
    subject_id uuid PRIMARY KEY,
    kind       varchar(10) NOT NULL CHECK (kind IN ('rule', 'release')),
    -- From here it looks back, however late it runs.
    asked_at   timestamptz NOT NULL,
    next_due   timestamptz NOT NULL,
    fence      bigint NOT NULL DEFAULT 0
);
CREATE INDEX ix_first_looks_due ON first_looks (next_due);

-- Stream ids grow per user in commit order: the counter row is locked until its transaction ends.
-- Written by io.waxwatch.common.outbox.NotificationStore.
CREATE TABLE user_streams (
    user_id        uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    last_stream_id bigint NOT NULL
) WITH (fillfactor = 70);
ALTER TABLE notifications ADD COLUMN stream_id bigint;
CREATE UNIQUE INDEX uq_notifications_user_stream ON notifications (user_id, stream_id) WHERE stream_id IS NOT NULL;

-- The outbox: one row per notification still to deliver, removed when done. due_at is the lease while claimed.
-- Written by io.waxwatch.common.outbox.NotificationStore.
CREATE TABLE notification_deliveries (
    notification_id uuid PRIMARY KEY REFERENCES notifications (id) ON DELETE CASCADE,
    channel         notification_channel_enum NOT NULL,
    due_at          timestamptz NOT NULL,
    fence           bigint NOT NULL DEFAULT 0,
    attempts        int NOT NULL DEFAULT 0,
    last_error      varchar(200)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX ix_notification_deliveries_due ON notification_deliveries (channel, due_at);
-- Adopted databases: what is still pending is delivered after all.
INSERT INTO notification_deliveries (notification_id, channel, due_at)
SELECT id, channel, now() FROM notifications WHERE status = 'pending';

-- The floor of a Discogs release: not a listing (Discogs has no call that lists the offers of a release).
-- Written by io.waxwatch.provider.floors.ReleaseFloorStore.
CREATE TABLE release_floors (
    discogs_release_id bigint NOT NULL,
    currency           varchar(3) NOT NULL,
    price              numeric(14, 2),
    number_for_sale    int NOT NULL,
    observed_at        timestamptz NOT NULL,
    PRIMARY KEY (discogs_release_id, currency)
);
-- The last floor a watch release was told about; gone again when the floor leaves its target, so that a new
-- bargain alerts anew. Written by io.waxwatch.provider.floors.ReleaseFloorStore.
CREATE TABLE release_floor_alerts (
    watch_release_id uuid PRIMARY KEY REFERENCES watch_releases (id) ON DELETE CASCADE,
    price            numeric(14, 2) NOT NULL,
    currency         varchar(3) NOT NULL,
    alerted_at       timestamptz NOT NULL
);

-- Adopted rules and watch releases get their revision now; their polls are planned when the provider starts.
INSERT INTO watch_changes (revision, kind, subject_id)
SELECT row_number() OVER (ORDER BY created_at, id), kind, id
FROM (SELECT id, created_at, 'rule' AS kind FROM watch_search_rules
      UNION ALL SELECT id, created_at, 'release' FROM watch_releases) AS adopted;
UPDATE watch_revision SET revision = (SELECT coalesce(max(revision), 0) FROM watch_changes);
