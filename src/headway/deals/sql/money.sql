-- Amounts in the log's main currency: the one that the stated rates are in, else the one most deals name. A deal that names
-- none is taken to be in it. `rate`: what one unit of the deal's currency is worth; NULL where nobody stated it.
CREATE OR REPLACE TABLE money AS
WITH named AS (
    SELECT currency FROM deals WHERE currency IS NOT NULL GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
), main AS (
    SELECT coalesce((SELECT currency FROM source_rates WHERE is_main), (SELECT currency FROM named)) AS currency
), worth AS (
    SELECT d.deal, d.amount, m.currency AS main_currency,
        CASE WHEN coalesce(d.currency, m.currency) IS NOT DISTINCT FROM m.currency THEN 1.0 ELSE r.rate END AS rate
    FROM deals AS d CROSS JOIN main AS m LEFT JOIN source_rates AS r ON r.currency = d.currency
)
SELECT deal, rate IS NOT NULL AS counted, CAST(amount AS DOUBLE) * rate AS amount, rate, main_currency FROM worth
