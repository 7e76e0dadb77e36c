-- Findings of the store that the analysis does not find any more, or not as they stand there.
SELECT s.id FROM stored_findings AS s ANTI JOIN kept_findings AS k ON k.id = s.id ORDER BY s.id
