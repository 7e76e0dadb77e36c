-- The state of every milestone that an open deal shows anything for, observed or not, and who gave the proof; as
-- headway.evidence has it (milestone_states.sql), which speaks of observed deals only. Those without a row are open.
WITH judged AS (
    SELECT
        e.deal, m.milestone, m.rank, e.happened_at, e.ordinal,
        CASE
            WHEN e.grade < m.grade THEN 4
            WHEN e.disputed THEN 2
            WHEN epoch_us(f.frozen_at) - epoch_us(e.happened_at) > m.shelf_us THEN 3
            ELSE 1
        END AS state
    FROM standing_evidence AS e
    JOIN frozen AS f ON f.deal = e.deal AND f.decided_at IS NULL
    JOIN milestones AS m ON m.milestone = e.milestone
    LEFT JOIN milestone_types AS t ON t.milestone = m.milestone AND t.record_type = f.record_type
    WHERE (m.amount_from IS NULL OR f.amount >= m.amount_from) AND (NOT m.by_type OR t.milestone IS NOT NULL)
), best AS (
    SELECT deal, milestone, rank, min(state) AS state FROM judged GROUP BY deal, milestone, rank
), dated AS (
    SELECT
        b.deal, b.milestone, b.rank, b.state, max(j.happened_at) AS shown_at,
        arg_max(j.ordinal, {'at': j.happened_at, 'ordinal': j.ordinal}) AS ordinal
    FROM best AS b JOIN judged AS j ON j.deal = b.deal AND j.milestone = b.milestone AND j.state = b.state
    GROUP BY b.deal, b.milestone, b.rank, b.state
), fresher AS (
    SELECT DISTINCT l.deal, l.milestone
    FROM dated AS l
    JOIN dated AS p ON p.deal = l.deal AND p.state = 1 AND p.rank > l.rank AND p.shown_at > l.shown_at
    WHERE l.state = 3
)
SELECT d.deal, d.milestone, d.state, d.shown_at, f.deal IS NOT NULL AS reconfirm, s.contact
FROM dated AS d
LEFT JOIN fresher AS f ON f.deal = d.deal AND f.milestone = d.milestone
JOIN source_events AS s ON s.ordinal = d.ordinal
ORDER BY d.deal, d.milestone
