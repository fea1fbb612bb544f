-- Which engine serves a query, how polls are stretched when demand exceeds what the marketplaces give, and how far a
-- sweep has read. Expand only: members of the build before go on beside this; they ignore all of it.

-- Means something for queries only: 'sweep' is asked once, for what is listed already, and then rests at next_due = infinity.
-- Written by io.waxwatch.common.polls.PollPacingStore.
ALTER TABLE polls ADD COLUMN served_by varchar(10) NOT NULL DEFAULT 'sweep'
    CONSTRAINT ck_polls_served_by CHECK (served_by IN ('sweep', 'query'));
-- How often a release's floor moves; null until it was seen. Written by io.waxwatch.provider.discogs.releasefloors.
ALTER TABLE polls ADD COLUMN adaptive_seconds int;
-- By how much the interval is longer than it should be, so that all polls together fit into the quota.
-- Written by io.waxwatch.common.polls.PollPacingStore.
ALTER TABLE polls ADD COLUMN stretch double precision NOT NULL DEFAULT 1 CONSTRAINT ck_polls_stretch CHECK (stretch >= 1);
CREATE INDEX ix_polls_sweep ON polls (provider) WHERE kind = 'sweep';
CREATE INDEX ix_polls_query_served_by ON polls (provider, served_by) WHERE kind = 'query';

-- Written by io.waxwatch.provider.ebay.SweepProgressStore, in the transaction that closes the sweep's poll.
CREATE TABLE sweep_progress (
    poll_id        uuid PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
    -- Everything that was listed before this has been seen, but for what missed_from and missed_until say.
    complete_until timestamptz NOT NULL,
    -- Since when there is something between what was read last and complete_until; from which row on.
    gap_since      timestamptz,
    gap_offset     int,
    -- What could not be caught up with: the marketplace shows no more rows. Asked query by query instead.
    missed_from    timestamptz,
    missed_until   timestamptz,
    looked_again   boolean NOT NULL DEFAULT false
);

-- How a floor moved. Written by io.waxwatch.provider.discogs.releasefloors.ReleaseFloorStore.
CREATE TABLE release_floor_changes (
    discogs_release_id bigint NOT NULL,
    currency           varchar(3) NOT NULL,
    seen_at            timestamptz NOT NULL,
    price              numeric(14, 2),
    number_for_sale    int NOT NULL,
    change             varchar(10) NOT NULL CHECK (change IN ('appeared', 'dropped', 'rose', 'sold_out', 'number')),
    PRIMARY KEY (discogs_release_id, currency, seen_at)
);
