-- The days in which the share $share of the decided deals came from creation to decision.
SELECT quantile_cont(epoch_us(decided_at) - epoch_us(created_at), CAST($share AS DOUBLE)) / 86400000000.0 AS days
FROM deals WHERE decided_at >= created_at
