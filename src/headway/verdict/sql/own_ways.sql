-- One row per deal and rule (or step) that an exception was allowed for, while the deal was open. The first one counts:
-- allowing it again moves neither the prediction nor the moment. stage_rank: the stage claimed then; real: whether the
-- buyer had done what it takes; target: the stage that `proven` speaks of (that one, or the next where it was real).
CREATE OR REPLACE TABLE own_ways AS
WITH firsts AS (
    SELECT e.deal, e.code, min(e.turn) AS turn
    FROM events AS e JOIN deals AS d ON d.deal = e.deal
    WHERE e.kind = 'exception_allowed' AND (d.decided_at IS NULL OR e.happened_at < d.decided_at)
    GROUP BY e.deal, e.code
), told AS (
    SELECT f.deal, f.code, f.turn AS way, s.name AS rule, e.happened_at, s.due_on, s.ref
    FROM firsts AS f
    JOIN events AS e ON e.turn = f.turn
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE s.name IS NOT NULL
), placed AS (
    SELECT t.deal, t.code, max(v.turn) AS turn
    FROM told AS t
    JOIN visits AS v ON v.deal = t.deal AND v.happened_at <= t.happened_at AND (v.left_at IS NULL OR v.left_at > t.happened_at)
    GROUP BY t.deal, t.code
), stood AS (
    SELECT
        t.*, v.process, v.rank AS stage_rank, epoch_us(t.happened_at) - epoch_us(v.happened_at) AS age_us,
        coalesce(p.real_at <= t.happened_at, FALSE) AS real,
        v.rank + CASE WHEN p.real_at <= t.happened_at THEN 1 ELSE 0 END AS target
    FROM told AS t
    LEFT JOIN placed AS l ON l.deal = t.deal AND l.code = t.code
    LEFT JOIN visits AS v ON v.turn = l.turn
    LEFT JOIN stage_proofs AS p ON p.deal = v.deal AND p.rank = v.rank
)
SELECT
    s.*, d.outcome, d.decided_at,
    z.process IS NOT NULL AS provable, q.real_at AS proven_at
FROM stood AS s
JOIN deals AS d ON d.deal = s.deal
LEFT JOIN stage_proofs AS q ON q.deal = s.deal AND q.rank = s.target
LEFT JOIN (SELECT DISTINCT process, rank FROM milestones) AS z ON z.process = s.process AND z.rank = s.target
