-- The findings to look at first: of open deals before decided ones, not allowed before allowed, by money.
-- One per deal and rule. Small windows over findings, not over events.
SELECT * FROM (
    SELECT
        f.*, d.id, d.name, m.amount, p.process, d.outcome IS NULL AS open,
        row_number() OVER (
            PARTITION BY f.rule
            ORDER BY f.allowed, d.outcome IS NOT NULL, coalesce(m.amount, 0) DESC, f.measure DESC, f.deal, f.rank
        ) AS place
    FROM (
        SELECT *, row_number() OVER (PARTITION BY rule, deal ORDER BY measure DESC, count DESC, rank, other) AS of_deal
        FROM findings
    ) AS f
    JOIN deals AS d ON d.deal = f.deal
    JOIN money AS m ON m.deal = f.deal
    JOIN deal_processes AS p ON p.deal = f.deal
    WHERE f.of_deal = 1
)
WHERE place <= $most
ORDER BY rule, place
