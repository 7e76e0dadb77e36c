-- What else speaks for or against a constraint: open deals and their silence, findings of deals that ended without a
-- win, reviews, and the most frequent reason of those lost. $silence: microseconds beyond which a buyer is silent.
SELECT
    (SELECT count(*) FROM standings WHERE decided_at IS NULL) AS open_deals,
    (SELECT count(*) FROM standings WHERE decided_at IS NULL AND observed) AS open_observed,
    (SELECT count(*) FROM standings WHERE decided_at IS NULL AND silence_us > $silence AND NOT waiting) AS open_silent,
    (SELECT count(*) FROM standings WHERE decided_at IS NULL AND claimed_rank > evidenced_rank) AS open_ahead,
    (SELECT count(*) FROM deals WHERE outcome IS NOT NULL) AS ended,
    (SELECT count(DISTINCT f.deal) FROM findings AS f JOIN deals AS d ON d.deal = f.deal
     WHERE f.rule = 'pushed_close_date' AND NOT f.allowed AND d.outcome IS NOT NULL) AS pushed,
    (SELECT count(*) FROM source_events WHERE kind = 'review_held' AND happened_at <= CAST($at AS TIMESTAMP)) AS reviews_held,
    (SELECT count(*) FROM source_events WHERE kind = 'review_missed' AND happened_at <= CAST($at AS TIMESTAMP)) AS reviews_missed,
    (SELECT count(*) FROM deals WHERE outcome = 'lost') AS lost,
    (SELECT count(*) FROM deals WHERE outcome = 'lost' AND reason IS NOT NULL) AS lost_with_reason,
    (SELECT count(*) FROM deals WHERE outcome IN ('no_decision', 'withdrawn')) AS undecided
