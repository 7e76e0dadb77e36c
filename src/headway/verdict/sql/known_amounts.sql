-- What amount each deal had from when, in hundredths; not what only the export's last day knows.
SELECT e.deal, epoch_us(e.happened_at) AS at_us, CAST(round(s.amount * 100) AS BIGINT) AS value
FROM events AS e
JOIN source_events AS s ON s.ordinal = e.ordinal
WHERE e.kind = 'amount_set' AND e.recorded_how <> 'snapshot' AND s.amount IS NOT NULL
ORDER BY e.turn
