-- One row per deal of the log, in order of its number; amount: as known at the end of the log, in the main currency.
SELECT d.deal, d.id, p.process, d.segment, d.team, m.counted, m.amount, m.main_currency
FROM deals AS d
JOIN money AS m ON m.deal = d.deal
LEFT JOIN deal_processes AS p ON p.deal = d.deal
ORDER BY d.deal
