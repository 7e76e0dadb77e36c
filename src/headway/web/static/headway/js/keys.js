// Keys: data-key="d" or data-key="g m" on a link or button presses it, on a field or dialog goes there.
// J and K walk the rows, Enter opens, ? lists what this page offers. Off for people who turned single keys off.
import { spoken } from "./language.js";
import { openDialog } from "./dialog.js";

const PAUSE_MS = 1200;
const ROWS = ".rows .row, .table[data-rows] tbody tr, .deal-rows .deal-row:not(.deal-row-head)";
const ALWAYS = [
  ["J", "Next row"], ["K", "Row before"], ["Enter", "Open the row"], ["?", "List of keys"],
  ["Mod K", "Search and commands"], ["Mod Enter", "Save what is typed"], ["Esc", "Close, or leave the field"],
];
export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
export const keysOn = () => "keys" in document.body.dataset;

const typing = (element) => element?.closest?.("input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit]), textarea, select, [contenteditable=true]");
const openTop = () => [...document.querySelectorAll("dialog[open]")].at(-1);

// What a key may press now: inside the dialog that is open, else on the page; what is seen before what is folded away.
function offered() {
  const top = openTop();
  const all = [...(top ?? document).querySelectorAll("[data-key]")].filter((one) => !one.disabled && (top || !one.closest("dialog") || one.matches("dialog")));
  return all.filter((one) => one.checkVisibility() || one.closest(".side") || one.matches("dialog"));
}

function press(element) {
  if (element.matches("dialog")) openDialog(element);
  else if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) { element.focus(); element.select?.(); }
  else element.click();
}

let typed = "";
let timer = 0;

// True when the key was for us: a whole shortcut was pressed, or the beginning of one.
function takeKey(key) {
  clearTimeout(timer);
  const keys = offered();
  for (const text of new Set([typed ? `${typed} ${key}` : key, key])) {
    const hit = keys.find((one) => one.dataset.key === text);
    if (hit) { typed = ""; press(hit); return true; }
    if (keys.some((one) => one.dataset.key.startsWith(`${text} `))) {
      typed = text;
      timer = setTimeout(() => { typed = ""; }, PAUSE_MS);
      return true;
    }
  }
  typed = "";
  return false;
}

let at = null; // the row last walked to; it may have been put in anew since

function walk(step) {
  const rows = [...(openTop() ?? document).querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
  if (!rows.length) return false;
  const here = rows.indexOf(document.activeElement?.closest?.(ROWS)) >= 0 ? document.activeElement.closest(ROWS) : at;
  const from = rows.indexOf(here);
  const row = rows[from < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(from + step, 0), rows.length - 1)];
  for (const old of document.querySelectorAll("[data-at]")) delete old.dataset.at;
  at = row;
  row.dataset.at = "";
  const target = row.querySelector("a.row-title, a[href], button") ?? row;
  if (target === row) row.tabIndex = -1;
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("focusin", (event) => {
  if (at && !at.contains(event.target)) { delete at.dataset.at; if (event.target.closest(ROWS)) at = event.target.closest(ROWS); }
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const field = typing(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[type=submit].primary, button.primary:not([type=button])") ?? undefined); }
    return;
  }
  if (event.key === "Escape" && field && !openTop()) { field.blur(); return; }
  if (!keysOn() || field || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (key.length !== 1 || key === " " || (event.shiftKey && /^[a-z]$/i.test(key))) return;
  if (takeKey(key)) { event.preventDefault(); return; }
  if (key === "j" || key === "k") { if (walk(key === "j" ? 1 : -1)) event.preventDefault(); }
});

export function keyCaps(keys) {
  return keys.split(" ").map((key) => {
    const cap = document.createElement("span");
    cap.className = "kbd";
    cap.textContent = key === "Mod" ? (IS_MAC ? "⌘" : "Ctrl") : key.length === 1 ? key.toUpperCase() : key;
    return cap;
  });
}

function section(words, entries) {
  const part = document.createElement("section");
  part.className = "section";
  const head = document.createElement("h3");
  head.textContent = spoken(words);
  const list = document.createElement("ul");
  list.className = "keys-list";
  for (const [keys, said] of entries) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = spoken(said);
    const caps = document.createElement("span");
    caps.className = "keys";
    caps.append(...keyCaps(keys));
    item.append(name, caps);
    list.append(item);
  }
  part.append(head, list);
  return part;
}

// The list is made of what is on the page, so that it is never wrong.
const list = document.getElementById("keys");
list?.addEventListener("headway:open", () => {
  const found = new Map();
  for (const one of offered()) {
    const said = one.dataset.keyWords ?? one.getAttribute("aria-label") ?? one.innerText?.trim() ?? "";
    if (one !== list && said && !found.has(one.dataset.key)) found.set(one.dataset.key, said.split("\n")[0]);
  }
  const entries = [...found];
  const places = entries.filter(([key]) => key.startsWith("g "));
  const here = entries.filter(([key]) => !key.startsWith("g ") && key !== "/");
  const always = [...entries.filter(([key]) => key === "/"), ...ALWAYS];
  const parts = [["On this page", here], ["Go to", places], ["Everywhere", always]].filter(([, some]) => some.length);
  list.querySelector("[data-keys-here]").replaceChildren(...parts.map(([words, some]) => section(words, some)));
  if (!keysOn()) list.querySelector("[data-keys-here]").prepend(spoken("Single keys are off for you: turn them on in the menu with your name."));
});

for (const hint of document.querySelectorAll("[data-mod]")) hint.textContent = IS_MAC ? "⌘ K" : spoken("Ctrl K");
