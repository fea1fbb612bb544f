-- Money is exact to the cent; Discogs ids pass 2^31. Both rewrite their tables once, at adoption.

ALTER TABLE listings
    ALTER COLUMN price TYPE numeric(14, 2) USING round(price::numeric, 2),
    ALTER COLUMN discogs_release_id TYPE bigint,
    ALTER COLUMN discogs_master_id TYPE bigint,
    -- 'bid' is a pure auction's current bid: shown, but never compared with a price cap.
    ADD COLUMN price_kind varchar(8) NOT NULL DEFAULT 'fixed',
    ADD CONSTRAINT ck_listings_price_kind CHECK (price_kind IN ('fixed', 'bid'));
-- The first look over stored listings reads newest first, of every provider.
CREATE INDEX ix_listings_last_seen ON listings (last_seen_at);

ALTER TABLE price_snapshots ALTER COLUMN price TYPE numeric(14, 2) USING round(price::numeric, 2);

ALTER TABLE watch_releases
    ALTER COLUMN target_price TYPE numeric(14, 2) USING round(target_price::numeric, 2),
    ALTER COLUMN discogs_release_id TYPE bigint,
    ALTER COLUMN discogs_master_id TYPE bigint;

-- An adopted database has the owner of shared provider requests only if it ever made one.
INSERT INTO users (id, email, hashed_password, display_name, is_active, created_at, updated_at)
VALUES ('00000000-0000-0000-0000-000000000001', 'system-provider-requests@waxwatch.local', '!',
        'System Provider Requests', false, now(), now())
ON CONFLICT DO NOTHING;

-- Retention deletes by age, in batches (io.waxwatch.scheduler.retention).
CREATE INDEX ix_events_created_at ON events (created_at);
CREATE INDEX ix_price_snapshots_recorded_at ON price_snapshots (recorded_at);
CREATE INDEX ix_provider_requests_created_at ON provider_requests (created_at);
