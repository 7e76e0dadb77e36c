// Moving cards: by dragging, by < and >, and walking between them with the arrows.
import { board, cardOf, columnOf, nameOf, say } from "./board-cards.js";
import { claim, leaveCard, step } from "./board-claims.js";

let carried = null;
let over = null;

function overColumn(column) {
  if (over === column) return;
  over?.classList.remove("over");
  over = column;
  over?.classList.add("over");
}

const rankOf = (column) => (column && column.dataset.slug !== "unseen" ? Number(column.dataset.slug) : 0);

function letGo() {
  board.classList.remove("carrying");
  carried?.classList.remove("moving");
  overColumn(null);
  carried = null;
}

if (board && "edits" in board.dataset) {
  board.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.(".bcard");
    if (!card) return;
    carried = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", nameOf(card));
    requestAnimationFrame(() => { if (carried) { board.classList.add("carrying"); carried.classList.add("moving"); } });
  });
  board.addEventListener("dragover", (event) => {
    const column = carried && event.target.closest(".bcol");
    if (!column || !rankOf(column)) return overColumn(null);
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    overColumn(column);
  });
  board.addEventListener("drop", (event) => {
    const card = carried;
    const rank = rankOf(event.target.closest(".bcol"));
    letGo();
    if (!card || !rank) return;
    event.preventDefault();
    card.querySelector(".bcard-name").focus({ preventScroll: true });
    if (rank === Number(card.dataset.claimed)) say(`${nameOf(card)} claims that stage already.`);
    else claim(card, rank);
  });
  board.addEventListener("dragend", letGo);
  // Text of an open panel can be selected: a press there does not lift the card.
  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".bcard");
    if (card) card.draggable = !event.target.closest(".bpanel");
  });

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-step]");
    const card = key && cardOf();
    if (card) step(card, Number(key.dataset.step));
  });
  board.addEventListener("focusout", (event) => {
    const card = event.target.closest(".bcard");
    if (card && !card.contains(event.relatedTarget)) leaveCard(card.dataset.key);
  });
}

// Up and down walk through a column, left and right to the column beside, to the card at the same height.
function beside(card, by) {
  const columns = [...board.querySelectorAll(".bcol")].filter((one) => one.querySelector(".bcard") && one.checkVisibility());
  const column = columns[columns.indexOf(columnOf(card)) + by];
  if (!column) return null;
  const top = card.getBoundingClientRect().top;
  const far = (one) => Math.abs(one.getBoundingClientRect().top - top);
  return [...column.querySelectorAll(".bcard")].reduce((best, one) => (far(one) < far(best) ? one : best));
}

board?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !event.target.matches(".bcard-name, .marker")) return;
  const card = event.target.closest(".bcard");
  const cards = [...columnOf(card).querySelectorAll(".bcard")];
  const next = {
    ArrowDown: () => cards[cards.indexOf(card) + 1] ?? columnOf(card).querySelector(".bmore a"),
    ArrowUp: () => cards[cards.indexOf(card) - 1],
    ArrowRight: () => beside(card, 1),
    ArrowLeft: () => beside(card, -1),
  }[event.key]?.();
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const target = next?.querySelector?.(".bcard-name") ?? next;
  target?.focus({ preventScroll: true });
  (next?.closest?.(".bcard") ?? next)?.scrollIntoView({ block: "nearest", inline: "nearest" });
});
