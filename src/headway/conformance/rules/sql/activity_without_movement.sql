WITH moved AS (
    SELECT s.deal, greatest(max(v.happened_at), max(b.last_at)) AS moved_at, max(v.rank) AS top
    FROM standings AS s
    LEFT JOIN visits AS v ON v.deal = s.deal
    LEFT JOIN (SELECT deal, max(happened_at) AS last_at FROM buyer_acts GROUP BY deal) AS b ON b.deal = s.deal
    WHERE s.decided_at IS NULL
    GROUP BY s.deal
)
SELECT
    m.deal, s.claimed_rank AS rank, max(e.happened_at) AS happened_at,
    any_value(epoch_us(f.frozen_at) - epoch_us(m.moved_at)) / 86400000000.0 AS measure, count(*) AS count,
    NULL AS other, max(e.ordinal) AS ordinal
FROM moved AS m
JOIN standings AS s ON s.deal = m.deal
JOIN frozen AS f ON f.deal = m.deal
JOIN process_limits AS l ON l.process = s.process
JOIN events AS e ON e.deal = m.deal AND e.kind = 'activity_done' AND e.happened_at > m.moved_at
WHERE epoch_us(f.frozen_at) - epoch_us(m.moved_at) > l.silence_us
GROUP BY m.deal, s.claimed_rank, l.activities
HAVING count(*) >= l.activities
