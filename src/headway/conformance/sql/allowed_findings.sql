-- Findings, with those that an exception allowed: for that rule, recorded on that deal, not expired by then.
CREATE OR REPLACE TABLE findings AS
SELECT f.*, x.deal IS NOT NULL AS allowed
FROM raw_findings AS f
LEFT JOIN (
    SELECT e.deal, s.name AS rule, max(coalesce(s.due_on, DATE '9999-12-31')) AS expires_on
    FROM events AS e JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE e.kind = 'exception_allowed'
    GROUP BY e.deal, s.name
) AS x ON x.deal = f.deal AND x.rule = f.rule AND CAST(f.happened_at AS DATE) <= x.expires_on
