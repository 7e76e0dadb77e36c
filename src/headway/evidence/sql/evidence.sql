-- Every piece of evidence for a milestone of its deal's process: recorded as such, or a buyer act that proves it.
CREATE OR REPLACE TABLE evidence AS
SELECT e.deal, k.milestone, e.kind, coalesce(s.grade, 0) AS grade, s.ref, e.happened_at, e.recorded_at, e.recorded_how, e.ordinal
FROM events AS e
JOIN deal_processes AS p ON p.deal = e.deal
JOIN milestone_codes AS k ON k.process = p.process AND k.code = e.code
JOIN source_events AS s ON s.ordinal = e.ordinal
WHERE e.kind IN ('buyer_acted', 'evidence_recorded', 'evidence_retracted', 'evidence_disputed')
