-- Stages that lie between the ends of a jump belong to the jump.
WITH between AS (
    SELECT p.deal, p.rank, count(*) AS stages
    FROM passings AS p
    JOIN expected_stages AS s ON s.process = p.process AND s.rank > p.from_rank AND s.rank < p.to_rank
    WHERE p.from_rank > 0
    GROUP BY p.deal, p.rank
)
SELECT p.deal, p.rank, p.passed_at AS happened_at, 0 AS measure, 1 AS count, p.to_rank AS other, p.ordinal
FROM passings AS p
LEFT JOIN between AS b ON b.deal = p.deal AND b.rank = p.rank
WHERE NOT p.entered AND NOT p.proven AND coalesce(b.stages, 0) < 2
