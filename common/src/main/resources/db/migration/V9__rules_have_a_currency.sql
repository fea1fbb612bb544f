-- The money of a rule has its currency from birth: what its owner chooses later in the profile must not turn a bound of
-- 3,000 dollars into one of 3,000 yen. A rule that names none meant its owner's of now, or dollars.
-- Written by io.waxwatch.gateway.watchrules.WatchRuleStore.
ALTER TABLE watch_search_rules ADD COLUMN currency_defaulted boolean NOT NULL DEFAULT false;

UPDATE watch_search_rules r
SET query = jsonb_set(
        r.query,
        '{currency}',
        to_jsonb(CASE WHEN btrim(u.currency) ~ '^[A-Za-z]{3}$' THEN upper(btrim(u.currency)) ELSE 'USD' END)),
    currency_defaulted = true
FROM users u
WHERE u.id = r.user_id
  AND jsonb_typeof(r.query) = 'object'
  AND (jsonb_typeof(r.query -> 'min_price') = 'number' OR jsonb_typeof(r.query -> 'max_price') = 'number')
  AND NOT coalesce(jsonb_typeof(r.query -> 'currency') = 'string' AND r.query ->> 'currency' ~ '\S', false);
