-- When the gate asks each deal: at the first claim of its stage or, without days, of one beyond; as soon as that claim
-- is recorded and the days are over. With days, only deals still claimed there by what was known then.
CREATE OR REPLACE TABLE gate_moments AS
WITH firsts AS (
    SELECT
        m.deal, m.process, g.rank,
        min(greatest(m.happened_at + to_days(CAST($after_days AS INTEGER)), coalesce(m.recorded_at, m.happened_at))) AS moment
    FROM moves AS m
    JOIN gate_stages AS g ON g.process = m.process AND (m.rank = g.rank OR ($after_days = 0 AND m.rank > g.rank))
    WHERE m.recorded_how <> 'snapshot'
    GROUP BY m.deal, m.process, g.rank
), latest AS (
    SELECT f.deal, max(m.turn) AS turn
    FROM firsts AS f
    JOIN moves AS m ON m.deal = f.deal
    WHERE m.recorded_how <> 'snapshot' AND greatest(m.happened_at, coalesce(m.recorded_at, m.happened_at)) <= f.moment
    GROUP BY f.deal
)
SELECT f.deal, f.process, f.moment
FROM firsts AS f
JOIN latest AS l ON l.deal = f.deal
JOIN moves AS m ON m.turn = l.turn
WHERE $after_days = 0 OR m.rank = f.rank
