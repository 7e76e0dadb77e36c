-- Who held each deal from when; not what only the export's last day knows.
SELECT e.deal, epoch_us(e.happened_at) AS at_us, c.name AS value
FROM events AS e
JOIN codes AS c ON c.code = e.code
WHERE e.kind = 'owner_set' AND e.recorded_how <> 'snapshot' AND c.name IS NOT NULL
ORDER BY e.turn
