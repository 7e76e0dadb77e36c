-- A history that names its deals only by name: the id of the one deal that is called so. `namesakes` counts deals.
CREATE OR REPLACE TEMP TABLE named_states AS
SELECT s.* REPLACE (CASE WHEN s.deal IS NOT NULL THEN s.deal
                         WHEN n.deals IS NULL THEN s.deal_name
                         WHEN n.deals = 1 THEN n.deal END AS deal),
       coalesce(n.deals, 0) AS namesakes
FROM staged_states AS s
LEFT JOIN (
    SELECT name, min(deal) AS deal, count(*) AS deals FROM kept_deals WHERE name IS NOT NULL GROUP BY name
) AS n ON n.name = s.deal_name
WHERE s.deal IS NULL OR s.deal NOT IN (SELECT deal FROM forgotten_deals)
