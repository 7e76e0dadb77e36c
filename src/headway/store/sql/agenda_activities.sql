-- When sellers did what their process asks for, and when a review looked at the deal: of some deals, what counts.
-- In braces: placeholders of the deals, and of the activities' names. Left out: the same as in told_events.
SELECT e.deal_id, e.kind, e.happened_at, e.id, e.name, e.recorded_at
FROM store_event AS e
LEFT JOIN store_voiding AS v ON v.event_id = e.id
LEFT JOIN store_batchundone AS u ON u.batch_id = e.batch_id
LEFT JOIN store_batchkept AS k ON k.batch_id = e.batch_id AND k.deal_id = e.deal_id
WHERE e.deal_id IN ({deals})
    AND (e.kind = 'deal_inspected' OR (e.kind = 'activity_done' AND e.name IN ({names})))
    AND v.id IS NULL AND (u.id IS NULL OR k.id IS NOT NULL)
ORDER BY e.deal_id, e.happened_at, e.id
