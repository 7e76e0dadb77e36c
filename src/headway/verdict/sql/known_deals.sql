-- One row per deal of the log, in order of its number: what the file knows of it, and its process (NULL: none).
-- repeated: alike in name, account, creation, decision, amount and number of events to an earlier one: exported twice.
WITH alike AS (
    SELECT min(deal) AS first, name, account, created_at, decided_at, amount, events
    FROM deals
    WHERE name <> id
    GROUP BY name, account, created_at, decided_at, amount, events
    HAVING count(*) > 1
)
SELECT
    d.deal, p.process, epoch_us(d.created_at) AS created_us, epoch_us(d.decided_at) AS decided_us,
    coalesce(d.outcome = 'won', FALSE) AS won, CAST(d.amount AS DOUBLE) AS amount, d.segment, d.record_type, d.owner,
    a.first IS NOT NULL AS repeated
FROM deals AS d
LEFT JOIN deal_processes AS p ON p.deal = d.deal
LEFT JOIN alike AS a ON a.first < d.deal AND a.name = d.name AND a.account IS NOT DISTINCT FROM d.account
    AND a.created_at = d.created_at AND a.decided_at IS NOT DISTINCT FROM d.decided_at
    AND a.amount IS NOT DISTINCT FROM d.amount AND a.events = d.events
ORDER BY d.deal
