-- The data model that WaxWatch is compatible with, names kept letter for letter, so that an existing database
-- can be adopted: `flyway baseline` at version 1, then `migrate` (docs/ARCHITECTURE.md, "Adopting a database").

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TYPE provider_enum AS ENUM ('discogs', 'ebay', 'musicbrainz', 'spotify', 'mock');
CREATE TYPE listing_status_enum AS ENUM ('active', 'ended', 'unknown');
CREATE TYPE event_type_enum AS ENUM (
    'RULE_CREATED', 'RULE_UPDATED', 'RULE_DISABLED', 'RULE_ENABLED',
    'WATCH_RELEASE_CREATED', 'WATCH_RELEASE_UPDATED', 'WATCH_RELEASE_DISABLED', 'WATCH_RELEASE_ENABLED',
    'LISTING_FIRST_SEEN', 'LISTING_PRICE_DROP', 'LISTING_PRICE_RISE', 'LISTING_ENDED',
    'NEW_MATCH', 'IMPORT_STARTED', 'IMPORT_COMPLETED', 'IMPORT_FAILED', 'RULE_DELETED');
CREATE TYPE notification_channel_enum AS ENUM ('email', 'realtime');
CREATE TYPE notification_status_enum AS ENUM ('pending', 'sent', 'failed');

