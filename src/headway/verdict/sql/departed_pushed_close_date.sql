SELECT e.deal, e.happened_at
FROM events AS e
JOIN events AS p ON p.turn = e.turn - 1 AND p.deal = e.deal AND p.kind = e.kind
JOIN source_events AS a ON a.ordinal = e.ordinal
JOIN source_events AS b ON b.ordinal = p.ordinal
WHERE e.kind = 'close_date_set' AND a.due_on > b.due_on
