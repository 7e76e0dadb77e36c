-- The milestones that the gate needs, that apply to the deal by what was known of its amount, and were not proven.
SELECT g.deal, n.place
FROM gate_at AS g
JOIN gate_milestones AS n ON n.process = g.process
JOIN milestones AS m ON m.process = n.process AND m.id = n.id
LEFT JOIN milestone_types AS t ON t.milestone = m.milestone AND t.record_type = g.record_type
LEFT JOIN gate_proven AS p ON p.deal = g.deal AND p.milestone = m.milestone
WHERE p.deal IS NULL AND (m.amount_from IS NULL OR g.amount >= m.amount_from) AND (NOT m.by_type OR t.milestone IS NOT NULL)
ORDER BY g.deal, n.place
