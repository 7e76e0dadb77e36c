-- The stages that deals going beyond them are expected to enter: all of a given process; of a practised one,
-- those that most such deals do enter.
CREATE OR REPLACE TABLE expected_stages AS
WITH reach AS (
    SELECT deal, process, max(to_rank) AS top FROM passages GROUP BY deal, process
), entered AS (
    SELECT DISTINCT deal, rank FROM visits
)
SELECT f.process, f.rank, any_value(f.item) AS item
FROM stage_facts AS f
LEFT JOIN reach AS r ON r.process = f.process AND r.top > f.rank
LEFT JOIN entered AS e ON e.deal = r.deal AND e.rank = f.rank
GROUP BY f.process, f.rank
HAVING max(f.least_entered) = 0 OR count(e.deal) >= max(f.least_entered) * count(r.deal)
