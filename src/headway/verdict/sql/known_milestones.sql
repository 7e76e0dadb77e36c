SELECT deal, epoch_us(first_at) AS at_us, milestone AS value FROM known_firsts WHERE first_at IS NOT NULL ORDER BY ALL
