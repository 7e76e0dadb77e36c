-- Findings that the store does not have yet, or not so, of deals that it has.
SELECT f.deal_id, f.rule, f.stage, f.happened_at, f.what, f.mend, f.allowed, f.mark, f.first_seen_at, f.state, f.team
FROM settled_findings AS f
ANTI JOIN kept_findings AS k ON k.place = f.place
ORDER BY f.deal_id, f.happened_at, f.rule
