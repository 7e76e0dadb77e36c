-- One row per deal: ids settled, then of several rows with one id the one modified last, else the first.
-- A deal without an id is called by its name, and by name and account where the name alone is not its own.
CREATE OR REPLACE TEMP TABLE named_deals AS
SELECT
    * REPLACE (coalesce(
        deal,
        CASE WHEN count(DISTINCT coalesce(account, '')) OVER (PARTITION BY name) = 1 THEN name
             ELSE name || ' · ' || coalesce(account, '?') END
    ) AS deal)
FROM staged_deals;
CREATE OR REPLACE TEMP TABLE kept_deals AS
SELECT * FROM named_deals WHERE deal IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY deal ORDER BY modified_at DESC NULLS LAST, file, line) = 1;
