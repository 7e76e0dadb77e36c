// The room of a process review: a clock, and everybody on the same topic. What somebody types is never taken away:
// a note says that something changed instead.
import { spoken } from "./language.js";
const skew = new WeakMap(); // clock -> how far this computer's clock is from the server's, in milliseconds

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (!skew.has(clock)) skew.set(clock, Date.now() - Date.parse(clock.dataset.now));
    const seconds = Math.max(0, Math.floor((Date.now() - skew.get(clock) - Date.parse(clock.dataset.clock)) / 1000));
    const minutes = Math.floor(seconds / 60);
    const left = Number(clock.dataset.minutes);
    clock.toggleAttribute("data-over", minutes >= left);
    const words = spoken(minutes < 600 ? `${minutes}:${String(seconds % 60).padStart(2, "0")} of ${left} min` : `open, ${left} min planned`);
    const place = clock.querySelector("[data-clock-words]");
    if (place.textContent !== words) place.textContent = words;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (form) form.dataset.typed = "";
});

document.addEventListener("headway:changed", (event) => {
  const room = event.target.closest("[data-follow]");
  if (!room) return;
  if (room.querySelector("form[data-typed]")) room.querySelector("[data-news]").hidden = false;
  else room.dispatchEvent(new CustomEvent("follow"));
}, true); // it does not bubble

setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
tick();
