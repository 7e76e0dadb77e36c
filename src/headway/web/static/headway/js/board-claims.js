// A claim from the board: painted at once, sent, and put right by what the server answers.
import { spoken } from "./language.js";
import { nameOf, put, say as tell, stages } from "./board-cards.js";
import { say } from "./toast.js";

const REST_MS = 500;
const waiting = new Map(); // key of a deal -> the rank that keys have reached, and when it is sent

export function headers() {
  return { "HX-Request": "true", "HX-Current-URL": location.href, ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
}

// The marker as it will stand: the same words as headway.web.board.cards.marker_of.
export function mark(card, rank) {
  const shown = card.dataset.column === "unseen" ? null : Number(card.dataset.column);
  const gap = shown === null ? null : rank - shown;
  const kind = gap === null ? "unseen" : gap === 0 ? "agree" : gap > 0 ? "ahead" : "behind";
  const words = gap === null ? "" : gap === 0 ? "as shown" : gap > 0 ? `${gap} ahead` : `${-gap} behind`;
  const marker = card.querySelector(".marker");
  marker.className = `marker marker-${kind}`;
  card.querySelector("[data-claim]").textContent = spoken(`Claims ${stages[rank - 1]}`);
  let told = card.querySelector(".marker-words b");
  if (words && !told) { told = document.createElement("b"); card.querySelector(".marker-words").append(" ", told); }
  if (told) told.textContent = spoken(words);
  told?.toggleAttribute("hidden", !words);
  card.querySelectorAll(".steps i").forEach((step, place) => {
    const here = place + 1;
    step.className = `${here <= (shown ?? 0) ? "real" : here <= rank ? "lacking" : ""}${here === rank ? " claim" : ""}`;
  });
  card.dataset.claimed = rank;
  const claims = stages[rank - 1];
  return words ? `${nameOf(card)} claims ${claims}, ${words}.` : `${nameOf(card)} claims ${claims}.`;
}

// Send what a form holds (value, was, reason). The server's card takes the place of the one on the board.
export async function claimBy(card, body) {
  if (card.classList.contains("sending")) return;
  card.classList.add("sending");
  const key = card.dataset.key;
  try {
    const url = new URL(`${document.getElementById("board").dataset.claims}${key}/`, location.href);
    url.search = location.search;
    const answer = await fetch(url, { method: "POST", body, headers: { ...headers(), "X-Part": "yes" } });
    const html = (answer.headers.get("Content-Type") ?? "").startsWith("text/html") ? await answer.text() : "";
    if (html.includes('class="bcard"')) return came(put(html), answer.status);
    const page = new DOMParser().parseFromString(html, "text/html");
    say(page.querySelector("main p")?.textContent ?? `The server answered ${answer.status}. Nothing was changed; reload the page.`, "error");
    back(card);
  } catch {
    say("No answer from the server. Nothing was changed; try again.", "error");
    back(card);
  } finally {
    card.classList.remove("sending");
  }
}

function came(card, status) {
  const later = waiting.get(card.dataset.key);
  if (later) mark(card, later.rank);
  else if (status !== 200) tell(`${nameOf(card)}: ${card.querySelector(".bpanel-part.note p")?.textContent ?? "not changed"}`);
  else {
    const missing = card.querySelectorAll(".missing > li").length;
    if (missing && Number(card.dataset.claimed) > Number(card.dataset.column)) tell(missing === 1 ? `${nameOf(card)} stays in its column until the buyer has shown one thing more; it stands below the card.` : `${nameOf(card)} stays in its column until the buyer has shown ${missing} things more; they stand below the card.`);
  }
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// As it was: the stage that the deal was known to claim.
function back(card) {
  const rank = stages.indexOf(card.dataset.was) + 1;
  if (rank) mark(card, rank);
}

export function claim(card, rank) {
  const body = new FormData();
  body.set("value", stages[rank - 1]);
  body.set("was", card.dataset.was);
  tell(mark(card, rank));
  return claimBy(card, body);
}

// By a key, one stage further or back: several presses are one claim, sent after a short rest or on leaving the card.
export function step(card, by) {
  const rank = Number(card.dataset.claimed) + by;
  if (rank < 1 || rank > stages.length) return tell(rank < 1 ? "There is no stage before this one." : "There is no stage after this one.");
  const key = card.dataset.key;
  clearTimeout(waiting.get(key)?.timer);
  tell(mark(card, rank));
  waiting.set(key, { rank, timer: setTimeout(() => flush(key), REST_MS) });
}

export function flush(key) {
  const later = waiting.get(key);
  const card = document.getElementById(`card-${key}`);
  if (!later || !card) return;
  clearTimeout(later.timer);
  if (card.classList.contains("sending")) { later.timer = setTimeout(() => flush(key), REST_MS); return; }
  waiting.delete(key);
  if (stages[later.rank - 1] !== card.dataset.was) claim(card, later.rank);
  else mark(card, later.rank);
}

export function leaveCard(key) { if (waiting.has(key)) flush(key); }

addEventListener("pagehide", () => {
  for (const [key, { rank }] of waiting) {
    const card = document.getElementById(`card-${key}`);
    const body = new FormData();
    body.set("value", stages[rank - 1]);
    body.set("was", card.dataset.was);
    fetch(`${document.getElementById("board").dataset.claims}${key}/${location.search}`, { method: "POST", body, keepalive: true, headers: { ...headers(), "X-Part": "yes" } });
  }
});
