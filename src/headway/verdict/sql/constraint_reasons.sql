-- The reasons with which deals were lost, the most frequent first.
SELECT reason, count(*) AS deals FROM deals WHERE outcome = 'lost' AND reason IS NOT NULL
GROUP BY reason ORDER BY deals DESC, reason LIMIT 1
