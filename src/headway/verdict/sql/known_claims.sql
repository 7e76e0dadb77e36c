SELECT deal, epoch_us(happened_at) AS at_us, rank AS value FROM visits ORDER BY deal, turn
