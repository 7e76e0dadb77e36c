-- Snapshot values that say nothing new: the value that stood at that moment, by the store and by the rest of the files.
CREATE OR REPLACE TABLE known_values AS
WITH told AS (
    SELECT deal, kind, happened_at, ordinal, 0 AS source, name, amount, due_on FROM source_events
    WHERE kind IN ('stage_claimed', 'amount_set', 'owner_set', 'close_date_set')
    UNION ALL
    SELECT deal, kind, happened_at, ordinal, 1 AS source, name, amount, due_on FROM unseen_events
    WHERE kind IN ('stage_claimed', 'amount_set', 'owner_set', 'close_date_set') AND recorded_how <> 'snapshot'
), latest AS (
    SELECT
        g.ordinal, arg_max(
            {'name': t.name, 'amount': t.amount, 'due_on': t.due_on},
            {'at': t.happened_at, 'source': t.source, 'ordinal': t.ordinal}
        ) AS stood
    FROM unseen_events AS g
    JOIN told AS t ON t.deal = g.deal AND t.kind = g.kind AND t.happened_at <= g.happened_at
    WHERE g.recorded_how = 'snapshot' AND g.kind IN ('stage_claimed', 'amount_set', 'owner_set', 'close_date_set')
    GROUP BY g.ordinal
)
SELECT g.ordinal
FROM unseen_events AS g
JOIN latest AS l ON l.ordinal = g.ordinal
WHERE g.name IS NOT DISTINCT FROM l.stood.name AND g.amount IS NOT DISTINCT FROM l.stood.amount
    AND g.due_on IS NOT DISTINCT FROM l.stood.due_on
