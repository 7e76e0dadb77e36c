SELECT
    count(*) AS deals, coalesce(CAST(sum(d.events) AS BIGINT), 0) AS events,
    count(*) FILTER (WHERE d.outcome = 'won') AS won,
    count(*) FILTER (WHERE d.outcome = 'lost') AS lost,
    count(*) FILTER (WHERE d.outcome = 'no_decision') AS no_decision,
    count(*) FILTER (WHERE d.outcome = 'withdrawn') AS withdrawn,
    count(*) FILTER (WHERE d.outcome IS NULL) AS open,
    count(DISTINCT d.owner) AS owners, count(DISTINCT d.account) AS accounts,
    min(d.created_at) AS first_at, max(d.last_at) AS last_at,
    coalesce(sum(m.amount) FILTER (WHERE d.outcome IS NULL), 0) AS open_amount,
    count(*) FILTER (WHERE d.outcome IS NULL AND d.amount IS NULL) AS open_without_amount,
    count(*) FILTER (WHERE NOT m.counted) AS other_currency_deals,
    count(*) FILTER (WHERE p.deal IS NULL) AS without_process,
    count(*) FILTER (WHERE d.outcome = 'lost' AND d.reason IS NOT NULL) AS lost_with_reason,
    coalesce((SELECT CAST(sum(events) AS BIGINT) FROM runs WHERE kind = 'buyer_acted'), 0) AS buyer_acts,
    coalesce((SELECT CAST(sum(events) AS BIGINT) FROM runs WHERE kind = 'activity_done'), 0) AS activities
FROM deals AS d
JOIN money AS m ON m.deal = d.deal
LEFT JOIN deal_processes AS p ON p.deal = d.deal
