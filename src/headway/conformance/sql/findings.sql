CREATE OR REPLACE TABLE raw_findings (
    rule VARCHAR, deal INTEGER, rank INTEGER, happened_at TIMESTAMP, measure DOUBLE, count INTEGER, other INTEGER,
    ordinal BIGINT
)
