-- What fell due, by team, item and day: how long after the last review that was due, held or missed, and after the
-- last one held. NULL where none had been yet.
WITH placed AS (
    SELECT t.team, c.item, c.due_at, c.kept
    FROM checks AS c JOIN deal_teams AS t ON t.deal = c.deal
    WHERE c.due_at <= $at
), due_meetings AS (
    SELECT team, happened_at, bool_or(held) AS held FROM meetings GROUP BY team, happened_at
), after_due AS (
    SELECT p.*, m.held, epoch_us(p.due_at) - epoch_us(m.happened_at) AS since_due_us
    FROM placed AS p
    ASOF JOIN due_meetings AS m ON m.team = p.team AND m.happened_at <= p.due_at
), held_meetings AS (
    SELECT team, happened_at FROM due_meetings WHERE held
)
SELECT
    d.team, d.item, epoch_us(d.due_at) // 86400000000 AS day, d.held, d.since_due_us // 86400000000 AS since_due,
    coalesce((epoch_us(d.due_at) - epoch_us(h.happened_at)) // 86400000000, -1) AS since_held,
    count(*) AS due, count(CASE WHEN d.kept THEN 1 END) AS kept
FROM after_due AS d
ASOF LEFT JOIN held_meetings AS h ON h.team = d.team AND h.happened_at <= d.due_at
GROUP BY ALL
ORDER BY ALL
