-- Spans of days (until: the first day no longer) on which a deal was known and open. A deal is known from its first
-- event of any kind; the decision last known holds unless a reopening known by then happened after it.
CREATE OR REPLACE TABLE rewind_open AS
WITH marks AS (
    SELECT f.deal, c.day, NULL AS decided_at, NULL AS reopened_at
    FROM (SELECT deal, min(greatest(happened_at, recorded_at)) AS known_at FROM events GROUP BY deal) AS f
    JOIN rewind_calendar AS c ON c.known_on = greatest(CAST(f.known_at AS DATE), CAST($first AS DATE))
    UNION ALL
    SELECT deal, day, CASE WHEN kind = 'deal_decided' THEN happened_at END, CASE WHEN kind = 'deal_reopened' THEN happened_at END
    FROM rewind_known WHERE kind IN ('deal_decided', 'deal_reopened')
), daily AS (
    SELECT deal, day, max(decided_at) AS decided_at, max(reopened_at) AS reopened_at FROM marks GROUP BY deal, day
), running AS (
    SELECT
        deal, day, max(decided_at) OVER past AS decided_at, max(reopened_at) OVER past AS reopened_at,
        lead(day, 1, $beyond) OVER past AS until
    FROM daily
    WINDOW past AS (PARTITION BY deal ORDER BY day)
)
SELECT deal, day, until FROM running WHERE decided_at IS NULL OR reopened_at > decided_at
