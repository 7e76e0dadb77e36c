// Says in words what the form asks for, as it is filled in: "Every second Tuesday at 10:00, first on 24 November 2026."
import { LOCALE, spoken } from "./language.js";
const said = document.querySelector("[data-said]");
const form = said?.closest("form");
const NTH = ["first", "second", "third", "fourth", "last"];

function words() {
  const [year, month, day] = (form.elements.first_on.value || "").split("-").map(Number);
  const every = form.elements.every.value;
  const first = new Date(Date.UTC(year, month - 1, day));
  if (!year || Number.isNaN(first.getTime()) || !every || every === "as_it_is") return "";
  const weekday = first.toLocaleDateString(LOCALE, { weekday: "long", timeZone: "UTC" });
  const nth = NTH[Math.floor((day - 1) / 7)];
  const often = spoken({
    week: `Every ${weekday}`, fortnight: `Every second ${weekday}`,
    month: `The ${nth} ${weekday} of every month`, quarter: `The ${nth} ${weekday} of every third month`,
  }[every]);
  const on = first.toLocaleDateString(LOCALE, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const starts = form.elements.starts.value;
  return spoken(starts ? `${often} at ${starts}, first on ${on}.` : `${often}, first on ${on}.`);
}

// Nobody told us their time zone yet: begin with that of their browser.
function guessZone(zone) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (form.hasAttribute("data-guess-zone") && zone.value === "UTC" && [...zone.options].some((one) => one.value === here)) zone.value = here;
}

if (form) {
  const before = said.textContent;
  const tell = () => { said.textContent = words() || before; };
  form.addEventListener("input", tell);
  guessZone(form.elements.zone);
  tell();
}
