-- What a row says of each open deal beside its chances.
SELECT d.deal, d.id, d.name, d.account, d.owner, d.team, d.segment, d.currency, d.close_on, m.counted
FROM rows_asked AS a
JOIN deals AS d ON d.deal = a.deal
JOIN money AS m ON m.deal = d.deal
