-- When each step began to be asked of each deal, and when it is due, decided by then or not; also what the buyer asks for.
-- excused: before it was due the buyer had done what makes it needless. On the day of a buyer act: until it ends.
CREATE OR REPLACE TABLE step_starts AS
WITH started AS (
    SELECT s.item, v.deal, min(v.happened_at) AS started_at
    FROM steps AS s JOIN visits AS v ON v.process = s.process AND v.rank = s.rank
    WHERE s.after IS NULL
    GROUP BY s.item, v.deal
    UNION ALL
    SELECT s.item, e.deal, min(e.happened_at)
    FROM steps AS s
    JOIN codes AS c ON c.kind = 'buyer_acted' AND c.name = s.after
    JOIN events AS e ON e.kind = 'buyer_acted' AND e.code = c.code
    JOIN deal_processes AS p ON p.deal = e.deal AND p.process = s.process
    WHERE s.after IS NOT NULL
    GROUP BY s.item, e.deal
), excuses AS (
    SELECT x.item, e.deal, min(e.happened_at) AS happened_at
    FROM step_excuses AS x
    JOIN codes AS c ON CAST(c.kind AS VARCHAR) = x.kind AND c.name = x.name
    JOIN events AS e ON e.kind = c.kind AND e.code = c.code
    GROUP BY x.item, e.deal
), due AS (
    SELECT
        t.*,
        CASE WHEN s.due_days = 0 AND s.after IS NOT NULL THEN CAST(CAST(t.started_at AS DATE) + 1 AS TIMESTAMP)
             ELSE t.started_at + to_days(s.due_days) END AS due_at
    FROM started AS t JOIN steps AS s ON s.item = t.item
)
SELECT d.item, d.deal, d.started_at, d.due_at, coalesce(x.happened_at < d.due_at, FALSE) AS excused
FROM due AS d
LEFT JOIN excuses AS x ON x.item = d.item AND x.deal = d.deal
