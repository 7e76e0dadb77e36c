-- When each step of the seller's own became due on each deal that was still open then.
CREATE OR REPLACE TABLE step_triggers AS
SELECT t.item, t.deal, t.started_at, t.due_at
FROM step_starts AS t
JOIN steps AS s ON s.item = t.item
JOIN frozen AS f ON f.deal = t.deal
WHERE t.due_at <= f.frozen_at AND NOT s.at_buyers_request AND NOT t.excused
