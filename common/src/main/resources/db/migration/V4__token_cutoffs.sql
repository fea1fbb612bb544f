-- From when on a user's tokens count: those issued before signed_out_at are refused, those issued before deleted_at make
-- no new account. No foreign key: one may sign out without a row, and the deletion outlives the account.
-- Written by io.waxwatch.gateway.users.UserStore.
CREATE TABLE token_cutoffs (
    user_id       uuid PRIMARY KEY,
    signed_out_at timestamptz,
    deleted_at    timestamptz
);

-- A rule or watch release that goes away is taken out of its events; without these each one costs a walk through all.
CREATE INDEX ix_events_rule ON events (rule_id) WHERE rule_id IS NOT NULL;
CREATE INDEX ix_events_watch_release ON events (watch_release_id) WHERE watch_release_id IS NOT NULL;
