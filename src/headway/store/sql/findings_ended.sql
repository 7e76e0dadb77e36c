-- Findings that stood in the store and stand no more, each with the event that mended it where one did: of those that the
-- last analysis had not seen, the newest of the kind that can. A claim that moved away goes before what was proven, but for
-- a stage that was passed over, which is entered or proven.
WITH standing AS (
    SELECT DISTINCT key, mark FROM settled_findings WHERE state <> 'past'
), gone AS (
    SELECT s.deal_id, s.key, s.mark, any_value(s.rule) AS rule, any_value(s.stage) AS stage, min(s.first_seen_at) AS first_seen_at
    FROM stored_findings AS s
    ANTI JOIN standing AS f ON f.key = s.key AND f.mark = s.mark
    WHERE s.mark IS NOT NULL AND (s.state <> 'past' OR s.left_at IS NOT NULL)
    GROUP BY s.deal_id, s.key, s.mark
), after AS (
    SELECT deal, CAST(kind AS VARCHAR) AS kind, name, happened_at, ordinal FROM source_events
    WHERE ordinal > $seen AND happened_at <= $as_of
        AND kind IN ('deal_decided', 'stage_claimed', 'evidence_recorded', 'buyer_acted')
), mending AS (
    SELECT g.key, g.mark, e.ordinal, e.happened_at, CASE
        WHEN r.outcome <> '' THEN CASE WHEN e.kind = 'deal_decided' THEN 9 END
        WHEN g.rule = 'unproven_claim' THEN CASE e.kind WHEN 'stage_claimed' THEN 2 WHEN 'evidence_recorded' THEN 1 END
        WHEN g.rule = 'skip'
            THEN CASE WHEN e.kind = 'stage_claimed' AND e.name = g.stage THEN 3 WHEN e.kind = 'evidence_recorded' THEN 2
                      WHEN e.kind = 'stage_claimed' THEN 1 END
        WHEN g.rule = 'jump' THEN CASE e.kind WHEN 'evidence_recorded' THEN 2 WHEN 'stage_claimed' THEN 1 END
        WHEN g.rule = 'overstay' THEN CASE e.kind WHEN 'stage_claimed' THEN 1 END
        WHEN g.rule = 'lapsed_evidence' THEN CASE e.kind WHEN 'evidence_recorded' THEN 1 END
        WHEN g.rule = 'activity_without_movement' THEN CASE WHEN e.kind <> 'deal_decided' THEN 1 END
    END AS weight
    FROM gone AS g
    JOIN found_rows AS r ON r.key = g.key
    JOIN after AS e ON e.deal = g.key
), mended AS (
    SELECT key, mark, arg_max(ordinal, {'weight': weight, 'at': happened_at, 'ordinal': ordinal}) AS ordinal
    FROM mending WHERE weight IS NOT NULL GROUP BY key, mark
)
SELECT g.deal_id, g.mark, g.rule, g.stage, g.first_seen_at, m.ordinal AS event_id
FROM gone AS g
LEFT JOIN mended AS m ON m.key = g.key AND m.mark = g.mark
ORDER BY g.deal_id, g.mark
