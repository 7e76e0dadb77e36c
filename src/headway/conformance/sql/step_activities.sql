-- The activities that fulfil each step.
CREATE OR REPLACE TABLE step_activities AS
SELECT n.item, e.deal, e.happened_at
FROM step_names AS n
JOIN codes AS c ON c.kind = 'activity_done' AND c.name = n.name
JOIN events AS e ON e.kind = 'activity_done' AND e.code = c.code
JOIN step_triggers AS t ON t.item = n.item AND t.deal = e.deal
