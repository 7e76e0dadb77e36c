-- Every finding of every deal, as `examples` has the first few; and for the corrections of it:
-- stands: whether something is left to mend. A move back is information, never a fault; a stay ends with the stage.
-- since: when it began to hold, whenever it is asked; acted_at: when somebody last did it, NULL where it only goes on.
SELECT
    f.*, d.id, d.name, m.amount, p.process, d.outcome IS NULL AS open,
    d.outcome IS NULL AND f.rule <> 'regression' AND (f.rule <> 'overstay' OR f.rank IS NOT DISTINCT FROM s.claimed_rank)
        AS stands,
    CASE f.rule
        WHEN 'overstay' THEN f.happened_at + to_days(f.count)
        WHEN 'lapsed_evidence' THEN f.happened_at + to_microseconds(k.shelf_us)
        WHEN 'activity_without_movement'
            THEN z.frozen_at + to_microseconds(l.silence_us - CAST(round(f.measure * 86400000000.0) AS BIGINT))
        WHEN 'late_entry' THEN coalesce(e.recorded_at, f.happened_at)
        ELSE f.happened_at
    END AS since,
    CASE f.rule
        WHEN 'activity_without_movement' THEN NULL
        WHEN 'late_entry' THEN coalesce(e.recorded_at, f.happened_at)
        ELSE f.happened_at
    END AS acted_at
FROM findings AS f
-- What a join asks of the finding alone stands in a column: inside ON it would turn the join into a nested loop.
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN f.rule = 'lapsed_evidence' THEN f.other END AS lapsed,
        CASE WHEN f.rule = 'late_entry' THEN f.ordinal END AS late
) AS w
JOIN deals AS d ON d.deal = f.deal
JOIN money AS m ON m.deal = f.deal
JOIN deal_processes AS p ON p.deal = f.deal
JOIN process_limits AS l ON l.process = p.process
LEFT JOIN standings AS s ON s.deal = f.deal
LEFT JOIN frozen AS z ON z.deal = f.deal
LEFT JOIN milestones AS k ON k.milestone = w.lapsed
LEFT JOIN source_events AS e ON e.ordinal = w.late
ORDER BY f.deal, f.happened_at, f.rule, f.rank, f.other
