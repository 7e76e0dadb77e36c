-- Those of them that the store lacks. Of events alike in everything, the n-th is the n-th: a file may hold two.
CREATE OR REPLACE TABLE unseen_events AS
WITH stored AS (
    SELECT
        deal, kind, name, happened_at, amount, due_on, contact, ref,
        CASE WHEN kind = 'deal_decided' THEN note END AS why,
        row_number() OVER (
            PARTITION BY deal, kind, name, happened_at, amount, due_on, contact, ref,
                CASE WHEN kind = 'deal_decided' THEN note END
            ORDER BY ordinal
        ) AS place
    FROM source_events
), given AS (
    SELECT *, row_number() OVER (
        PARTITION BY deal, kind, name, happened_at, amount, due_on, contact, ref, why ORDER BY ordinal
    ) AS place
    FROM given_events
)
SELECT g.* EXCLUDE (place)
FROM given AS g
LEFT JOIN stored AS s ON s.deal IS NOT DISTINCT FROM g.deal AND s.kind = g.kind AND s.happened_at = g.happened_at
    AND s.place = g.place AND s.name IS NOT DISTINCT FROM g.name AND s.amount IS NOT DISTINCT FROM g.amount
    AND s.due_on IS NOT DISTINCT FROM g.due_on AND s.contact IS NOT DISTINCT FROM g.contact
    AND s.ref IS NOT DISTINCT FROM g.ref AND s.why IS NOT DISTINCT FROM g.why
LEFT JOIN (SELECT DISTINCT deal FROM source_events WHERE kind = 'deal_created') AS m ON m.deal = g.deal
WHERE s.kind IS NULL AND (g.kind <> 'deal_created' OR m.deal IS NULL)
