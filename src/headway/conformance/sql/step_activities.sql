-- The activities that fulfil each step, on all deals of its process.
CREATE OR REPLACE TABLE step_activities AS
SELECT n.item, e.deal, e.happened_at
FROM step_names AS n
JOIN steps AS s ON s.item = n.item
JOIN codes AS c ON c.kind = 'activity_done' AND c.name = n.name
JOIN events AS e ON e.kind = 'activity_done' AND e.code = c.code
JOIN deal_processes AS p ON p.deal = e.deal AND p.process = s.process
