-- What the Discogs account needs beyond the adopted tables: authorizations that are still open, and a lease on imports.

-- An authorization that its user has begun on Discogs and not yet come back from. Apart from the link, so that beginning
-- a new one leaves a working link alone, and two browser tabs do not disturb each other. Only a hash of the state is kept:
-- who reads the table cannot finish somebody's authorization. Written by io.waxwatch.provider.link.AccountLinkStore.
CREATE TABLE discogs_authorizations (
    state_hash     bytea PRIMARY KEY,
    user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    request_token  text NOT NULL,
    request_secret text NOT NULL,
    scopes         jsonb NOT NULL,
    expires_at     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL
);
CREATE INDEX ix_discogs_authorizations_user ON discogs_authorizations (user_id);
CREATE INDEX ix_discogs_authorizations_expires ON discogs_authorizations (expires_at);

-- external_account_links is written by io.waxwatch.provider.link.AccountLinkStore, import_jobs by
-- io.waxwatch.provider.imports.ImportJobStore; watch_releases has io.waxwatch.provider.imports.ImportedReleaseStore as a
-- second writer beside the gateway's, which only inserts, fills gaps and sets the two imported flags.

-- due_at is the lease while claimed, as in poll_schedule; a job that nobody leases is simply due. Attempts are those that
-- failed since the last page.
ALTER TABLE import_jobs
    ADD COLUMN due_at timestamptz,
    ADD COLUMN fence bigint NOT NULL DEFAULT 0,
    ADD COLUMN attempts int NOT NULL DEFAULT 0;
-- Adopted jobs that hang since their worker died go on where their cursor says.
UPDATE import_jobs SET due_at = now() WHERE status IN ('pending', 'running');
CREATE INDEX ix_import_jobs_due ON import_jobs (due_at) WHERE status IN ('pending', 'running');
