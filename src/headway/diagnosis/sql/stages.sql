-- Per stage: deals that ever entered it, and the open deals and money that claim it now.
SELECT
    f.process, f.rank, coalesce(e.deals, 0) AS entered, count(o.deal) AS open_deals, coalesce(sum(o.amount), 0) AS open_amount
FROM stage_facts AS f
LEFT JOIN (SELECT process, rank, count(DISTINCT deal) AS deals FROM visits GROUP BY process, rank) AS e
    ON e.process = f.process AND e.rank = f.rank
LEFT JOIN (
    SELECT s.process, s.claimed_rank, s.deal, m.amount FROM standings AS s JOIN money AS m ON m.deal = s.deal
    WHERE s.decided_at IS NULL
) AS o ON o.process = f.process AND o.claimed_rank = f.rank
GROUP BY f.process, f.rank, e.deals
ORDER BY f.process, f.rank
