-- What the history says of each deal at its end: what a snapshot need not repeat.
CREATE OR REPLACE TEMP TABLE last_states AS
SELECT
    deal,
    arg_max(stage, (moment, place)) FILTER (WHERE stage IS NOT NULL) AS stage,
    arg_max(amount, (moment, place)) FILTER (WHERE amount IS NOT NULL) AS amount,
    arg_max(expected_on, (moment, place)) FILTER (WHERE expected_on IS NOT NULL) AS expected_on,
    arg_max(owner, (moment, place)) FILTER (WHERE owner IS NOT NULL) AS owner,
    arg_max(coalesce(outcome, 'open'), (moment, place)) FILTER (WHERE stage IS NOT NULL) AS outcome,
    arg_max(reason, (moment, place)) FILTER (WHERE stage IS NOT NULL) AS reason,
    max(moment) FILTER (WHERE moved AND outcome IS NOT NULL) AS decided_at,
    min(moment) AS first_at, max(moment) AS last_at,
    min(CASE WHEN creation THEN moment END) AS created_at, min(created_at) AS said_created_at
FROM state_changes
GROUP BY deal
