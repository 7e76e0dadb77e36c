-- Where each deal's run of one kind begins and ends in the log: position = turn - first_turn.
CREATE TABLE runs AS
SELECT
    deal, kind, min(turn) AS first_turn, max(turn) AS last_turn, CAST(count(*) AS INTEGER) AS events,
    min(happened_at) AS first_at, max(happened_at) AS last_at
FROM events
GROUP BY deal, kind
