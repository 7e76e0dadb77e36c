-- Per stage and deal: days from when the stage was entered (claimed) or became real (evidenced) to the deal's end,
-- or to as of. Deals that ended before they entered it are not in it.
SELECT
    s.process, s.rank, s.deal, d.outcome,
    (epoch_us(coalesce(d.decided_at, CAST($at AS TIMESTAMP))) - epoch_us(s.started_at)) / 86400000000.0 AS days
FROM (
    SELECT v.process, v.rank, v.deal, min(v.happened_at) AS started_at
    FROM visits AS v WHERE NOT $evidenced GROUP BY v.process, v.rank, v.deal
    UNION ALL
    SELECT p.process, t.rank, t.deal, t.real_at
    FROM stage_proofs AS t JOIN deal_processes AS p ON p.deal = t.deal WHERE $evidenced
) AS s
JOIN deals AS d ON d.deal = s.deal
WHERE s.started_at <= coalesce(d.decided_at, CAST($at AS TIMESTAMP))
ORDER BY s.process, s.rank, s.deal
