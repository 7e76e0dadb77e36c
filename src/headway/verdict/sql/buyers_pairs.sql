-- Of the won deals with both milestones dated, how many reached the one listed first, or the other, before.
SELECT
    a.milestone AS first, b.milestone AS second, count(*) AS both,
    count(CASE WHEN a.first_at < b.first_at THEN 1 END) AS as_listed,
    count(CASE WHEN b.first_at < a.first_at THEN 1 END) AS other_way
FROM buyers_firsts AS a
JOIN buyers_firsts AS b ON b.deal = a.deal AND b.milestone > a.milestone
WHERE a.first_at IS NOT NULL AND b.first_at IS NOT NULL
GROUP BY a.milestone, b.milestone
ORDER BY a.milestone, b.milestone
