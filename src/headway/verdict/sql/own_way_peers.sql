-- What deals alike did, per exception that can be scored (scored_ways: way, follow_us, predicted): deals without an
-- exception of that rule that had been in the same stage for as long, their buyer as far there (real) or not, and could be
-- followed for as long since. In a stage with over $most deals every n-th of them. Two kinds of rows: `way` with the share
-- (`peers`, `came_true`), and one with way NULL per group with the effective number of deals behind it (Kish).
WITH entered AS (
    SELECT process, rank, deal, min(happened_at) AS happened_at, min(left_at) AS left_at
    FROM visits GROUP BY process, rank, deal
), sieve AS (
    SELECT process, rank, 1 + count(*) // $most AS every FROM entered GROUP BY process, rank
), stays AS (
    SELECT
        v.process, v.rank, v.deal, v.happened_at, d.decided_at, d.outcome,
        least(v.left_at, d.decided_at, TIMESTAMP '9999-01-01') AS gone_at, p.real_at, q.real_at AS next_at
    FROM entered AS v
    JOIN sieve AS s ON s.process = v.process AND s.rank = v.rank AND v.deal % s.every = 0
    JOIN deals AS d ON d.deal = v.deal
    LEFT JOIN stage_proofs AS p ON p.deal = v.deal AND p.rank = v.rank
    LEFT JOIN stage_proofs AS q ON q.deal = v.deal AND q.rank = v.rank + 1
), seen AS (
    SELECT
        w.way, w.rule, k.predicted, v.deal, v.outcome, v.decided_at, CASE WHEN w.real THEN v.next_at ELSE v.real_at END AS target_at,
        v.happened_at + to_microseconds(w.age_us) + to_microseconds(k.follow_us) AS until
    FROM own_ways AS w
    JOIN scored_ways AS k ON k.way = w.way
    JOIN stays AS v ON v.process = w.process AND v.rank = w.stage_rank
    WHERE v.deal <> w.deal
        AND v.happened_at + to_microseconds(w.age_us) + to_microseconds(k.follow_us) <= CAST($at AS TIMESTAMP)
        AND v.gone_at > v.happened_at + to_microseconds(w.age_us)
        AND coalesce(v.real_at <= v.happened_at + to_microseconds(w.age_us), FALSE) = w.real
), alike AS (
    SELECT
        s.way, s.rule, s.predicted, s.deal,
        CASE s.predicted
            WHEN 'won' THEN s.outcome = 'won'
            WHEN 'ended' THEN s.outcome <> 'won'
            ELSE coalesce(s.target_at < s.until, FALSE)
        END AS came_true
    FROM seen AS s
    LEFT JOIN (SELECT DISTINCT deal, rule FROM own_ways) AS o ON o.deal = s.deal AND o.rule = s.rule
    WHERE o.deal IS NULL AND (s.predicted = 'proven' OR s.decided_at <= s.until)
), per_way AS (
    SELECT
        way, any_value(rule) AS rule, any_value(predicted) AS predicted, count(*) AS peers,
        count(*) FILTER (WHERE came_true) AS came_true
    FROM alike GROUP BY way
), weights AS (
    SELECT c.rule, c.predicted, c.deal, sum(1.0 / w.peers) AS weight
    FROM alike AS c JOIN per_way AS w ON w.way = c.way
    WHERE w.peers >= $least
    GROUP BY c.rule, c.predicted, c.deal
)
SELECT way, rule, predicted, CAST(peers AS DOUBLE) AS peers, CAST(came_true AS DOUBLE) AS came_true
FROM per_way WHERE peers >= $least
UNION ALL
SELECT NULL, rule, predicted, sum(weight) * sum(weight) / sum(weight * weight), NULL FROM weights GROUP BY rule, predicted
ORDER BY way, rule, predicted
