-- Expectations that fell due on a deal with an owner: those that owners are compared in.
SELECT DISTINCT c.item FROM checks AS c JOIN deals AS d ON d.deal = c.deal WHERE d.owner IS NOT NULL ORDER BY c.item
