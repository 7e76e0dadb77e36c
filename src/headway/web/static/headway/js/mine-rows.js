// M, C and E act on the row one is at; before one has walked anywhere, on the first.
const rows = [...document.querySelectorAll(".mine-rows > .row")];

function giveKeysTo(row) {
  for (const old of document.querySelectorAll("[data-row-key][data-key]")) delete old.dataset.key;
  for (const one of row.querySelectorAll("[data-row-key]")) one.dataset.key = one.dataset.rowKey;
}

if (rows.length) giveKeysTo(rows[0]);
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".mine-rows > .row");
  if (row) giveKeysTo(row);
});
