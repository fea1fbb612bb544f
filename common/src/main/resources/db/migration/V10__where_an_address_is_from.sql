-- Where a user's address is from, and by which token: one that was issued later replaces it. Only what the issuer names gets mail; the
-- others are made up, because the column of the address cannot be empty. Written by io.waxwatch.gateway.users.UserStore.
ALTER TABLE users
    ADD COLUMN email_source text NOT NULL DEFAULT 'issuer'
        CONSTRAINT ck_users_email_source CHECK (email_source IN ('issuer', 'kept', 'none', 'unverified', 'superseded')),
    ADD COLUMN email_issued_at timestamptz;

UPDATE users SET email_source = 'none'
WHERE email = 'dev+' || id || '@waxwatch.dev' OR id = '00000000-0000-0000-0000-000000000001';
