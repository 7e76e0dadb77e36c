-- Each span with its evidenced rank (NULL: not observed, or no milestone applies), the amount known then in the deal's
-- own currency, and how its deal stands as of the log.
CREATE OR REPLACE TABLE rewind_ranks AS
WITH holding AS (
    SELECT n.span, n.rank, n.proven_at IS NOT NULL OR f.span IS NOT NULL AS holds
    FROM rewind_needed AS n
    LEFT JOIN (
        SELECT DISTINCT l.span, l.milestone
        FROM rewind_needed AS l
        JOIN rewind_needed AS p ON p.span = l.span AND p.rank > l.rank AND p.proven_at > l.lapsed_at
    ) AS f ON f.span = n.span AND f.milestone = n.milestone
), failing AS (
    SELECT span, min(CASE WHEN NOT holds THEN rank END) AS rank FROM holding GROUP BY span
), proven AS (
    SELECT h.span, f.rank AS failing, coalesce(max(CASE WHEN h.rank < f.rank OR f.rank IS NULL THEN h.rank END), 0) AS rank
    FROM holding AS h JOIN failing AS f ON f.span = h.span
    GROUP BY h.span, f.rank
)
SELECT
    s.deal, s.process, s.day, s.until, s.claimed, s.observed,
    CASE WHEN v.span IS NOT NULL
         THEN greatest(v.rank, least(coalesce(v.failing - 1, z.stages), coalesce(s.claimed, 0))) END AS evidenced,
    s.amount,
    CASE WHEN d.decided_at IS NULL THEN 'open' ELSE coalesce(CAST(d.outcome AS VARCHAR), 'lost') END AS stands
FROM rewind_spans AS s
JOIN deals AS d ON d.deal = s.deal
LEFT JOIN process_sizes AS z ON z.process = s.process
LEFT JOIN proven AS v ON v.span = s.span
