// Selecting deals in the list: a press, with Shift a range; X on the row one is at; the bar says how many.
import { spoken } from "./language.js";
const bar = document.getElementById("bulk");
const boxes = [...document.querySelectorAll("[data-pick]")];
const all = document.querySelector("[data-pick-all]");
let last = null;

function tell() {
  const picked = boxes.filter((box) => box.checked).length;
  bar.toggleAttribute("data-none", picked === 0);
  bar.querySelector("[data-picked]").textContent = picked ? spoken(`${picked} selected`) : "";
  if (all) { all.checked = picked === boxes.length; all.indeterminate = picked > 0 && picked < boxes.length; }
}

function range(from, to, checked) {
  const [first, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((one, two) => one - two);
  for (const box of boxes.slice(first, end + 1)) box.checked = checked;
}

function setAll(checked) {
  for (const box of boxes) box.checked = checked;
  tell();
}

function giveKeyTo(box) {
  for (const old of boxes) delete old.dataset.key;
  box.dataset.key = "x";
  box.dataset.keyWords = spoken("Select the row; with Shift all from the last");
}

if (bar && boxes.length) {
  giveKeyTo(boxes[0]);
  tell();
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-pick]");
    if (box) {
      if (event.shiftKey && last) range(last, box, box.checked);
      last = box;
      tell();
    } else if (event.target === all) setAll(all.checked);
    else if (event.target.closest("[data-pick-page]")) setAll(true);
    else if (event.target.closest("[data-pick-none]")) { setAll(false); last?.focus(); }
  });
  document.addEventListener("focusin", (event) => {
    const box = event.target.closest?.(".deal-row")?.querySelector("[data-pick]");
    if (box) giveKeyTo(box);
  });
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.(".deal-row");
    if (!row || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = row.querySelector("[data-pick]");
    if (event.shiftKey && box && event.key === "X" && "keys" in document.body.dataset) {
      box.checked = true;
      if (last) range(last, box, true);
      last = box;
      tell();
    } else if (event.key === "Escape" && boxes.some((one) => one.checked) && !document.querySelector("dialog[open]")) setAll(false);
    else return;
    event.preventDefault();
  });
  addEventListener("pageshow", tell); // ticks that the browser kept
}
