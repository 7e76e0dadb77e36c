-- Deals by whether they were first claimed since a moment, and of these how many at the gate's stage or beyond at once.
WITH firsts AS (
    SELECT
        m.deal, m.process, min(m.happened_at) AS at,
        arg_min(m.rank, {'at': m.happened_at, 'turn': m.turn}) AS rank
    FROM moves AS m
    GROUP BY m.deal, m.process
)
SELECT
    count(*) FILTER (f.at < $since AND f.rank >= g.rank) AS late_before,
    count(*) FILTER (f.at < $since) AS before,
    count(*) FILTER (f.at >= $since AND f.rank >= g.rank) AS late_since,
    count(*) FILTER (f.at >= $since) AS since
FROM firsts AS f
JOIN gate_stages AS g ON g.process = f.process
WHERE f.at >= $from
