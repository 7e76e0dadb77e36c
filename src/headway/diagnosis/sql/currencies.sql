-- Currencies besides the main one: their deals, and what was stated of their rates.
SELECT d.currency, count(*) AS deals, any_value(m.rate) AS rate, any_value(r.valid_on) AS valid_on
FROM deals AS d
JOIN money AS m ON m.deal = d.deal
LEFT JOIN source_rates AS r ON r.currency = d.currency
WHERE d.currency IS DISTINCT FROM m.main_currency AND d.currency IS NOT NULL
GROUP BY d.currency
ORDER BY deals DESC, d.currency
