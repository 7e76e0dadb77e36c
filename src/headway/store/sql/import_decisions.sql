-- How each deal stood in the store before this import, and with what the files' own history adds.
-- ordinal: of the stored event that decided it, NULL where a file did.
CREATE OR REPLACE TABLE decisions AS
WITH told AS (
    SELECT deal, kind, name, note, happened_at, 0 AS source, ordinal FROM source_events
    WHERE kind IN ('deal_decided', 'deal_reopened') AND deal IS NOT NULL
    UNION ALL
    SELECT deal, kind, name, note, happened_at, 1 AS source, ordinal FROM unseen_events
    WHERE kind IN ('deal_decided', 'deal_reopened') AND recorded_how = 'history'
)
SELECT
    deal, last.kind = 'deal_decided' AS is_decided, last.name, last.note, last.happened_at,
    CASE WHEN last.source = 0 THEN last.ordinal END AS ordinal
FROM (
    SELECT
        deal, arg_max(
            {'kind': kind, 'name': name, 'note': note, 'happened_at': happened_at, 'source': source, 'ordinal': ordinal},
            {'at': happened_at, 'decides': kind = 'deal_decided', 'source': source, 'ordinal': ordinal}
        ) AS last
    FROM told GROUP BY deal
)
