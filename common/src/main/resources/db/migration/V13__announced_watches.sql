-- Changes of rules and watch releases that are committed and have no revision yet. A collector's change only adds a row here;
-- whoever numbers them takes the watch lock, so that nobody else has to wait for ingests or for each other. Empty but for
-- moments. A former build's processes may go on beside it: they write watch_changes themselves, under the same lock, and read
-- there what is numbered for them. Written by io.waxwatch.common.watches.WatchRevisions.
CREATE TABLE announced_watches (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         varchar(10) NOT NULL CHECK (kind IN ('rule', 'release')),
    subject_id   uuid NOT NULL,
    -- Whether it is to look over the stored listings.
    backfill     boolean NOT NULL,
    announced_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
