-- What will be written: all events of new deals, and of known ones what is new. A decision is not told again while the
-- same outcome stands; one that no history dates and that overturns what came later is known from the day of the export.
CREATE OR REPLACE TABLE import_events AS
WITH chosen AS (
    SELECT e.* REPLACE (d.key AS deal), d.source_id
    FROM read_events AS e JOIN import_deals AS d ON d.source_id = e.deal AND d.is_new
    UNION ALL
    SELECT
        u.* EXCLUDE (why) REPLACE (
            CASE WHEN p.overturns THEN $known_at ELSE u.happened_at END AS happened_at,
            CASE WHEN p.overturns THEN $known_at ELSE u.recorded_at END AS recorded_at,
            CASE WHEN p.overturns THEN 'snapshot' ELSE u.recorded_how END AS recorded_how
        ),
        NULL AS source_id
    FROM unseen_events AS u
    LEFT JOIN (
        SELECT
            u.ordinal, u.happened_at < d.happened_at AS overturns,
            d.is_decided AND u.name IS NOT DISTINCT FROM d.name
                AND (u.note IS NULL OR u.note IS NOT DISTINCT FROM d.note) AS stands
        FROM unseen_events AS u JOIN decisions AS d ON d.deal = u.deal
        WHERE u.kind = 'deal_decided' AND u.recorded_how <> 'history'
    ) AS p ON p.ordinal = u.ordinal
    WHERE u.ordinal NOT IN (SELECT ordinal FROM known_values) AND p.stands IS NOT TRUE
)
SELECT * FROM chosen
