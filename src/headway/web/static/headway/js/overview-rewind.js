// Rewind: the reel, the picture and the quarters move one day; everything the page says follows at once.
import { LOCALE, spoken } from "./language.js";
const root = document.querySelector("[data-rewind]");
const days = JSON.parse(document.getElementById("rewind-days").textContent);
const reel = root.querySelector("[data-rewind-reel]");
const head = root.querySelector("[data-rewind-head]");
const rest = root.querySelector("[data-rewind-rest]");
const cursor = root.querySelector(".cursor");
const marks = [...root.querySelectorAll(".day")];
const sides = [...root.querySelectorAll("[data-rewind-side]")];
const said = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

function showSide(side, counts) {
  const all = counts.reduce((sum, one) => sum + one, 0);
  side.hidden = all === 0;
  side.querySelector("[data-rewind-count]").textContent = spoken(all === 1 ? "1 deal" : `${all.toLocaleString(LOCALE)} deals`);
  const bars = [...side.querySelectorAll(".part")];
  const labels = [...side.querySelectorAll(".legend li")];
  let start = 0;
  counts.forEach((count, place) => {
    const width = all ? (100 * count) / all : 0;
    bars[place].setAttribute("x", `${start}%`);
    bars[place].setAttribute("width", `${width}%`);
    labels[place].hidden = count === 0;
    labels[place].querySelector("[data-rewind-n]").textContent = count.toLocaleString(LOCALE);
    start += width;
  });
}

function moveCursor(mark) {
  if (!cursor || !mark) return;
  const { x, claimedY, evidencedY } = mark.dataset;
  const line = cursor.querySelector("line");
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
  const dots = cursor.querySelectorAll("circle");
  [claimedY, evidencedY].forEach((y, place) => {
    if (!dots[place]) return;
    dots[place].setAttribute("cx", x);
    if (y) dots[place].setAttribute("cy", y);
  });
}

function show(index, remember = true) {
  const day = days[index];
  reel.value = index;
  reel.setAttribute("aria-valuetext", said.format(new Date(`${day.on}T00:00:00Z`)));
  head.textContent = day.sentences[0];
  rest.replaceChildren(...day.sentences.slice(1).map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  sides.forEach((side, place) => showSide(side, day.sides[place]));
  moveCursor(marks.find((mark) => Number(mark.dataset.index) === index));
  document.querySelector("[data-rewind-on]").value = day.on;
  if (remember) later(day.on);
}

let timer;
function later(on) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const here = new URL(location.href);
    here.searchParams.set("on", on);
    history.replaceState(null, "", here);
  }, 250);
}

reel.addEventListener("input", () => show(Number(reel.value)));
root.querySelectorAll("[data-rewind-to]").forEach((link) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const on = link.dataset.rewindTo;
    let index = days.findIndex((day) => day.on > on);
    index = index === -1 ? days.length - 1 : Math.max(index - 1, 0);
    show(index);
    reel.focus();
  }),
);

document.getElementById("level").addEventListener("change", (event) => event.target.form.requestSubmit());

let dragging = false;
const picture = root.querySelector(".rewind-picture");
const follow = (event) => {
  const mark = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.classList?.contains("day"));
  if (mark) show(Number(mark.dataset.index));
};
picture.addEventListener("pointerdown", (event) => { dragging = true; follow(event); });
picture.addEventListener("pointermove", (event) => { if (dragging) follow(event); });
addEventListener("pointerup", () => { dragging = false; });
