-- When stages of open deals were claimed, by team; creation and decision are no claims of the way between. Where
-- there are very many, every $every-th day of a team is read, whole.
SELECT t.team, epoch_us(e.happened_at) AS at_us, e.deal
FROM events AS e
JOIN deals AS d ON d.deal = e.deal
JOIN deal_teams AS t ON t.deal = e.deal
WHERE e.kind = 'stage_claimed' AND e.recorded_how <> 'snapshot' AND e.previous IS NOT NULL AND e.code <> e.previous
    AND (d.decided_at IS NULL OR e.happened_at < d.decided_at)
    AND (epoch_us(e.happened_at) // 86400000000 * 7919 + t.team * 104729) % $every = 0
ORDER BY t.team, e.happened_at, e.deal
