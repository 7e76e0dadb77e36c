// Clocks: data-clock="down" is what is left of so many minutes since an instant, "up" is what was used of them.
import { spoken } from "./language.js";
const two = (number) => String(number).padStart(2, "0");
const spelled = (seconds) => `${Math.floor(seconds / 60)}:${two(Math.floor(seconds % 60))}`;

function tick(clock, now) {
  const gone = Math.max(0, (now - Number(clock.dataset.from)) / 1000) + Number(clock.dataset.seconds ?? 0);
  const left = Number(clock.dataset.minutes) * 60 - gone;
  const text = clock.dataset.clock === "up" ? spelled(gone) : spoken(left >= 0 ? `${spelled(left)} left` : `${spelled(-left)} over`);
  if (clock.textContent !== text) clock.textContent = text;
  clock.parentElement.classList.toggle("over", left < 0);
}

// `ahead`: how far the server's clock is before this one, in milliseconds.
export function runClocks(ahead) {
  const all = () => { for (const clock of document.querySelectorAll("[data-clock]")) tick(clock, Date.now() + ahead); };
  all();
  setInterval(all, 1000);
  document.addEventListener("headway:merged", all);
}
