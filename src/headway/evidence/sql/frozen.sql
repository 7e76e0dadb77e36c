-- The moment at which each deal's evidence is looked at: as of the log, or its decision.
CREATE OR REPLACE TABLE frozen AS
SELECT d.deal, p.process, d.amount, d.record_type, d.decided_at, least(d.decided_at, CAST($at AS TIMESTAMP)) AS frozen_at
FROM deals AS d
JOIN deal_processes AS p ON p.deal = d.deal
