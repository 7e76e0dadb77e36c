-- One path per deal, as an order-safe hash of (rank, place): none is spelled out but those shown.
CREATE OR REPLACE TABLE paths AS
SELECT v.deal, v.process, sum(CAST(hash(v.rank, v.place - f.first_place) AS HUGEINT)) AS path, count(*) AS length
FROM visits AS v
JOIN (SELECT deal, min(place) AS first_place FROM visits GROUP BY deal) AS f ON f.deal = v.deal
GROUP BY v.deal, v.process
