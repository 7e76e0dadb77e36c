-- The deals of an import beside those of the store; a column that the export lacks keeps what is known.
-- created_on: the day that decides which version of a process a new deal belongs to.
CREATE OR REPLACE TABLE import_deals AS
WITH about AS (
    SELECT
        deal, any_value(name) AS name, any_value(account) AS account, any_value(pipeline) AS pipeline,
        any_value(record_type) AS record_type, any_value(segment) AS segment, any_value(team) AS team,
        any_value(currency) AS currency
    FROM read_deals GROUP BY deal
), spans AS (
    SELECT
        deal, min(happened_at) AS first_at, min(happened_at) FILTER (kind = 'deal_created') AS made_at,
        min(happened_at) FILTER (kind NOT IN ('owner_set', 'amount_set', 'close_date_set')) AS acted_at
    FROM read_events WHERE deal IS NOT NULL GROUP BY deal
), named AS (
    SELECT deal FROM about UNION SELECT deal FROM spans
), settled AS (
    SELECT
        n.deal AS source_id, k.id, k.key, k.id IS NULL AS is_new, coalesce(NOT k.is_live, FALSE) AS is_back,
        left(coalesce(a.name, k.name, n.deal), 300) AS name,
        left(coalesce(a.account, k.account, ''), 300) AS account,
        left(coalesce(a.pipeline, k.pipeline, ''), 200) AS pipeline,
        left(coalesce(a.record_type, k.record_type, ''), 200) AS record_type,
        left(coalesce(a.segment, k.segment, ''), 200) AS segment,
        left(coalesce(a.team, k.team, ''), 200) AS team,
        left(coalesce(a.currency, k.currency, ''), 3) AS currency,
        CAST(coalesce(s.made_at, s.acted_at, s.first_at, $known_at) AS DATE) AS created_on
    FROM named AS n
    LEFT JOIN about AS a ON a.deal = n.deal
    LEFT JOIN spans AS s ON s.deal = n.deal
    LEFT JOIN known_deals AS k ON k.source_id = n.deal
)
SELECT
    s.*,
    k.id IS NOT NULL AND (
        s.is_back OR (s.name, s.account, s.pipeline, s.record_type, s.segment, s.team, s.currency)
            IS DISTINCT FROM (k.name, k.account, k.pipeline, k.record_type, k.segment, k.team, k.currency)
    ) AS is_changed
FROM settled AS s
LEFT JOIN known_deals AS k ON k.id = s.id
ORDER BY s.source_id
