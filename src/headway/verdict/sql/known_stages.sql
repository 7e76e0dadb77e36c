SELECT deal, epoch_us(real_at) AS at_us, rank AS value FROM known_levels ORDER BY ALL
