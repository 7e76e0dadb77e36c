-- What changed at each row of a history against what the deal's earlier rows say.
-- An edit (the row itself says that the stage stayed) tells of a stage that nothing told of before, but not
-- since when: its claim is an assumed one.
CREATE OR REPLACE TEMP TABLE state_changes AS
SELECT
    file, line, deal, moment, stage, owner, actor, amount, expected_on, creation, created_at, place,
    m.outcome AS outcome, m.reason AS reason, b.outcome AS outcome_before,
    stage IS NOT NULL AND stage IS DISTINCT FROM stage_before AND NOT (coalesce(edit, false) AND stage_before IS NOT NULL) AS moved,
    amount IS NOT NULL AND amount IS DISTINCT FROM amount_before AS repriced,
    expected_on IS NOT NULL AND expected_on IS DISTINCT FROM expected_before AS rescheduled,
    owner IS NOT NULL AND owner IS DISTINCT FROM owner_before AS handed,
    CASE WHEN coalesce(edit, false) AND stage_before IS NULL THEN 'assumed' ELSE coalesce(how, 'history') END AS how
FROM (
    SELECT
        *,
        row_number() OVER (ORDER BY file, line, tie, stage) AS place,
        lag(stage IGNORE NULLS) OVER of_deal AS stage_before,
        lag(amount IGNORE NULLS) OVER of_deal AS amount_before,
        lag(expected_on IGNORE NULLS) OVER of_deal AS expected_before,
        lag(owner IGNORE NULLS) OVER of_deal AS owner_before
    FROM named_states
    WHERE deal IS NOT NULL AND moment IS NOT NULL
    WINDOW of_deal AS (PARTITION BY deal ORDER BY moment, tie NULLS FIRST, file, line)
) AS s
LEFT JOIN stage_meanings AS m USING (stage)
LEFT JOIN stage_meanings AS b ON b.stage = s.stage_before
