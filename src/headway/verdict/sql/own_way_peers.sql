-- What deals alike did, per exception that can be scored (scored_ways: way, follow_us, predicted): deals without an
-- exception of that rule that had been in the same stage for as long, their buyer as far there (real) or not, and could be
-- followed for as long since. In a stage with many deals every n-th of them. Two kinds of rows: `way` with the share
-- (`peers`, `came_true`), and one with way NULL per group with the effective number of deals behind it (Kish).
WITH stays AS (
    SELECT process, rank, deal, min(happened_at) AS happened_at, min(left_at) AS left_at
    FROM visits GROUP BY process, rank, deal
), sieve AS (
    SELECT process, rank, 1 + count(*) // 4000 AS every FROM stays GROUP BY process, rank
), seen AS (
    SELECT
        w.way, w.rule, k.predicted, k.follow_us, w.target, w.real, v.deal,
        v.happened_at + to_microseconds(w.age_us) AS seen_at, v.left_at, v.process, v.rank
    FROM own_ways AS w
    JOIN scored_ways AS k ON k.way = w.way
    JOIN stays AS v ON v.process = w.process AND v.rank = w.stage_rank AND v.deal <> w.deal
    JOIN sieve AS s ON s.process = v.process AND s.rank = v.rank AND v.deal % s.every = 0
), alike AS (
    SELECT
        s.way, s.rule, s.predicted, s.deal,
        d.decided_at <= s.seen_at + to_microseconds(s.follow_us) AS decided,
        CASE s.predicted
            WHEN 'won' THEN d.outcome = 'won'
            WHEN 'ended' THEN d.outcome <> 'won'
            ELSE coalesce(q.real_at < s.seen_at + to_microseconds(s.follow_us), FALSE)
        END AS came_true
    FROM seen AS s
    JOIN deals AS d ON d.deal = s.deal
    LEFT JOIN stage_proofs AS p ON p.deal = s.deal AND p.rank = s.rank
    LEFT JOIN stage_proofs AS q ON q.deal = s.deal AND q.rank = s.target
    LEFT JOIN (SELECT DISTINCT deal, rule FROM own_ways) AS o ON o.deal = s.deal AND o.rule = s.rule
    WHERE o.deal IS NULL
        AND s.seen_at + to_microseconds(s.follow_us) <= CAST($at AS TIMESTAMP)
        AND (s.left_at IS NULL OR s.left_at > s.seen_at) AND (d.decided_at IS NULL OR d.decided_at > s.seen_at)
        AND coalesce(p.real_at <= s.seen_at, FALSE) = s.real
), counted AS (
    SELECT * FROM alike WHERE decided OR predicted = 'proven'
), per_way AS (
    SELECT
        way, any_value(rule) AS rule, any_value(predicted) AS predicted, count(*) AS peers,
        count(*) FILTER (WHERE came_true) AS came_true
    FROM counted GROUP BY way
), weights AS (
    SELECT c.rule, c.predicted, c.deal, sum(1.0 / w.peers) AS weight
    FROM counted AS c JOIN per_way AS w ON w.way = c.way
    WHERE w.peers >= $least
    GROUP BY c.rule, c.predicted, c.deal
)
SELECT way, rule, predicted, CAST(peers AS DOUBLE) AS peers, CAST(came_true AS DOUBLE) AS came_true
FROM per_way WHERE peers >= $least
UNION ALL
SELECT NULL, rule, predicted, sum(weight) * sum(weight) / sum(weight * weight), NULL FROM weights GROUP BY rule, predicted
ORDER BY way, rule, predicted
