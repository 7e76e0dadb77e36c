SELECT s.deal, m.process, m.id, s.rank, s.state, s.shown_at, s.reconfirm, s.holds
FROM milestone_states AS s
JOIN milestones AS m ON m.milestone = s.milestone
JOIN standings AS t ON t.deal = s.deal AND t.decided_at IS NULL
ORDER BY s.deal, s.milestone
