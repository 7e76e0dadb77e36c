-- The state of every required milestone of every observed deal, best first:
-- 1 proven, 2 disputed, 3 lapsed, 4 weak, 5 open. at: when the evidence that gives the state happened.
CREATE OR REPLACE TABLE milestone_states AS
WITH judged AS (
    SELECT
        q.deal, q.milestone, q.rank, e.happened_at,
        CASE
            WHEN e.deal IS NULL THEN 5
            WHEN e.grade < q.grade THEN 4
            WHEN e.disputed THEN 2
            WHEN epoch_us(q.frozen_at) - epoch_us(e.happened_at) > q.shelf_us THEN 3
            ELSE 1
        END AS state
    FROM required AS q
    LEFT JOIN standing_evidence AS e ON e.deal = q.deal AND e.milestone = q.milestone
), best AS (
    SELECT deal, milestone, rank, min(state) AS state FROM judged GROUP BY deal, milestone, rank
), dated AS (
    SELECT b.deal, b.milestone, b.rank, b.state, max(j.happened_at) AS shown_at
    FROM best AS b
    JOIN judged AS j ON j.deal = b.deal AND j.milestone = b.milestone AND j.state = b.state
    GROUP BY b.deal, b.milestone, b.rank, b.state
), fresher AS (
    SELECT DISTINCT l.deal, l.milestone
    FROM dated AS l
    JOIN dated AS p ON p.deal = l.deal AND p.state = 1 AND p.rank > l.rank AND p.shown_at > l.shown_at
    WHERE l.state = 3
)
SELECT
    d.deal, d.milestone, d.rank, d.state, d.shown_at, f.deal IS NOT NULL AS reconfirm,
    d.state = 1 OR f.deal IS NOT NULL AS holds
FROM dated AS d
LEFT JOIN fresher AS f ON f.deal = d.deal AND f.milestone = d.milestone
