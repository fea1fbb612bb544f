-- Whose session it is, and since when: a sign-out or a deletion after that ends it, whatever token it holds by then.
-- The sessions of before cannot tell, because their tokens are sealed; who had one signs in again.
-- Written by io.waxwatch.gateway.sessions.SessionStore.
DELETE FROM browser_sessions;

ALTER TABLE browser_sessions
    ADD COLUMN user_id uuid NOT NULL,
    ADD COLUMN signed_in_at timestamptz NOT NULL;
