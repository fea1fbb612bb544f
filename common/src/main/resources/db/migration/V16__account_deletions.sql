-- Which of eBay's notifications of a closed account were handled: those that come again, under the same id, change nothing. Names
-- nobody. After 30 days an id goes (io.waxwatch.scheduler.retention); eBay gives up far sooner. Written by
-- io.waxwatch.provider.ebay.accountdeletion.AccountErasureStore.
CREATE TABLE account_deletions (
    notification_id varchar(200) PRIMARY KEY,
    handled_at      timestamptz NOT NULL
);
CREATE INDEX ix_account_deletions_handled_at ON account_deletions (handled_at);

-- eBay tells of every account that is closed, thousands a day; hardly any is of a seller whom we know.
CREATE INDEX ix_listings_seller ON listings (lower(seller)) WHERE seller IS NOT NULL;
CREATE INDEX ix_events_seller ON events (lower(payload ->> 'seller')) WHERE payload ->> 'seller' IS NOT NULL;
