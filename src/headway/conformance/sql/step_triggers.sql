-- When each step of the seller's own became due on each deal that was still open then.
CREATE OR REPLACE TABLE step_triggers AS
WITH started AS (
    SELECT s.item, v.deal, min(v.happened_at) AS started_at
    FROM steps AS s JOIN visits AS v ON v.process = s.process AND v.rank = s.rank
    WHERE s.after IS NULL
    GROUP BY s.item, v.deal
    UNION ALL
    SELECT s.item, e.deal, min(e.happened_at)
    FROM steps AS s
    JOIN codes AS c ON c.kind = 'buyer_acted' AND c.name = s.after
    JOIN events AS e ON e.kind = 'buyer_acted' AND e.code = c.code
    JOIN deal_processes AS p ON p.deal = e.deal AND p.process = s.process
    WHERE s.after IS NOT NULL
    GROUP BY s.item, e.deal
)
SELECT t.item, t.deal, t.started_at, t.started_at + to_days(s.due_days) AS due_at
FROM started AS t
JOIN steps AS s ON s.item = t.item
JOIN frozen AS f ON f.deal = t.deal
WHERE t.started_at + to_days(s.due_days) <= f.frozen_at AND NOT s.at_buyers_request
