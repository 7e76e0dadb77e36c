SELECT
    m.deal, m.rank, m.shown_at AS happened_at, (epoch_us(f.frozen_at) - epoch_us(m.shown_at)) / 86400000000.0 AS measure,
    1 AS count, m.milestone AS other, NULL AS ordinal
FROM milestone_states AS m
JOIN frozen AS f ON f.deal = m.deal
WHERE m.state = 3 AND f.decided_at IS NULL
