// The process editor: a document whose lines are fields. Keys stand in the dialog `editor-keys`.
import { fieldOf, itemOf } from "./process-form.js";
import { add, addBelow, addStageBelow, addStep, changed, focusOn, mainOf, move, offerMilestones, remove, walk } from "./process-lines.js";
import { Saving } from "./process-saving.js";

const root = document.getElementById("editor");
const page = root.querySelector("[data-document]");
const milestones = () => [...root.querySelectorAll('[data-item="milestone"]')];
const isLeft = (item) => mainOf(item).value.trim() && item.dataset.mended !== "yes";

// --- what the linter and the checks say ---

function mark(item, told) {
  const place = item.querySelector("[data-mark]");
  item.dataset.mended = told?.mended ? "yes" : "no";
  place.hidden = !told;
  if (!told) return;
  place.className = `doc-mark who-${told.who}`;
  const who = place.querySelector("[data-who]");
  who.className = `who who-${told.who}`;
  set(who, told.label);
  set(place.querySelector("[data-said]"), told.said);
  set(place.querySelector("[data-rewrite]"), told.rewrite);
  place.querySelector("[data-offer]").hidden = !told.rewrite;
}

const set = (element, text) => { if (element.textContent !== text) element.textContent = text; };

function told(answer) {
  const marks = new Map(answer.marks.map((one) => [one.uid, one]));
  for (const item of milestones()) mark(item, marks.get(item.dataset.uid));
  const problems = new Map(answer.problems.map((one) => [`${one.uid} ${one.field}`, one.sentence]));
  for (const place of root.querySelectorAll("[data-error]")) {
    const item = itemOf(place);
    const sentence = problems.get(`${item?.dataset.uid ?? ""} ${place.dataset.error}`) ?? "";
    set(place, sentence);
    place.hidden = !sentence;
    const field = fieldOf(item ?? root, place.dataset.error);
    if (field) {
      field.toggleAttribute("aria-invalid", false);
      if (sentence) field.setAttribute("aria-invalid", "true");
    }
  }
  set(root.querySelector("[data-sentence]"), answer.sentence);
  root.querySelector("[data-next]").hidden = !answer.left;
}

function rendered(html) {
  const item = itemOf(document.activeElement);
  page.innerHTML = html;
  begin();
  const again = item && document.getElementById(item.dataset.uid);
  if (again) focusOn(again);
}

function begin() {
  for (const item of milestones()) item.dataset.mended = item.querySelector("[data-who]").classList.contains("who-buyer") ? "yes" : "no";
}

const saving = new Saving(root, { told, rendered });
begin();

// --- what one can do ---

function take(item, keep) {
  const rewrite = item?.querySelector("[data-rewrite]")?.textContent;
  if (!rewrite) return;
  const field = mainOf(item);
  const own = field.value.trim();
  const wasSellers = item.querySelector("[data-who]").classList.contains("who-seller");
  field.value = rewrite;
  if (keep && wasSellers) addStep(item.closest('[data-item="stage"]'), own, item.dataset.uid);
  item.dataset.mended = "yes";
  changed(root);
  focusOn(item);
}

function next() {
  const all = milestones();
  const here = all.indexOf(document.activeElement?.closest?.('[data-item="milestone"]'));
  const found = [...all.slice(here + 1), ...all.slice(0, here + 1)].find(isLeft);
  if (found) focusOn(found);
  else root.querySelector("[data-publish]").focus();
}

async function publish() {
  if (await saving.save()) window.location.href = root.action;
}

const closeMenu = (element) => { const menu = element.closest("details.menu"); if (menu) menu.open = false; };

root.addEventListener("input", () => saving.soon());
root.addEventListener("submit", (event) => { event.preventDefault(); publish(); });
// The line one is at shows all its fields. The one before folds a moment later, so that a press in progress still hits.
let folding = 0;
root.addEventListener("focusin", (event) => {
  const here = [];
  for (let item = itemOf(event.target); item; item = itemOf(item.parentElement)) here.push(item);
  for (const item of here.slice(0, 1)) item.classList.add("at");
  clearTimeout(folding);
  folding = setTimeout(() => { for (const item of root.querySelectorAll(".at")) if (item !== here[0]) item.classList.remove("at"); }, 250);
});
root.addEventListener("focusin", (event) => { if (event.target.dataset.field === "serves") offerMilestones(event.target); });
root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const item = itemOf(event.target);
  if (!button) return;
  if ("take" in button.dataset) take(item, false);
  else if ("next" in button.dataset) next();
  else if (button.dataset.move) { closeMenu(button); move(item, Number(button.dataset.move)); }
  else if ("remove" in button.dataset) { closeMenu(button); remove(item); }
  else if (button.dataset.add === "stage") addStageBelow(null);
  else if (button.dataset.add) { focusOn(add(button.dataset.add, item.querySelector(`[data-list="${button.dataset.add}s"]`))); changed(root); }
});

// --- keys ---

const isKey = (event, letter) => event.key.toLowerCase() === letter || event.code === `Key${letter.toUpperCase()}`;

function withAlt(event) {
  const item = itemOf(event.target);
  if (isKey(event, "n")) next();
  else if (isKey(event, "s")) addStageBelow(event.target);
  else if (!item) return false;
  else if (isKey(event, "r")) take(item, false);
  else if (isKey(event, "k")) take(item, true);
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") move(item, event.key === "ArrowUp" ? -1 : 1);
  else if (event.key === "Backspace") remove(item);
  else return false;
  return true;
}

function plain(event) {
  const { target, key } = event;
  if (key === "Enter" && target.matches("input, [data-main], [data-field=ask]")) return enter(target);
  if (!target.matches("[data-main]")) return false;
  const { selectionStart: start, selectionEnd: end, value } = target;
  if (key === "ArrowDown" && start === value.length) return walk(target, 1);
  if (key === "ArrowUp" && end === 0) return walk(target, -1);
  const item = itemOf(target);
  if (key === "Backspace" && !value && item && item.dataset.item !== "stage") { remove(item); return true; }
  return false;
}

function enter(target) {
  const item = itemOf(target);
  if (!item || !target.matches("[data-main]")) return true;
  if (item.dataset.item !== "stage") addBelow(item);
  else focusOn(item.querySelector('[data-item="milestone"]') ?? add("milestone", item.querySelector('[data-list="milestones"]')));
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.altKey && !event.ctrlKey && !event.metaKey && (root.contains(event.target) || event.target === document.body)) {
    if (withAlt(event)) event.preventDefault();
  } else if (!event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && root.contains(event.target)) {
    if (plain(event)) event.preventDefault();
  }
});
