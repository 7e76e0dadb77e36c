-- Amounts in the log's main currency: the one most deals name. A deal that names none is taken to be in it.
CREATE OR REPLACE TABLE money AS
WITH main AS (
    SELECT currency FROM deals WHERE currency IS NOT NULL GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
)
SELECT d.deal, coalesce(d.currency, m.currency) IS NOT DISTINCT FROM m.currency AS counted,
    CASE WHEN coalesce(d.currency, m.currency) IS NOT DISTINCT FROM m.currency THEN CAST(d.amount AS DOUBLE) END AS amount,
    m.currency AS main_currency
FROM deals AS d LEFT JOIN main AS m ON TRUE
