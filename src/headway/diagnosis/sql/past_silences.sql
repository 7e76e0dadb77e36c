-- Of decided deals: the longest the buyer was ever silent while the deal claimed each stage, in days.
SELECT v.process, v.rank, v.deal, any_value(d.outcome) = 'won' AS won,
    max(epoch_us(least(coalesce(b.next_at, d.decided_at), coalesce(v.left_at, d.decided_at))) - epoch_us(b.happened_at))
        / 86400000000.0 AS silence_days
FROM visits AS v
JOIN deals AS d ON d.deal = v.deal AND d.outcome IS NOT NULL
JOIN buyer_acts AS b ON b.deal = v.deal
    AND b.happened_at < coalesce(v.left_at, d.decided_at) AND coalesce(b.next_at, d.decided_at) > v.happened_at
GROUP BY v.process, v.rank, v.deal
ORDER BY v.process, v.rank, silence_days
