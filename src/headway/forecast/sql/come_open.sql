-- The milestones that each of some deals needs and that do not hold yet, in the order of the process, with the contact
-- who gave the evidence that no longer holds. A deal whose buyer was never observed needs all of them.
SELECT
    f.deal, f.process, m.rank, m.milestone, m.id, nullif(max_by(s.contact, s.happened_at), '') AS contact
FROM frozen AS f
JOIN milestones AS m ON m.process = f.process
LEFT JOIN milestone_types AS t ON t.milestone = m.milestone AND t.record_type = f.record_type
LEFT JOIN milestone_states AS r ON r.deal = f.deal AND r.milestone = m.milestone
LEFT JOIN (
    SELECT e.deal, e.milestone, e.happened_at, o.contact
    FROM evidence AS e JOIN source_events AS o ON o.ordinal = e.ordinal
    WHERE e.kind IN ('buyer_acted', 'evidence_recorded') AND o.contact IS NOT NULL
) AS s ON s.deal = f.deal AND s.milestone = m.milestone
WHERE f.decided_at IS NULL AND f.deal IN (SELECT unnest($deals)) AND NOT coalesce(r.holds, FALSE)
    AND (m.amount_from IS NULL OR f.amount >= m.amount_from) AND (NOT m.by_type OR t.milestone IS NOT NULL)
GROUP BY f.deal, f.process, m.rank, m.milestone, m.id
ORDER BY f.deal, m.rank, m.milestone
