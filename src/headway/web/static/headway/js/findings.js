// The queue of findings: a sheet to end one, days for one press, and the keys 1 to 4 for the row one is on.
import { spoken } from "./language.js";
import { watchSheet } from "./sheet.js";

const ROW = ".finding-row";
watchSheet(document.getElementById("sheet"), () => location.reload());

// The keys belong to one row at a time; keys.js presses what carries them and lists them.
function take(row) {
  for (const old of document.querySelectorAll("[data-way][data-key]")) { delete old.dataset.key; delete old.dataset.keyWords; }
  for (const way of row?.querySelectorAll("[data-way]") ?? []) {
    way.dataset.key = way.dataset.way;
    way.dataset.keyWords = spoken(`${way.textContent}: the finding you are on`);
  }
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(ROW);
  if (row) take(row);
});
take(document.querySelector(ROW));

document.addEventListener("click", (event) => {
  const day = event.target.closest("[data-look]");
  if (day) day.closest(".field").querySelector("input[type=date]").value = day.dataset.look;
});

const filters = document.querySelector("[data-filters]");
filters?.addEventListener("change", () => filters.requestSubmit());
