-- Past deals at the age (days since they entered a stage) that open deals there have now: still claimed there and
-- undecided then; was the stage evidenced by then, and how did they end.
SELECT
    v.process, v.rank, v.deal, t.real_at IS NOT NULL AND t.real_at <= v.seen_at AS evidenced, d.outcome,
    (epoch_us(coalesce(d.decided_at, CAST($at AS TIMESTAMP))) - epoch_us(v.seen_at)) / 86400000000.0 AS days,
    (epoch_us(CAST($at AS TIMESTAMP)) - epoch_us(v.seen_at)) / 86400000000.0 AS followed_days
FROM (
    SELECT v.process, v.rank, v.deal, v.left_at, v.happened_at + to_microseconds(CAST(a.age_us AS BIGINT)) AS seen_at
    FROM (
        SELECT process, rank, deal, min(happened_at) AS happened_at, min(left_at) AS left_at
        FROM visits GROUP BY process, rank, deal
    ) AS v
    JOIN (
        SELECT s.process, s.claimed_rank AS rank,
            quantile_cont(epoch_us(CAST($at AS TIMESTAMP)) - epoch_us(o.since), 0.5) AS age_us
        FROM standings AS s
        JOIN (SELECT deal, max(happened_at) AS since FROM visits WHERE next_rank IS NULL GROUP BY deal) AS o
            ON o.deal = s.deal
        WHERE s.decided_at IS NULL
        GROUP BY s.process, s.claimed_rank
    ) AS a ON a.process = v.process AND a.rank = v.rank
) AS v
JOIN deals AS d ON d.deal = v.deal
JOIN (SELECT DISTINCT deal FROM buyer_acts) AS o ON o.deal = v.deal
LEFT JOIN stage_proofs AS t ON t.deal = v.deal AND t.rank = v.rank
WHERE v.seen_at <= CAST($at AS TIMESTAMP) AND (v.left_at IS NULL OR v.left_at > v.seen_at)
    AND (d.decided_at IS NULL OR d.decided_at > v.seen_at)
ORDER BY v.process, v.rank, v.deal
