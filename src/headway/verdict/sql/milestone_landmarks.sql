-- Every deal that needs each milestone: when the stage before its own became real (its creation, for the first stage
-- that has milestones), and when the milestone was first proven.
WITH before AS (
    SELECT m.milestone, max(o.rank) AS rank
    FROM milestones AS m
    LEFT JOIN (SELECT DISTINCT process, rank FROM milestones) AS o ON o.process = m.process AND o.rank < m.rank
    GROUP BY m.milestone
)
SELECT m.milestone, d.deal, epoch_us(coalesce(l.real_at, d.created_at)) AS started_us, epoch_us(f.first_at) AS first_us
FROM milestones AS m
JOIN before AS b ON b.milestone = m.milestone
JOIN deal_processes AS p ON p.process = m.process
JOIN deals AS d ON d.deal = p.deal
LEFT JOIN milestone_types AS t ON t.milestone = m.milestone AND t.record_type = d.record_type
LEFT JOIN known_levels AS l ON l.deal = d.deal AND l.rank = b.rank
LEFT JOIN known_firsts AS f ON f.deal = d.deal AND f.milestone = m.milestone
WHERE (m.amount_from IS NULL OR d.amount >= m.amount_from) AND (NOT m.by_type OR t.milestone IS NOT NULL)
    AND (b.rank IS NULL OR l.deal IS NOT NULL)
ORDER BY m.milestone, d.deal
