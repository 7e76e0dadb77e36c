-- Snapshot values as events: known from the day of the export, and only what no history says already.
INSERT INTO found_events
SELECT deal, 'deal_created', NULL, created_at, NULL, $created, NULL, NULL, NULL, NULL, file, line, 0
FROM settled_deals WHERE created_at IS NOT NULL;
INSERT INTO found_events
SELECT deal, 'stage_claimed', stage,
    coalesce(stage_since, $exported),
    CASE WHEN stage_since IS NULL OR $stage_since = 'snapshot' THEN $exported END,
    CASE WHEN stage_since IS NULL THEN 'snapshot' ELSE $stage_since END, NULL, NULL, NULL, NULL, file, line, 0
FROM settled_deals
WHERE stage IS NOT NULL AND NOT stage_closes AND lower(trim(stage)) IS DISTINCT FROM lower(trim(h_stage))
    AND (final IS NULL OR (stage_since <= coalesce(h_decided_at, decided_at)));
INSERT INTO found_events
SELECT deal, 'amount_set', NULL,
    CASE WHEN $amount_known = 'creation' THEN least(coalesce(created_at, h_first_at, $exported), $exported) ELSE $exported END,
    CASE WHEN $amount_known = 'creation' THEN NULL ELSE $exported END,
    CASE WHEN $amount_known = 'creation' THEN 'assumed' ELSE 'snapshot' END, NULL, amount, NULL, NULL, file, line, 0
FROM settled_deals WHERE amount IS NOT NULL AND amount IS DISTINCT FROM h_amount;
INSERT INTO found_events
SELECT deal, 'owner_set', owner,
    CASE WHEN $owner_known = 'creation' THEN least(coalesce(created_at, h_first_at, $exported), $exported) ELSE $exported END,
    CASE WHEN $owner_known = 'creation' THEN NULL ELSE $exported END,
    CASE WHEN $owner_known = 'creation' THEN 'assumed' ELSE 'snapshot' END, NULL, NULL, NULL, NULL, file, line, 0
FROM settled_deals WHERE owner IS NOT NULL AND owner IS DISTINCT FROM h_owner;
INSERT INTO found_events
SELECT deal, 'close_date_set', NULL, $exported, $exported, 'snapshot', NULL, NULL, expected_on, NULL, file, line, 0
FROM settled_deals WHERE final IS NULL AND expected_on IS NOT NULL AND expected_on IS DISTINCT FROM h_expected_on;
-- The decision: by the history where it tells of one; a reason that only the file knows splits it from then on.
INSERT INTO found_events
SELECT deal, 'deal_decided', final, CASE WHEN told THEN h_decided_at ELSE coalesce(decided_at, $exported) END,
    CASE WHEN told OR $closed = 'snapshot' OR decided_at IS NULL THEN $exported END,
    CASE WHEN told OR decided_at IS NULL THEN 'snapshot' ELSE $closed END, NULL, NULL, NULL, why, file, line, 1e15
FROM (
    SELECT *, h_decided_at IS NOT NULL AND (h_outcome = 'won') = (final = 'won') AND h_outcome <> 'open' AS told
    FROM settled_deals WHERE final IS NOT NULL
)
WHERE NOT told OR final <> h_outcome OR (why IS NOT NULL AND why IS DISTINCT FROM h_reason);
INSERT INTO found_events
SELECT deal, 'deal_reopened', NULL, $exported, $exported, 'snapshot', NULL, NULL, NULL, NULL, file, line, 1e15
FROM settled_deals WHERE final IS NULL AND h_outcome <> 'open'
