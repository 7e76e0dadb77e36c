SELECT deal, epoch_us(happened_at) AS at_us, CAST(0 AS INTEGER) AS value
FROM events WHERE kind = 'deal_inspected'
ORDER BY ALL
