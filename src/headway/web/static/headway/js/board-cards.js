// The cards on the board: put one in place, keep the focus on it, read the whole board anew where something changed.
import { spoken } from "./language.js";
const FRESH_MS = 4000;
const REST_MS = 2000;

export const board = document.getElementById("board");
export const stages = board ? JSON.parse(board.dataset.stages) : [];
const said = document.getElementById("board-said");
const shown = new WeakMap(); // card -> its markup as it came
const mine = new Map(); // keys of deals that this page changed -> when
let at = null; // the card one was on last
let last = 0;
let timer = 0;

export const say = (text) => { if (said) said.textContent = spoken(text); };
export const columnOf = (element) => element.closest(".bcol");
export const nameOf = (card) => card.querySelector(".bcard-name").textContent;
const markup = (card) => card.outerHTML.replace(/value="[\w]{64}"/g, "").replace(/ class="bcard[^"]*"/, "");
export const remember = (card) => shown.set(card, markup(card));

// The card one is on: that with the focus, else the one before it.
export function cardOf() {
  return document.activeElement?.closest?.(".bcard") ?? (at && document.getElementById(at));
}
document.addEventListener("focusin", (event) => { const card = event.target.closest?.(".bcard"); if (card) at = card.id; });

export function setParameter(name, value) {
  const url = new URL(location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  url.hash = "";
  history.replaceState(history.state, "", url);
}

export function takeToasts(page) {
  if (page === document) { for (const card of board.querySelectorAll(".bcard")) remember(card); return; }
  document.getElementById("toasts")?.append(...page.querySelectorAll(".toast"));
}

function place(card, list) {
  const worth = Number(card.dataset.attention);
  const after = [...list.querySelectorAll(".bcard")].find((one) => Number(one.dataset.attention) < worth);
  list.insertBefore(card, after ?? list.querySelector(".bmore"));
}

// What the server says of one card: it takes the place of the old one, heads of columns are brought up, the rest closes.
export function put(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = document.adoptNode(page.querySelector(".bcard"));
  const old = document.getElementById(fresh.id);
  for (const other of board.querySelectorAll(".bpanel")) if (!old?.contains(other)) { const card = other.closest(".bcard"); other.remove(); remember(card); }
  const was = old?.contains(document.activeElement) || document.activeElement === document.body;
  const column = document.getElementById(`bcol-${fresh.dataset.column}`);
  if (old && columnOf(old) === column) old.replaceWith(fresh);
  else { old?.remove(); if (column) place(fresh, column.querySelector(".bcards")); }
  for (const head of page.querySelectorAll(".bcol-head")) document.getElementById(head.id)?.replaceWith(document.adoptNode(head));
  if (was) (fresh.querySelector(".bpanel [autofocus]") ?? fresh.querySelector(".bcard-name")).focus({ preventScroll: true });
  mine.set(fresh.dataset.key, Date.now());
  remember(fresh);
  takeToasts(page);
  setParameter("open", fresh.querySelector(".bpanel") ? fresh.dataset.key : "");
  if (!column) refresh(true);
  return fresh;
}

const busy = () => board.classList.contains("carrying") || document.querySelector("dialog[open]") || board.querySelector(".sending")
  || [...board.querySelectorAll(".bpanel textarea")].some((one) => one.value.trim());

// Read the board anew. `now`: at once, and tell where the open card went; else for others' changes, no oftener than every two seconds.
export async function refresh(now, keys = []) {
  if (!board) return;
  for (const [key, when] of mine) if (Date.now() - when > FRESH_MS) mine.delete(key);
  if (!now && keys.length && keys.every((key) => mine.has(key))) return;
  clearTimeout(timer);
  if (!now && (busy() || Date.now() - last < REST_MS)) { timer = setTimeout(() => refresh(false), REST_MS); return; }
  last = Date.now();
  const answer = await fetch(location.href, { headers: { "X-Live": "yes" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!now && busy()) { timer = setTimeout(() => refresh(false), REST_MS); return; }
  takeToasts(page);
  const moved = merge(page);
  const other = now ? moved : moved.slice(0, 3);
  if (other.length) say(other.join(" "));
}

function merge(page) {
  const fresh = [...page.querySelectorAll("#board > .bcol")];
  const old = [...board.querySelectorAll(":scope > .bcol")];
  const held = document.activeElement?.closest?.(".bcard")?.id;
  const on = document.activeElement?.className;
  const before = new Map([...board.querySelectorAll(".bcard")].map((card) => [card.id, card.dataset.column]));
  if (!fresh.length || fresh.map((one) => one.id).join() !== old.map((one) => one.id).join()) {
    if (!fresh.length) return location.reload() ?? [];
    board.replaceChildren(...fresh.map((one) => document.adoptNode(one)));
    for (const card of board.querySelectorAll(".bcard")) remember(card);
  } else {
    const known = new Map([...board.querySelectorAll(".bcard")].map((card) => [card.id, card]));
    fresh.forEach((one, number) => column(old[number], one, known));
  }
  window.htmx?.process(board);
  const whole = page.querySelector(".board-whole");
  if (whole) document.querySelector(".board-whole")?.replaceWith(document.adoptNode(whole));
  const names = page.querySelectorAll("[data-switch]");
  for (const name of names) document.querySelector(`.board-switch [data-switch="${name.dataset.switch}"]`)?.replaceChildren(...name.childNodes);
  if (held) { const card = document.getElementById(held); (card?.querySelector(on === "marker" ? ".marker" : ".bcard-name"))?.focus({ preventScroll: true }); }
  return [...board.querySelectorAll(".bcard")].filter((card) => before.has(card.id) && before.get(card.id) !== card.dataset.column)
    .map((card) => `${nameOf(card)} stands in ${columnOf(card).querySelector("h2").textContent} now.`);
}

function column(old, fresh, known) {
  const head = fresh.querySelector(".bcol-head");
  const was = old.querySelector(".bcol-head");
  if (was.outerHTML !== head.outerHTML) was.replaceWith(document.adoptNode(head));
  old.classList.toggle("bare", fresh.classList.contains("bare"));
  const list = old.querySelector(".bcards");
  const cards = [...fresh.querySelectorAll(".bcards > li")].map((one) => {
    const same = known.get(one.id);
    if (same && one.matches(".bcard") && shown.get(same) === markup(one)) return same;
    const card = document.adoptNode(one);
    if (card.matches(".bcard")) remember(card);
    return card;
  });
  const now = [...list.children];
  if (cards.length === now.length && cards.every((card, number) => card === now[number])) return;
  const top = list.scrollTop;
  list.replaceChildren(...cards);
  list.scrollTop = top;
}
