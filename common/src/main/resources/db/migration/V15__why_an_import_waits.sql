-- An import that cannot go on at present says why: the key that opens its account's token is away, the marketplace wants to be left
-- alone. Null while it runs and when it has ended. Written by ImportJobStore (provider).
ALTER TABLE import_jobs ADD COLUMN waiting_reason text;
