-- Patience with mails that the host puts off, which must survive a restart. Written by io.waxwatch.common.outbox.NotificationStore.
ALTER TABLE notification_deliveries
    -- The first temporary refusal, and how many there were; tries that found no host, or one that refuses us, are not among them.
    ADD COLUMN refused_since timestamptz,
    ADD COLUMN refusals int NOT NULL DEFAULT 0,
    -- How often the mail was handed over and no answer came: each may be a copy that arrived.
    ADD COLUMN uncertain int NOT NULL DEFAULT 0;

-- Why it failed, for its reader. Written by io.waxwatch.common.outbox.NotificationStore.
ALTER TABLE notifications ADD COLUMN failure varchar(300);

-- Addresses that get no mail any more, because their mailbox refused one for good; in lower case. No user: the address is what
-- was refused, and a changed one is another. Written by io.waxwatch.common.outbox.SuppressedAddresses.
CREATE TABLE suppressed_addresses (
    address       text PRIMARY KEY,
    reason        varchar(300) NOT NULL,
    suppressed_at timestamptz NOT NULL
);
