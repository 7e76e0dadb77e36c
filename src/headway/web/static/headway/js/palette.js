// The palette (Ctrl/Cmd-K, or /): what can be done here and where one can go at once, deals as the server finds them.
import { spoken } from "./language.js";
import { openDialog } from "./dialog.js";
import { keyCaps } from "./keys.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const WAIT_MS = 60;
const MOST_COMMANDS = 8;

let commands = []; // {words, keys, group, icon, run}
let deals = [];
let options = [];
let chosen = 0;
let asked = 0;
let timer = 0;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// Each word typed must begin a word of the command, as in the search for deals.
function fits(words, query) {
  const have = fold(words).split(/[^\p{L}\p{N}]+/u);
  return fold(query).split(/\s+/).filter(Boolean).every((typed) => have.some((word) => word.startsWith(typed)));
}

function readCommands() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-command]")) {
    if (element.disabled || found.has(element.dataset.command)) continue;
    const side = element.closest(".side");
    if (!side && !element.checkVisibility() && !element.closest("details.menu")) continue;
    found.set(element.dataset.command, {
      words: element.dataset.command, keys: element.dataset.key ?? "", group: side ? "Go to" : "On this page",
      icon: element.querySelector(".icon"), run: () => element.click(),
    });
  }
  const rank = (one) => (one.group === "On this page" ? 0 : one.keys ? 1 : 2);
  commands = [...found.values()].sort((one, other) => rank(one) - rank(other));
}

function option(entry) {
  const row = document.createElement("div");
  row.className = "palette-item";
  row.role = "option";
  row.id = `palette-${options.length}`;
  if (entry.icon) row.append(entry.icon.cloneNode(true));
  const words = document.createElement("span");
  words.className = entry.standing ? "badge" : "truncate";
  words.textContent = entry.words;
  if (entry.standing) { words.classList.add(`standing-${entry.standing}`, "truncate"); }
  row.append(words);
  if (entry.sub) {
    const sub = document.createElement("span");
    sub.className = "sub truncate";
    sub.textContent = entry.sub;
    row.append(sub);
  }
  if (entry.keys) {
    const caps = document.createElement("span");
    caps.className = "keys";
    caps.ariaHidden = "true";
    caps.append(...keyCaps(entry.keys));
    row.append(caps);
  }
  row.dataset.at = options.length;
  options.push(entry);
  return row;
}

function group(words, entries) {
  const part = document.createElement("div");
  part.role = "group";
  part.ariaLabel = spoken(words);
  const head = document.createElement("div");
  head.className = "palette-group";
  head.ariaHidden = "true";
  head.textContent = spoken(words);
  part.append(head, ...entries.map(option));
  return part;
}

function draw() {
  const query = input.value.trim();
  const fitting = commands.filter((one) => fits(one.words, query));
  const parts = [];
  options = [];
  const shown = query ? fitting.slice(0, MOST_COMMANDS) : fitting;
  const commandParts = () => {
    for (const words of ["On this page", "Go to"]) {
      const some = shown.filter((one) => one.group === words);
      if (some.length) parts.push(group(words, some));
    }
  };
  if (!query) commandParts();
  if (query && shown.some((one) => fold(one.words).startsWith(fold(query)))) { commandParts(); }
  if (query && deals.length) parts.push(group("Deals", deals));
  if (query && !shown.some((one) => fold(one.words).startsWith(fold(query)))) commandParts();
  if (query) {
    const all = document.querySelector("a[data-palette]");
    const url = new URL(all.href);
    url.searchParams.set("q", query);
    parts.push(group("Search", [{ words: spoken(`All deals with “${query}”`), icon: all.querySelector(".icon"), url: url.href }]));
  }
  list.replaceChildren(...parts);
  choose(0);
}

function choose(to) {
  chosen = options.length ? (to + options.length) % options.length : 0;
  for (const row of list.querySelectorAll("[role=option]")) {
    const here = Number(row.dataset.at) === chosen;
    row.ariaSelected = String(here);
    if (here) { input.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
  }
}

function run(entry, apart) {
  if (!entry) return;
  if (entry.url && apart) { window.open(entry.url, "_blank", "noopener"); return; }
  dialog.close();
  if (entry.url) location.assign(entry.url);
  else entry.run();
}

async function ask() {
  const query = input.value.trim();
  const mine = ++asked;
  if (!query) { deals = []; return; }
  const url = new URL(dialog.dataset.url, location.href);
  url.searchParams.set("q", query);
  try {
    const answer = await fetch(url);
    if (!answer.ok || mine !== asked) return;
    deals = (await answer.json()).deals.map((deal) => ({ ...deal, words: deal.name }));
  } catch {
    return; // without the server the commands still work
  }
  if (mine === asked) { const kept = chosen; draw(); if (kept < options.length) choose(kept); }
}

function open(event) {
  event.preventDefault();
  if (dialog.open) return;
  const side = document.getElementById("side");
  if (side?.matches(":popover-open")) side.hidePopover();
  input.value = "";
  deals = [];
  readCommands();
  draw();
  openDialog(dialog);
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) open(event);
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (dialog.open) { event.preventDefault(); dialog.close(); } else open(event);
    }
  });
  input.addEventListener("input", () => { draw(); clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { choose(chosen + (event.key === "ArrowDown" ? 1 : -1)); event.preventDefault(); }
    else if (event.key === "Enter") { event.preventDefault(); run(options[chosen], event.ctrlKey || event.metaKey); }
  });
  list.addEventListener("pointermove", (event) => {
    const row = event.target.closest("[role=option]");
    if (row && Number(row.dataset.at) !== chosen) choose(Number(row.dataset.at));
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) run(options[Number(row.dataset.at)], event.ctrlKey || event.metaKey);
  });
}
