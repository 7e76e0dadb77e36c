-- Spans of days on which each piece of evidence gave its milestone one state (numbers of milestone_states: 1 proven,
-- 2 disputed, 3 lapsed, 4 weak), from the day it was known until the day its retraction was.
CREATE OR REPLACE TABLE rewind_pieces AS
WITH dated AS (
    SELECT v.deal, v.milestone, v.kind, v.grade, v.ref, v.happened_at, v.ordinal, k.day
    FROM evidence AS v JOIN rewind_known AS k ON k.ordinal = v.ordinal
), against AS (
    SELECT
        s.ordinal, s.milestone,
        min(CASE WHEN w.kind = 'evidence_retracted' THEN w.day END) AS retracted,
        min(CASE WHEN w.kind = 'evidence_disputed' THEN w.day END) AS disputed
    FROM dated AS s
    JOIN dated AS w ON w.deal = s.deal AND w.milestone = s.milestone
        AND (w.ref = s.ref OR (w.ref IS NULL AND w.happened_at >= s.happened_at))
    WHERE s.kind IN ('buyer_acted', 'evidence_recorded') AND w.kind IN ('evidence_retracted', 'evidence_disputed')
    GROUP BY s.ordinal, s.milestone
), shown AS (
    SELECT
        s.deal, s.milestone, s.happened_at, s.day, s.grade >= m.grade AS enough,
        epoch_us(s.happened_at) + m.shelf_us AS good_until_us,
        coalesce(a.retracted, $beyond) AS retracted, coalesce(a.disputed, $beyond) AS disputed
    FROM dated AS s
    JOIN milestones AS m ON m.milestone = s.milestone
    LEFT JOIN against AS a ON a.ordinal = s.ordinal AND a.milestone = s.milestone
    WHERE s.kind IN ('buyer_acted', 'evidence_recorded')
), aged AS (
    SELECT s.*, coalesce(d.day, $beyond) AS lapsed FROM shown AS s ASOF LEFT JOIN rewind_days AS d ON d.ends_us > s.good_until_us
), spans AS (
    SELECT deal, milestone, happened_at, 4 AS state, day, retracted AS until FROM aged WHERE NOT enough
    UNION ALL
    SELECT deal, milestone, happened_at, 1, day, least(retracted, disputed, lapsed) FROM aged WHERE enough
    UNION ALL
    SELECT deal, milestone, happened_at, 2, greatest(day, disputed), retracted FROM aged WHERE enough
    UNION ALL
    SELECT deal, milestone, happened_at, 3, greatest(day, lapsed), least(retracted, disputed) FROM aged WHERE enough
)
SELECT * FROM spans WHERE day < until
