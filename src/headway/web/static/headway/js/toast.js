// Toasts: read aloud, gone after ten seconds unless somebody is on them, undone by the button or Z; never more than three,
// for they cover what somebody works on.
import { spoken } from "./language.js";
const SHOWN_MS = 10_000;
const FADE_MS = 300;
const MOST = 3;

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "yes";
  let timer = 0;
  const held = () => toast.matches(":hover, :focus-within") || document.hidden;
  const leave = () => {
    if (held()) return start();
    toast.classList.add("gone");
    timer = setTimeout(() => (held() ? start() : toast.remove()), FADE_MS);
  };
  const start = () => {
    clearTimeout(timer);
    toast.classList.remove("gone");
    timer = setTimeout(leave, SHOWN_MS);
  };
  for (const kind of ["mouseleave", "focusout"]) toast.addEventListener(kind, start);
  for (const kind of ["mouseenter", "focusin"]) toast.addEventListener(kind, () => { clearTimeout(timer); toast.classList.remove("gone"); });
  start();
}

const place = document.getElementById("toasts");

// The oldest make room, but for errors and for what somebody is on.
function makeRoom() {
  const free = [...place.children].filter((toast) => !toast.matches(".error, :hover, :focus-within"));
  for (const toast of free.slice(0, Math.max(0, place.children.length - MOST))) toast.remove();
}

// What stood there when the page came is said only if it is put in again.
function announce() {
  const first = [...place.children];
  place.replaceChildren();
  setTimeout(() => { place.append(...first); for (const toast of place.children) watch(toast); }, 50);
}

export function say(text, kind = "") {
  const toast = document.createElement("div");
  toast.className = `toast ${kind}`;
  const words = document.createElement("p");
  words.textContent = spoken(text);
  toast.append(words);
  place.append(toast);
  watch(toast);
}

if (place) {
  if (place.children.length) announce();
  new MutationObserver(() => { makeRoom(); for (const toast of place.children) watch(toast); }).observe(place, { childList: true });
  place.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) event.target.closest(".toast").remove(); });
  document.addEventListener("htmx:sendError", () => say("No answer from the server. Nothing was changed; try again.", "error"));
  document.addEventListener("htmx:responseError", (event) => say(`The server answered ${event.detail.xhr.status}. Reload the page and try again.`, "error"));
}
