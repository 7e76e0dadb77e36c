-- For every stage that a deal went beyond: when it first did, and whether it ever entered or proved that stage.
-- Only where the order of the stage and of the one gone to is certain.
CREATE OR REPLACE TABLE passings AS
WITH reach AS (
    SELECT deal, process, max(to_rank) AS top FROM passages GROUP BY deal, process
), entered AS (
    SELECT DISTINCT deal, rank FROM visits
), beyond AS (
    SELECT r.deal, r.process, s.rank, e.deal IS NOT NULL AS entered
    FROM reach AS r
    JOIN expected_stages AS s ON s.process = r.process AND s.rank < r.top
    LEFT JOIN entered AS e ON e.deal = r.deal AND e.rank = s.rank
), firsts AS (
    SELECT b.deal, b.process, b.rank, b.entered, min(p.happened_at) AS passed_at
    FROM beyond AS b
    JOIN passages AS p ON p.deal = b.deal AND p.to_rank > b.rank
    GROUP BY b.deal, b.process, b.rank, b.entered
)
SELECT
    f.deal, f.process, f.rank, f.passed_at, f.entered, t.deal IS NOT NULL AS proven,
    min(p.to_rank) AS to_rank, min(p.from_rank) AS from_rank, min(p.ordinal) AS ordinal, bool_or(p.by_winning) AS by_winning
FROM firsts AS f
JOIN passages AS p ON p.deal = f.deal AND p.happened_at = f.passed_at AND p.to_rank > f.rank
JOIN order_pairs AS o ON o.process = f.process AND o.low = f.rank AND o.high = p.to_rank
LEFT JOIN stage_proofs AS t ON t.deal = f.deal AND t.rank = f.rank
GROUP BY f.deal, f.process, f.rank, f.passed_at, f.entered, t.deal
