// Lines and stages: add, remove, put back, move, walk. Everything by key and by button; nothing is dragged.
import { spoken } from "./language.js";
import { fieldOf, freshUid, ITEMS, itemOf } from "./process-form.js";

const MAINS = "[data-main]";
const changed = (root) => root.dispatchEvent(new Event("input", { bubbles: true }));
const root = () => document.getElementById("editor");
export const mainOf = (item) => item.querySelector(MAINS);

export function add(kind, list, before = null) {
  const item = document.getElementById(`new-${kind}`).content.firstElementChild.cloneNode(true);
  item.dataset.uid = freshUid(kind);
  item.id = item.dataset.uid;
  list.insertBefore(item, before);
  if (kind === "stage") add("milestone", item.querySelector('[data-list="milestones"]'));
  return item;
}

export function focusOn(item, atEnd = true) {
  const field = mainOf(item);
  field.focus();
  if (field.setSelectionRange) field.setSelectionRange(...(atEnd ? [field.value.length, field.value.length] : [0, 0]));
  item.scrollIntoView({ block: "nearest" });
}

export function addBelow(item) {
  const kind = item.dataset.item;
  const made = add(kind, item.parentElement, item.nextElementSibling);
  focusOn(made);
  changed(root());
  return made;
}

export function addStageBelow(element) {
  const stage = element?.closest?.('[data-item="stage"]');
  const list = root().querySelector('[data-list="stages"]');
  focusOn(add("stage", list, stage ? stage.nextElementSibling : null));
  changed(root());
}

// A line removed leaves a word with a way back in its place, until the page is left.
export function remove(item, goTo = null) {
  const gone = document.createElement("li");
  const words = document.createElement("span");
  const text = mainOf(item).value.trim();
  gone.className = "doc-gone";
  words.textContent = text ? spoken(`Removed “${text.length > 60 ? `${text.slice(0, 59)}…` : text}”.`) : "";
  const back = document.createElement("button");
  back.type = "button";
  back.className = "link";
  back.textContent = spoken("Put it back");
  back.addEventListener("click", () => { gone.replaceWith(item); focusOn(item); changed(root()); });
  gone.append(words, " ", back);
  const target = goTo ?? neighbour(item);
  if (text || item.dataset.item === "stage") item.replaceWith(gone);
  else item.remove();
  changed(root());
  if (target) focusOn(target);
  else back.focus();
}

function neighbour(item) {
  const others = [...root().querySelectorAll(ITEMS)].filter((one) => !item.contains(one));
  const before = others.filter((one) => item.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING);
  return before.at(-1) ?? others[0] ?? null;
}

export function move(item, step) {
  const kind = item.dataset.item;
  const like = (element) => element?.dataset?.item === kind;
  let next = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  while (next && !like(next)) next = step < 0 ? next.previousElementSibling : next.nextElementSibling;
  if (next) {
    if (step < 0) next.before(item);
    else next.after(item);
  } else if (kind !== "stage") {
    const stages = [...root().querySelectorAll('[data-item="stage"]')];
    const stage = stages[stages.indexOf(item.closest('[data-item="stage"]')) + step];
    if (!stage) return;
    const list = stage.querySelector(`[data-list="${kind}s"]`);
    if (step < 0) list.append(item);
    else list.prepend(item);
  } else return;
  changed(root());
  focusOn(item);
}

// Down at the end of a line goes to the next one, up at its beginning to the one before, as in any document.
export function walk(field, step) {
  const mains = [...root().querySelectorAll(MAINS)];
  const next = mains[mains.indexOf(field) + step];
  if (!next) return false;
  next.focus();
  next.setSelectionRange?.(...(step > 0 ? [0, 0] : [next.value.length, next.value.length]));
  return true;
}

export function addStep(stage, seller, serves) {
  const step = add("step", stage.querySelector('[data-list="steps"]'));
  fieldOf(step, "seller").value = seller;
  offerMilestones(fieldOf(step, "serves"));
  fieldOf(step, "serves").value = serves;
  return step;
}

// What a step may serve: every milestone, by its words.
export function offerMilestones(select) {
  const chosen = select.value;
  const options = [new Option(spoken("choose what it serves"), "")];
  for (const item of root().querySelectorAll('[data-item="milestone"]')) {
    const text = mainOf(item).value.trim();
    if (text) options.push(new Option(text.length > 70 ? `${text.slice(0, 69)}…` : text, item.dataset.uid));
  }
  select.replaceChildren(...options);
  select.value = options.some((option) => option.value === chosen) ? chosen : "";
}

export { changed, itemOf };
