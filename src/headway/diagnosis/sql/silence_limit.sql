-- The 90th percentile of the days between one buyer act and the next on deals that were won.
SELECT count(*) AS gaps, quantile_cont(epoch_us(b.next_at) - epoch_us(b.happened_at), 0.9) / 86400000000.0 AS days
FROM buyer_acts AS b
JOIN deals AS d ON d.deal = b.deal AND d.outcome = 'won'
WHERE b.next_at IS NOT NULL
