SELECT e.deal, epoch_us(e.happened_at) AS at_us, CAST(0 AS INTEGER) AS value
FROM events AS e
WHERE e.kind = 'activity_done'
ORDER BY e.turn