-- Written by io.waxwatch.gateway.users.UserStore.
CREATE TABLE users (
    id              uuid PRIMARY KEY,
    email           varchar(320) NOT NULL,
    hashed_password varchar(255) NOT NULL,
    display_name    varchar(120),
    timezone        varchar(64),
    currency        varchar(3),
    is_active       boolean NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX ix_users_email ON users (email);

-- Written by the Discogs link, in provider-verticles.
CREATE TABLE external_account_links (
    id                      uuid PRIMARY KEY,
    user_id                 uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider                provider_enum NOT NULL,
    external_user_id        varchar(120) NOT NULL,
    access_token            text,
    refresh_token           text,
    access_token_expires_at timestamptz,
    token_type              varchar(50),
    scopes                  jsonb,
    token_metadata          jsonb,
    connected_at            timestamptz NOT NULL,
    created_at              timestamptz NOT NULL,
    updated_at              timestamptz NOT NULL,
    CONSTRAINT uq_external_account_links_user_provider UNIQUE (user_id, provider)
);
CREATE INDEX ix_external_account_links_provider_external_user ON external_account_links (provider, external_user_id);

-- Written by the Discogs import, in provider-verticles.
CREATE TABLE import_jobs (
    id                       uuid PRIMARY KEY,
    user_id                  uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    external_account_link_id uuid REFERENCES external_account_links (id) ON DELETE SET NULL,
    provider                 provider_enum NOT NULL,
    import_scope             varchar(20) NOT NULL,
    status                   varchar(30) NOT NULL,
    cursor                   varchar(255),
    page                     int NOT NULL,
    processed_count          int NOT NULL,
    imported_count           int NOT NULL,
    created_count            int NOT NULL,
    updated_count            int NOT NULL,
    error_count              int NOT NULL,
    errors                   jsonb,
    started_at               timestamptz,
    completed_at             timestamptz,
    created_at               timestamptz NOT NULL,
    updated_at               timestamptz NOT NULL
);
CREATE INDEX ix_import_jobs_user_created ON import_jobs (user_id, created_at);
CREATE INDEX ix_import_jobs_status ON import_jobs (status);
CREATE UNIQUE INDEX uq_import_jobs_inflight_user_provider_scope
    ON import_jobs (user_id, provider, import_scope) WHERE status IN ('pending', 'running');

-- Written by io.waxwatch.gateway.watchreleases.WatchReleaseStore.
CREATE TABLE watch_releases (
    id                       uuid PRIMARY KEY,
    user_id                  uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    discogs_release_id       int NOT NULL,
    discogs_master_id        int,
    match_mode               varchar(30) NOT NULL DEFAULT 'exact_release',
    title                    varchar(300) NOT NULL,
    artist                   varchar(200),
    year                     int,
    target_price             double precision,
    currency                 varchar(3) NOT NULL,
    min_condition            varchar(30),
    is_active                boolean NOT NULL,
    imported_from_wantlist   boolean NOT NULL,
    imported_from_collection boolean NOT NULL,
    created_at               timestamptz NOT NULL,
    updated_at               timestamptz NOT NULL,
    CONSTRAINT ck_watch_releases_match_mode_valid CHECK (match_mode IN ('exact_release', 'master_release')),
    CONSTRAINT ck_watch_releases_master_id_required CHECK (match_mode <> 'master_release' OR discogs_master_id IS NOT NULL)
);
CREATE INDEX ix_watch_releases_user_active ON watch_releases (user_id, is_active);
CREATE UNIQUE INDEX uq_watch_release_user_exact_release
    ON watch_releases (user_id, discogs_release_id) WHERE match_mode = 'exact_release';
CREATE UNIQUE INDEX uq_watch_release_user_master_release
    ON watch_releases (user_id, discogs_master_id) WHERE match_mode = 'master_release';

-- Written by io.waxwatch.gateway.watchrules.WatchRuleStore.
CREATE TABLE watch_search_rules (
    id                    uuid PRIMARY KEY,
    user_id               uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name                  varchar(120) NOT NULL,
    query                 jsonb NOT NULL,
    is_active             boolean NOT NULL,
    poll_interval_seconds int NOT NULL,
    last_run_at           timestamptz,
    next_run_at           timestamptz,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL
);
CREATE INDEX ix_watch_search_rules_user_active ON watch_search_rules (user_id, is_active);
CREATE INDEX ix_watch_search_rules_query_gin ON watch_search_rules USING gin (query);

-- Written by io.waxwatch.provider.listings.ListingStore.
CREATE TABLE listings (
    id                 uuid PRIMARY KEY,
    provider           provider_enum NOT NULL,
    external_id        varchar(120) NOT NULL,
    url                text NOT NULL,
    title              text NOT NULL,
    normalized_title   text,
    price              double precision NOT NULL,
    currency           varchar(3) NOT NULL,
    condition          varchar(30),
    seller             varchar(120),
    location           varchar(120),
    status             listing_status_enum NOT NULL,
    discogs_release_id int,
    discogs_master_id  int,
    first_seen_at      timestamptz NOT NULL,
    last_seen_at       timestamptz NOT NULL,
    raw                jsonb,
    CONSTRAINT uq_listing_provider_external UNIQUE (provider, external_id),
    CONSTRAINT ck_listings_price_nonnegative CHECK (price >= 0)
);
CREATE INDEX ix_listings_provider_status_last_seen ON listings (provider, status, last_seen_at);
CREATE INDEX ix_listings_discogs_release_id ON listings (discogs_release_id);
CREATE INDEX ix_listings_discogs_master_id ON listings (discogs_master_id);
CREATE INDEX ix_listings_normalized_title_trgm
    ON listings USING gin (normalized_title gin_trgm_ops) WHERE normalized_title IS NOT NULL;

-- Written by io.waxwatch.provider.matching.MatchStore.
CREATE TABLE watch_matches (
    id            uuid PRIMARY KEY,
    rule_id       uuid NOT NULL REFERENCES watch_search_rules (id) ON DELETE CASCADE,
    listing_id    uuid NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    matched_at    timestamptz NOT NULL,
    match_context jsonb,
    CONSTRAINT uq_match_rule_listing UNIQUE (rule_id, listing_id)
);
CREATE INDEX ix_watch_matches_rule_matched_at ON watch_matches (rule_id, matched_at);

-- Written by io.waxwatch.common.outbox.EventStore, inside the transaction of whoever has the news.
CREATE TABLE events (
    id               uuid PRIMARY KEY,
    user_id          uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    type             event_type_enum NOT NULL,
    watch_release_id uuid REFERENCES watch_releases (id) ON DELETE SET NULL,
    rule_id          uuid REFERENCES watch_search_rules (id) ON DELETE SET NULL,
    listing_id       uuid REFERENCES listings (id) ON DELETE SET NULL,
    payload          jsonb,
    created_at       timestamptz NOT NULL
);
CREATE INDEX ix_events_user_created_at ON events (user_id, created_at);
CREATE INDEX ix_events_type_created_at ON events (type, created_at);
CREATE UNIQUE INDEX uq_events_new_match_watch_release_listing
    ON events (user_id, type, watch_release_id, listing_id)
    WHERE type = 'NEW_MATCH' AND watch_release_id IS NOT NULL AND listing_id IS NOT NULL;

-- Written by io.waxwatch.common.outbox.NotificationStore.
CREATE TABLE notifications (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    event_id     uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    event_type   event_type_enum NOT NULL,
    channel      notification_channel_enum NOT NULL,
    status       notification_status_enum NOT NULL,
    is_read      boolean NOT NULL,
    delivered_at timestamptz,
    failed_at    timestamptz,
    read_at      timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT uq_notifications_event_channel UNIQUE (event_id, channel)
);
CREATE INDEX ix_notifications_user_created_at ON notifications (user_id, created_at);
CREATE INDEX ix_notifications_user_read ON notifications (user_id, is_read);
CREATE INDEX ix_notifications_status ON notifications (status);

-- Written by the gateway's profile.
CREATE TABLE user_notification_preferences (
    id                 uuid PRIMARY KEY,
    user_id            uuid NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    email_enabled      boolean NOT NULL,
    realtime_enabled   boolean NOT NULL,
    quiet_hours_start  int,
    quiet_hours_end    int,
    timezone_override  varchar(64),
    delivery_frequency varchar(20) NOT NULL,
    event_toggles      jsonb,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CONSTRAINT ck_user_notification_preferences_delivery_frequency_valid
        CHECK (delivery_frequency IN ('instant', 'hourly', 'daily')),
    CONSTRAINT ck_user_notification_preferences_quiet_hours_start_valid
        CHECK (quiet_hours_start IS NULL OR quiet_hours_start BETWEEN 0 AND 23),
    CONSTRAINT ck_user_notification_preferences_quiet_hours_end_valid
        CHECK (quiet_hours_end IS NULL OR quiet_hours_end BETWEEN 0 AND 23)
);
CREATE UNIQUE INDEX ix_user_notification_preferences_user ON user_notification_preferences (user_id);

-- Written by io.waxwatch.provider.listings.ListingStore.
CREATE TABLE price_snapshots (
    id          uuid PRIMARY KEY,
    listing_id  uuid NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    price       double precision NOT NULL,
    currency    varchar(3) NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_price_snapshots_price_nonnegative CHECK (price >= 0)
);
CREATE INDEX ix_price_snapshots_listing_recorded_at ON price_snapshots (listing_id, recorded_at);

-- Written by the gateway's outbound redirect.
CREATE TABLE outbound_clicks (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    listing_id uuid NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    provider   provider_enum NOT NULL,
    referrer   text,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_outbound_clicks_user_created ON outbound_clicks (user_id, created_at);
CREATE INDEX ix_outbound_clicks_listing_created ON outbound_clicks (listing_id, created_at);
CREATE INDEX ix_outbound_clicks_provider_created ON outbound_clicks (provider, created_at);

-- Written by io.waxwatch.provider.calls.ProviderRequestStore.
CREATE TABLE provider_requests (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL CONSTRAINT fk_provider_requests_user_id_users REFERENCES users (id) ON DELETE CASCADE,
    provider    provider_enum NOT NULL,
    endpoint    varchar(200) NOT NULL,
    method      varchar(10) NOT NULL,
    status_code int,
    duration_ms int,
    error       text,
    meta        jsonb,
    created_at  timestamptz NOT NULL
);
CREATE INDEX ix_provider_requests_user_created_at ON provider_requests (user_id, created_at);
CREATE INDEX ix_provider_requests_user_provider_created_at ON provider_requests (user_id, provider, created_at);
CREATE INDEX ix_provider_requests_provider_created_at ON provider_requests (provider, created_at);
CREATE INDEX ix_provider_requests_status_code ON provider_requests (status_code);

-- Owns the provider requests that serve everybody: polls are shared, no single user pays for them.
INSERT INTO users (id, email, hashed_password, display_name, is_active, created_at, updated_at)
VALUES ('00000000-0000-0000-0000-000000000001', 'system-provider-requests@waxwatch.local', '!',
        'System Provider Requests', false, now(), now());
