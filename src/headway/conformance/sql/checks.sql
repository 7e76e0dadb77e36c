-- One row per expectation that fell due: kept or not. Stages: entered, or proven, on deals that went beyond them.
-- Claims: on the day a stage was first claimed, the buyer had done what it takes (observed deals only; not of the
-- first stage, which a CRM claims by itself when a deal is created).
-- Steps: done by the due time, on deals still open then.
CREATE OR REPLACE TABLE checks AS
SELECT 'stage' AS kind, f.item, p.deal, p.process, p.rank, p.passed_at AS due_at, p.entered OR p.proven AS kept
FROM passings AS p
JOIN stage_facts AS f ON f.process = p.process AND f.rank = p.rank
UNION ALL
SELECT 'claim', c.item, v.deal, v.process, v.rank, v.claimed_at,
    coalesce(CAST(t.real_at AS DATE) <= CAST(v.claimed_at AS DATE), FALSE)
FROM (SELECT deal, process, rank, min(happened_at) AS claimed_at FROM visits WHERE rank > 1 GROUP BY deal, process, rank) AS v
JOIN claim_items AS c ON c.process = v.process AND c.rank = v.rank
JOIN (SELECT DISTINCT deal, rank FROM required) AS q ON q.deal = v.deal AND q.rank = v.rank
LEFT JOIN stage_proofs AS t ON t.deal = v.deal AND t.rank = v.rank
UNION ALL
SELECT 'step', s.item, t.deal, s.process, s.rank, t.due_at,
    count(CASE WHEN a.happened_at <= t.due_at AND (s.after IS NULL OR a.happened_at >= t.started_at) THEN 1 END) >= s.times
FROM step_triggers AS t
JOIN steps AS s ON s.item = t.item
LEFT JOIN step_activities AS a ON a.item = t.item AND a.deal = t.deal
GROUP BY s.item, t.deal, s.process, s.rank, s.times, t.due_at
