-- Claims of stages that the deal's process knows, in the log's order, with their rank (1 = first stage).
CREATE TABLE ranked_claims AS
SELECT e.deal, d.process, p.rank, e.happened_at, e.recorded_at, e.recorded_how, e.ordinal, e.turn
FROM events AS e
JOIN deal_processes AS d ON d.deal = e.deal
JOIN places AS p ON p.process = d.process AND p.code = e.code
WHERE e.kind = 'stage_claimed'
ORDER BY e.turn
