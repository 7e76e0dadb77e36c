-- Every open deal with a process, by money.
SELECT
    s.deal, d.id, d.name, d.account, d.owner, CAST(d.amount AS DOUBLE) AS amount, d.currency, m.amount AS worth,
    s.process, s.claimed_rank, s.evidenced_rank, s.observed, s.waiting,
    s.silence_us / 86400000000.0 AS silence_days, s.seller_silence_us / 86400000000.0 AS seller_silence_days,
    (epoch_us(CAST($at AS TIMESTAMP)) - epoch_us(v.since)) / 86400000000.0 AS days_in_stage, d.close_on
FROM standings AS s
JOIN deals AS d ON d.deal = s.deal
JOIN money AS m ON m.deal = s.deal
LEFT JOIN (
    SELECT deal, max(happened_at) AS since FROM visits WHERE next_rank IS NULL GROUP BY deal
) AS v ON v.deal = s.deal
WHERE s.decided_at IS NULL
ORDER BY coalesce(m.amount, 0) DESC, d.deal
