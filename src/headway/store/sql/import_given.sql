-- What the files say of deals the store knows already. An assumed value that contradicts what was assumed of the same
-- moment before is a change since: it is known from the day of this export. `why` tells decisions apart.
CREATE OR REPLACE TABLE given_events AS
WITH contradicted AS (
    SELECT DISTINCT e.ordinal
    FROM read_events AS e
    JOIN import_deals AS d ON d.source_id = e.deal AND NOT d.is_new
    JOIN source_events AS s ON s.deal = d.key AND s.kind = e.kind AND s.happened_at = e.happened_at
        AND s.recorded_how = 'assumed'
    WHERE e.recorded_how = 'assumed' AND e.kind IN ('amount_set', 'owner_set')
        AND (s.name IS DISTINCT FROM e.name OR s.amount IS DISTINCT FROM e.amount)
)
SELECT
    e.* REPLACE (
        d.key AS deal,
        CASE WHEN c.ordinal IS NULL THEN e.happened_at ELSE $known_at END AS happened_at,
        CASE WHEN c.ordinal IS NULL THEN e.recorded_at ELSE $known_at END AS recorded_at,
        CASE WHEN c.ordinal IS NULL THEN e.recorded_how ELSE 'snapshot' END AS recorded_how
    ),
    CASE WHEN e.kind = 'deal_decided' THEN e.note END AS why
FROM read_events AS e
LEFT JOIN import_deals AS d ON d.source_id = e.deal
LEFT JOIN contradicted AS c ON c.ordinal = e.ordinal
WHERE e.deal IS NULL OR NOT d.is_new
