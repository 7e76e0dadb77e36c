-- Per deal and expectation that fell due: whether it was kept, and whose deal it is (as a number; no names).
SELECT c.deal, c.item, CAST(dense_rank() OVER (ORDER BY d.owner) - 1 AS INTEGER) AS owner, bool_and(c.kept) AS kept
FROM checks AS c JOIN deals AS d ON d.deal = c.deal
WHERE d.owner IS NOT NULL
GROUP BY c.deal, c.item, d.owner
ORDER BY c.deal, c.item
