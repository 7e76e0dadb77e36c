-- Every event that counts of some deals, without what only the seller did: for their rows on My deals.
-- In braces: placeholders of the deals. Left out: events taken back, and undone imports but for deals they left alone.
SELECT
    e.deal_id, e.kind, e.happened_at, e.id, e.name, e.recorded_at, e.recorded_how, c.text, e.grade, e.amount, e.due_on,
    e.ref, n.text
FROM store_event AS e
LEFT JOIN store_wording AS c ON c.id = e.contact_id
LEFT JOIN store_wording AS n ON n.id = e.note_id
LEFT JOIN store_voiding AS v ON v.event_id = e.id
LEFT JOIN store_batchundone AS u ON u.batch_id = e.batch_id
LEFT JOIN store_batchkept AS k ON k.batch_id = e.batch_id AND k.deal_id = e.deal_id
WHERE e.deal_id IN ({deals})
    AND e.kind NOT IN ('activity_done', 'review_held', 'review_missed', 'deal_inspected', 'exception_allowed', 'trial_assigned')
    AND v.id IS NULL AND (u.id IS NULL OR k.id IS NOT NULL)
ORDER BY e.deal_id, e.happened_at, e.id
