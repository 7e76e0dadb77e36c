-- Spans of days on which a claim, or an amount, was the last one known. The log's order makes the last the greatest
-- turn, so what is recorded late but happened earlier changes nothing from the day it is known.
CREATE OR REPLACE TABLE rewind_said AS
WITH daily AS (
    SELECT deal, kind, day, max(turn) AS turn
    FROM rewind_known WHERE kind IN ('stage_claimed', 'amount_set')
    GROUP BY deal, kind, day
), running AS (
    SELECT deal, kind, day, lead(day, 1, $beyond) OVER past AS until, max(turn) OVER past AS turn
    FROM daily
    WINDOW past AS (PARTITION BY deal, kind ORDER BY day)
)
SELECT r.deal, r.kind, r.day, r.until, l.rank, NULL AS amount
FROM running AS r
JOIN events AS e ON e.turn = r.turn
JOIN deal_processes AS p ON p.deal = r.deal
JOIN places AS l ON l.process = p.process AND l.code = e.code
WHERE r.kind = 'stage_claimed'
UNION ALL
SELECT r.deal, r.kind, r.day, r.until, NULL, s.amount
FROM running AS r
JOIN events AS e ON e.turn = r.turn
JOIN source_events AS s ON s.ordinal = e.ordinal
WHERE r.kind = 'amount_set'
