-- Moves between stages: from creation (0), between stages, and from the last stage to the outcome.
WITH steps AS (
    SELECT deal, process, 0 AS from_rank, rank AS to_rank, CAST(NULL AS VARCHAR) AS outcome, CAST(NULL AS BIGINT) AS stay_us
    FROM visits WHERE from_rank = 0
    UNION ALL
    SELECT deal, process, rank, next_rank, NULL, epoch_us(left_at) - epoch_us(happened_at) FROM visits
    WHERE next_rank IS NOT NULL
    UNION ALL
    SELECT v.deal, v.process, v.rank, NULL, CAST(d.outcome AS VARCHAR), epoch_us(v.left_at) - epoch_us(v.happened_at)
    FROM visits AS v JOIN deals AS d ON d.deal = v.deal
    WHERE v.next_rank IS NULL AND d.outcome IS NOT NULL
)
SELECT s.process, s.from_rank, s.to_rank, s.outcome, count(*) AS moves, count(DISTINCT s.deal) AS deals,
    quantile_cont(s.stay_us, 0.5) / 86400000000.0 AS median_days, coalesce(sum(m.amount), 0) AS amount
FROM steps AS s JOIN money AS m ON m.deal = s.deal
GROUP BY s.process, s.from_rank, s.to_rank, s.outcome
ORDER BY s.process, moves DESC, s.from_rank, s.to_rank, s.outcome
