-- The moment at which something that had happened was still not recorded, and late.
SELECT e.deal, e.happened_at + to_microseconds(l.late_us) AS happened_at
FROM events AS e
JOIN deal_processes AS d ON d.deal = e.deal
JOIN process_limits AS l ON l.process = d.process
WHERE e.recorded_how = 'history' AND epoch_us(e.recorded_at) - epoch_us(e.happened_at) > l.late_us
