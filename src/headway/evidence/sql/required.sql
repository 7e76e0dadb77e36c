-- Which milestones each observed deal needs; a bound on an unknown amount does not bind.
CREATE OR REPLACE TABLE required AS
SELECT f.deal, m.milestone, m.rank, m.grade, m.shelf_us, f.frozen_at
FROM frozen AS f
JOIN (SELECT DISTINCT deal FROM buyer_acts) AS o ON o.deal = f.deal
JOIN milestones AS m ON m.process = f.process
LEFT JOIN milestone_types AS t ON t.milestone = m.milestone AND t.record_type = f.record_type
WHERE (m.amount_from IS NULL OR f.amount >= m.amount_from) AND (NOT m.by_type OR t.milestone IS NOT NULL)
