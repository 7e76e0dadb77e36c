SELECT
    e.deal, NULL AS rank, max(e.happened_at) AS happened_at,
    sum(date_diff('day', b.due_on, a.due_on)) AS measure, count(*) AS count, NULL AS other, max(e.ordinal) AS ordinal
FROM events AS e
JOIN events AS p ON p.turn = e.turn - 1 AND p.deal = e.deal AND p.kind = e.kind
JOIN source_events AS a ON a.ordinal = e.ordinal
JOIN source_events AS b ON b.ordinal = p.ordinal
JOIN deal_processes AS d ON d.deal = e.deal
WHERE e.kind = 'close_date_set' AND a.due_on > b.due_on AND (d.decided_at IS NULL OR e.happened_at < d.decided_at)
GROUP BY e.deal
