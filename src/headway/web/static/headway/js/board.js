// The board: cards open in place, a move changes the claim, what colleagues do comes in by itself.
import "./board-moves.js";
import "./deal-record.js";
import { board, cardOf, columnOf, put, refresh, remember, say as tell, setParameter, takeToasts } from "./board-cards.js";
import { claimBy, headers } from "./board-claims.js";
import { watchSheet } from "./sheet.js";
import { say } from "./toast.js";

const sheet = document.getElementById("sheet");

// --- the panel below a card ---
function openMenu(card) {
  const menu = card.querySelector(".choose");
  if (!menu) return openPanel(card, card.querySelector("[data-panel]"), true);
  menu.open = true;
  menu.querySelector("[aria-current], button").focus();
}

async function openPanel(card, link, choose) {
  const url = new URL(link.href);
  if (choose) url.searchParams.set("choose", "1");
  try {
    const answer = await fetch(url, { headers: { ...headers(), "X-Part": "yes" } });
    if (!answer.ok || answer.redirected) return location.assign(link.href);
    const fresh = put(await answer.text());
    const first = fresh.querySelector(".choose[open] [aria-current], .choose[open] button, .choose summary, .bpanel a");
    first?.focus({ preventScroll: true });
    fresh.scrollIntoView({ block: "nearest", inline: "nearest" });
  } catch {
    say("No answer from the server; try again.", "error");
  }
}

function closePanel(card) {
  const inside = card.contains(document.activeElement);
  card.querySelector(".bpanel")?.remove();
  remember(card);
  setParameter("open", "");
  if (inside) card.querySelector(".marker").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (!board || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  const link = event.target.closest("[data-panel]");
  if (link) {
    event.preventDefault();
    const card = link.closest(".bcard");
    if (card.querySelector(".bpanel")) closePanel(card);
    else openPanel(card, link, "edits" in board.dataset);
  } else if (event.target.closest("#board [data-close-panel]")) {
    event.preventDefault();
    closePanel(event.target.closest(".bcard"));
  } else if (event.target.closest("[data-menu]")) {
    const card = cardOf();
    if (card) openMenu(card);
  } else {
    const way = event.target.closest("[data-switch]");
    if (way) { event.preventDefault(); switchTo(way.dataset.switch); }
  }
});

board?.addEventListener("submit", (event) => {
  const card = event.target.closest(".bcard");
  if (!card) return;
  event.preventDefault();
  claimBy(card, new FormData(event.target, event.submitter));
});

board?.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".bcard");
  if (event.key === "Escape" && !event.defaultPrevented && card?.querySelector(".bpanel")) { event.preventDefault(); closePanel(card); }
});

// --- on a phone: one column at a time ---
function switchTo(slug) {
  for (const one of document.querySelectorAll("[data-switch]")) one.toggleAttribute("aria-current", one.dataset.switch === slug);
  document.querySelector(`[data-switch="${slug}"]`)?.setAttribute("aria-current", "true");
  for (const one of board.querySelectorAll(".bcol")) one.classList.toggle("current", one.dataset.slug === slug);
  setParameter("column", slug);
}

// --- more cards of a column ---
board?.addEventListener("htmx:beforeSwap", (event) => {
  const link = event.target.querySelector?.("[data-more]") ?? event.target.closest?.("[data-more]");
  if (!link) return;
  const list = link.closest(".bcards");
  const before = list.querySelectorAll(".bcard").length;
  const had = list.contains(document.activeElement);
  setParameter(`page-${link.dataset.more}`, link.dataset.page);
  setTimeout(() => {
    const cards = list.querySelectorAll(".bcard");
    for (const card of cards) remember(card);
    if (had) cards[before]?.querySelector(".bcard-name").focus();
    tell(`${cards.length - before} more cards in ${columnOf(list).querySelector("h2").textContent}.`);
  });
});

// --- evidence recorded over the board, and what colleagues do ---
watchSheet(sheet, async () => { sheet.close(); await refresh(true); });
document.getElementById("board-live")?.addEventListener("headway:changed", (event) => refresh(false, event.detail.deals));

if (board) {
  takeToasts(document);
  const opened = new URLSearchParams(location.search).get("open");
  board.scrollLeft = Number(sessionStorage.getItem("board-left") ?? 0);
  const card = opened && document.getElementById(`card-${opened}`);
  if (card) { card.querySelector(".bcard-name").focus({ preventScroll: true }); card.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  addEventListener("pagehide", () => sessionStorage.setItem("board-left", board.scrollLeft));
}
