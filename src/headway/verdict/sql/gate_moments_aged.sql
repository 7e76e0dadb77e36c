-- When the gate asks each deal: so many days after it was created, or where that had not been recorded by then, after
-- the first thing known to have happened to it.
CREATE OR REPLACE TABLE gate_moments AS
WITH told AS (
    SELECT
        e.deal, e.kind = 'deal_created' AS made, coalesce(e.recorded_at, e.happened_at) AS known_at,
        greatest(e.happened_at + to_days(CAST($after_days AS INTEGER)), coalesce(e.recorded_at, e.happened_at)) AS due_at
    FROM events AS e
    WHERE e.recorded_how <> 'snapshot' AND e.kind NOT IN ('owner_set', 'amount_set', 'close_date_set')
), firsts AS (
    SELECT
        deal, min(CASE WHEN made THEN due_at END) AS made_at, min(CASE WHEN made THEN known_at END) AS made_known_at,
        min(CASE WHEN NOT made THEN due_at END) AS acted_at
    FROM told
    GROUP BY deal
)
SELECT f.deal, p.process, CASE WHEN f.acted_at IS NULL OR f.made_known_at <= f.acted_at THEN f.made_at ELSE f.acted_at END AS moment
FROM firsts AS f
JOIN deal_processes AS p ON p.deal = f.deal
JOIN gate_stages AS g ON g.process = p.process
