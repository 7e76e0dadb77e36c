INSERT INTO source_deals
SELECT deal, name, account, pipeline, record_type, segment, team, currency, file, line FROM kept_deals ORDER BY file, line;
INSERT INTO source_deals (deal, name)
SELECT s.deal, min(s.deal_name) FROM named_states AS s ANTI JOIN kept_deals AS d USING (deal)
WHERE s.deal IS NOT NULL GROUP BY s.deal ORDER BY s.deal;
INSERT INTO source_events
SELECT deal, kind, name, happened_at, recorded_at, recorded_how, actor, NULL, NULL, amount, due_on, NULL, note, file, line,
    $first + row_number() OVER (ORDER BY place, file, line, kind, deal) - 1
FROM found_events WHERE deal IS NOT NULL ORDER BY place, file, line, kind, deal
