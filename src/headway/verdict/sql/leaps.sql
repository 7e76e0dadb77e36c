-- Every stage that a move went over, with how many it went over in all. Winning is no move: it ends the comparison.
CREATE OR REPLACE TABLE leaps AS
WITH over AS (
    SELECT g.deal, g.process, g.from_rank, g.to_rank, g.happened_at, s.rank
    FROM passages AS g
    JOIN expected_stages AS s ON s.process = g.process AND s.rank > g.from_rank AND s.rank < g.to_rank
    WHERE NOT g.by_winning
), moves AS (
    SELECT deal, from_rank, to_rank, happened_at, count(*) AS stages
    FROM over
    GROUP BY deal, from_rank, to_rank, happened_at
)
SELECT o.*, m.stages
FROM over AS o
JOIN moves AS m ON m.deal = o.deal AND m.from_rank = o.from_rank AND m.to_rank = o.to_rank AND m.happened_at = o.happened_at
