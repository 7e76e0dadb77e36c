// What the server shows anew is put beside what one is doing: a field with the caret, or with words not saved yet,
// keeps its text and says that somebody else wrote; the review goes on to another deal only when nobody types here.
import { spoken } from "./language.js";
import { isDirty } from "./room-say.js";

const FRESH_MS = 2500;
const shown = new Map(); // id of a part -> the markup that the server gave last
const room = document.getElementById("room");
let waits = ""; // the page that waits until one has finished typing

const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const news = (root) => new Map([...root.querySelectorAll("[data-news]")].map((one) => [one.dataset.news, one]));
const itemOf = (root) => root.querySelector(".room-deal")?.dataset.item ?? "";
const markup = (part) => part.outerHTML.replaceAll(/name="csrfmiddlewaretoken" value="[^"]*"/g, ""); // masked anew each time
const remember = (root) => { for (const part of root.querySelectorAll("[data-part]")) shown.set(part.id, markup(part)); };

function typing() {
  const here = document.activeElement;
  const deciding = document.querySelector("#deciding form");
  return Boolean(deciding) || [...document.querySelectorAll("form.room-question")].some((form) => isDirty(form) || form.contains(here));
}

function keepFocus(change) {
  const id = document.activeElement?.id;
  change();
  if (id && document.activeElement?.id !== id) document.getElementById(id)?.focus({ preventScroll: true });
}

function question(old, fresh) {
  const field = old.querySelector("textarea");
  const theirs = fresh.querySelector("textarea");
  if (!field || !theirs) return old.replaceWith(fresh);
  const note = old.querySelector("[data-other]");
  if (old.dataset.news === fresh.dataset.news) {
    if (field !== document.activeElement) note.replaceWith(fresh.querySelector("[data-other]"));
    return;
  }
  if ((field === document.activeElement || isDirty(old)) && theirs.value !== field.value) {
    note.textContent = spoken(`${fresh.querySelector("[data-by]").textContent} wrote meanwhile: “${theirs.value}”`);
    note.hidden = false;
  } else {
    field.value = theirs.value;
    field.dataset.saved = theirs.value;
    for (const name of ["[data-by]", "[data-other]"]) old.querySelector(name).replaceWith(fresh.querySelector(name));
  }
  old.dataset.news = fresh.dataset.news ?? "";
  old.dataset.said = fresh.dataset.said ?? "";
  old.toggleAttribute("data-own", fresh.hasAttribute("data-own"));
}

function parts(page) {
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const old = document.getElementById(fresh.id);
    if (shown.get(fresh.id) === markup(fresh) || !old) continue;
    shown.set(fresh.id, markup(fresh));
    keepFocus(() => old.replaceWith(document.adoptNode(fresh)));
  }
  for (const fresh of page.querySelectorAll(".room-question")) {
    const old = document.getElementById(fresh.id);
    if (old) question(old, document.adoptNode(fresh));
  }
}

function whole(page) {
  keepFocus(() => room.replaceChildren(...page.body.childNodes));
  remember(room);
  document.getElementById("room-agenda")?.querySelector(".chosen")?.scrollIntoView({ block: "nearest", inline: "center" });
}

function announce(before) {
  const said = [];
  for (const [id, one] of news(room)) {
    if (before.has(id)) continue;
    one.classList.add("fresh");
    setTimeout(() => one.classList.remove("fresh"), FRESH_MS);
    if (!one.hasAttribute("data-own") && one.dataset.said) said.push(one.dataset.said);
  }
  if (said.length) document.getElementById("room-said").textContent = said.join(" ");
}

function wait(page, html) {
  waits = html;
  const title = page.querySelector(".room-line.chosen .room-title")?.textContent ?? spoken("another deal");
  let bar = document.getElementById("room-moved");
  if (!bar) {
    bar = document.createElement("div");
    bar.id = "room-moved";
    bar.className = "note room-moved";
    const words = document.createElement("p");
    const go = document.createElement("button");
    go.className = "button small";
    go.textContent = spoken("Go there");
    go.addEventListener("click", () => { document.querySelector("#deciding")?.replaceChildren(); document.activeElement?.blur(); follow(); });
    bar.append(words, go);
    document.body.append(bar);
  }
  const text = spoken(`The review went on to ${title}.`);
  if (bar.firstChild.textContent !== text) bar.firstChild.textContent = text;
  document.getElementById("room-said").textContent = text;
}

export function follow() {
  if (waits && !typing()) merge(waits);
}

export function merge(html) {
  const page = parse(html);
  const before = news(room);
  const moved = itemOf(page) !== itemOf(room);
  if (moved && typing()) { wait(page, html); parts(onlyHead(page)); return; }
  waits = "";
  document.getElementById("room-moved")?.remove();
  const same = !moved && [...page.querySelectorAll("[data-part]")].map((one) => one.id).join() === [...room.querySelectorAll("[data-part]")].map((one) => one.id).join();
  if (same) parts(page);
  else whole(page);
  if (moved) scrollTo(0, 0);
  announce(before);
  document.dispatchEvent(new CustomEvent("headway:merged"));
}

function onlyHead(page) {
  for (const part of page.querySelectorAll("[data-part]:not(#room-head), .room-question")) part.remove();
  return page;
}

document.addEventListener("focusout", () => setTimeout(follow, 300));
if (room) remember(room);
