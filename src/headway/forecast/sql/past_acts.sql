SELECT deal, day, until, epoch_us(happened_at) // 86400000000 AS value FROM rewind_acts ORDER BY deal, day
