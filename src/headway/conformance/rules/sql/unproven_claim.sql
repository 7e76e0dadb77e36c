SELECT
    s.deal, s.claimed_rank AS rank, d.claimed_at AS happened_at, 0 AS measure,
    s.claimed_rank - s.evidenced_rank AS count, nullif(s.evidenced_rank, 0) AS other, NULL AS ordinal
FROM standings AS s
JOIN deals AS d ON d.deal = s.deal
WHERE s.decided_at IS NULL AND s.claimed_rank > s.evidenced_rank
