-- The rows of decided deals, as headway.store.deal_row has them: facts and ranks, and nothing left to do.
SELECT
    id AS key, amount, close_on, left(claimed, 300) AS claimed, created_at AS opened_at, outcome, decided_at,
    last_buyer_act_at, last_activity_at, left(agreed_act, 300) AS agreed_act, agreed_on, claimed_rank, evidenced_rank,
    claimed_rank - evidenced_rank AS gap, 'decided' AS standing, '[]' AS proofs, '' AS question, '' AS question_to,
    '' AS question_about, CAST(0 AS DOUBLE) AS attention, '[]' AS reasons, CAST(NULL AS TIMESTAMP) AS turns_at,
    left(owner, 200) AS owner, last_event
FROM deal_facts
WHERE outcome <> ''
ORDER BY deal
