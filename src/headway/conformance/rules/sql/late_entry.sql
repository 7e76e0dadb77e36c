SELECT
    e.deal, NULL AS rank, max(e.happened_at) AS happened_at,
    max(epoch_us(e.recorded_at) - epoch_us(e.happened_at)) / 86400000000.0 AS measure, count(*) AS count,
    NULL AS other, max(e.ordinal) AS ordinal
FROM events AS e
JOIN deal_processes AS d ON d.deal = e.deal
JOIN process_limits AS l ON l.process = d.process
WHERE e.recorded_how = 'history' AND epoch_us(e.recorded_at) - epoch_us(e.happened_at) > l.late_us
GROUP BY e.deal
