-- The milestones that each observed span requires: proven_at, of the latest proof; lapsed_at, where a lapse is the best
-- that is known. Both are NULL where it is disputed, weak or open.
CREATE OR REPLACE TABLE rewind_needed AS
SELECT
    s.span, m.milestone, m.rank,
    max(CASE WHEN v.state = 1 THEN v.happened_at END) AS proven_at,
    CASE WHEN count(*) FILTER (v.state < 3) = 0 THEN max(CASE WHEN v.state = 3 THEN v.happened_at END) END AS lapsed_at
FROM rewind_spans AS s
JOIN milestones AS m ON m.process = s.process
JOIN deals AS d ON d.deal = s.deal
LEFT JOIN milestone_types AS t ON t.milestone = m.milestone AND t.record_type = d.record_type
LEFT JOIN rewind_pieces AS v
    ON v.deal = s.deal AND v.milestone = m.milestone AND v.day <= s.day AND s.day < v.until
WHERE s.observed AND (m.amount_from IS NULL OR s.amount >= m.amount_from) AND (NOT m.by_type OR t.milestone IS NOT NULL)
GROUP BY s.span, m.milestone, m.rank
