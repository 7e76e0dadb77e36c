-- Per rule: findings, deals and money; a deal's amount counts once per rule.
WITH per_deal AS (
    SELECT f.rule, f.deal, count(*) AS findings, bool_and(f.allowed) AS allowed, any_value(m.amount) AS amount,
        any_value(d.outcome) IS NULL AS open
    FROM findings AS f
    JOIN deals AS d ON d.deal = f.deal
    JOIN money AS m ON m.deal = f.deal
    GROUP BY f.rule, f.deal
)
SELECT
    rule, CAST(sum(findings) AS BIGINT) AS findings, count(*) AS deals, coalesce(sum(amount), 0) AS amount,
    count(*) FILTER (WHERE open) AS open_deals, coalesce(sum(amount) FILTER (WHERE open), 0) AS open_amount,
    count(*) FILTER (WHERE allowed) AS allowed
FROM per_deal
GROUP BY rule
