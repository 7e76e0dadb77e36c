-- How often people wrote into deals, by team and half hour of working time: changes of a claim, an amount or an
-- expected close date of an open deal, and evidence that a person recorded. One save is one edit. A weekend is no
-- time: what is written then counts for the Monday at 00:00 after it.
WITH written AS (
    SELECT DISTINCT deal, written_at
    FROM (
        SELECT e.deal, e.happened_at AS written_at
        FROM events AS e
        JOIN deals AS d ON d.deal = e.deal
        WHERE e.kind IN ('stage_claimed', 'amount_set', 'close_date_set') AND e.recorded_how <> 'snapshot'
            AND e.happened_at > d.created_at AND (d.decided_at IS NULL OR e.happened_at < d.decided_at)
        UNION ALL
        SELECT e.deal, e.recorded_at AS written_at
        FROM events AS e
        JOIN deals AS d ON d.deal = e.deal
        JOIN source_events AS s ON s.ordinal = e.ordinal
        WHERE e.kind = 'evidence_recorded' AND (d.decided_at IS NULL OR e.recorded_at < d.decided_at)
            AND e.recorded_how = 'history' AND e.recorded_at IS NOT NULL AND s.actor IS NOT NULL AND s.actor <> ''
    )
), placed AS (
    SELECT
        deal, written_at, epoch_us(written_at) // 1800000000 AS half_hours,
        (epoch_us(written_at) // 86400000000 + 3) // 7 AS week, (epoch_us(written_at) // 86400000000 + 3) % 7 AS weekday
    FROM written
)
SELECT
    t.team, p.week * 240 + CASE WHEN p.weekday < 5 THEN p.weekday * 48 + p.half_hours % 48 ELSE 240 END AS slot,
    count(*) AS edits, count(CASE WHEN epoch_us(p.written_at) % 86400000000 = 0 THEN 1 END) AS undated
FROM placed AS p
JOIN deal_teams AS t ON t.deal = p.deal
GROUP BY ALL
ORDER BY ALL
