-- What files hold, as of the log: for the page that shows an import before it is written.
SELECT
    count(*) AS deals, CAST(coalesce(sum(events), 0) AS BIGINT) AS events,
    count(*) FILTER (outcome IS NULL) AS open, count(*) FILTER (outcome = 'won') AS won,
    count(*) FILTER (outcome = 'lost') AS lost, count(*) FILTER (outcome = 'no_decision') AS no_decision,
    count(*) FILTER (outcome = 'withdrawn') AS withdrawn,
    count(DISTINCT owner) AS owners, count(DISTINCT account) AS accounts,
    min(created_at) AS "first", max(last_at) AS "last",
    (SELECT count(*) FROM source_events WHERE kind IN ('buyer_acted', 'evidence_recorded')) AS buyer_acts
FROM deals
