SELECT
    (SELECT any_value(main_currency) FROM money) AS currency,
    (SELECT count(*) FROM deals WHERE outcome IS NULL) AS open_deals,
    (SELECT count(*) FROM deals AS d JOIN (SELECT DISTINCT deal FROM buyer_acts) AS b ON b.deal = d.deal
     WHERE d.outcome IS NULL) AS observed_open
