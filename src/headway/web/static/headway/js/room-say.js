// Answers are saved as they are typed: after a short rest, and on leaving the field. Without a line they wait for it.
import { spoken } from "./language.js";
import { failed, headers, ok } from "./room-net.js";

const REST_MS = 600;
const rests = new WeakMap();
const sending = new WeakSet();
const fieldOf = (form) => form.querySelector("textarea");
const forms = () => [...document.querySelectorAll("form.room-question")];
export const isDirty = (form) => { const field = fieldOf(form); return Boolean(field) && field.value.trim() !== field.dataset.saved.trim(); };
export const unsaved = () => forms().some(isDirty);

function told(form, text, wrong) {
  const by = form.querySelector("[data-by]");
  by.textContent = spoken(text);
  by.classList.toggle("wrong", Boolean(wrong));
}

async function save(form) {
  clearTimeout(rests.get(form));
  const field = fieldOf(form);
  if (!isDirty(form) || sending.has(form)) return;
  sending.add(form);
  const text = field.value;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: headers() });
    const json = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    const news = json ? await answer.json() : {};
    ok();
    if (!answer.ok) { told(form, news.problem ?? "Not saved. What you typed is still here.", true); return; }
    field.dataset.saved = text;
    form.dataset.news = `a-${news.answer}`;
    told(form, "You · saved");
  } catch {
    failed();
  } finally {
    sending.delete(form);
  }
  if (fieldOf(form).value !== text) rest(form);
}

function rest(form) {
  clearTimeout(rests.get(form));
  rests.set(form, setTimeout(() => save(form), REST_MS));
}

export function flush() { for (const form of forms()) if (isDirty(form)) save(form); }

function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form.room-question");
  if (!form) return;
  grow(event.target);
  told(form, "You · typing");
  rest(form);
});
document.addEventListener("change", (event) => { const form = event.target.closest("form.room-question"); if (form) save(form); });
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.room-question")) return;
  event.preventDefault();
  save(event.target);
  document.activeElement?.blur();
});
// By its key one goes on where the text ends.
document.addEventListener("click", (event) => {
  const field = event.target.closest(".room-question label")?.control;
  if (field) setTimeout(() => field.setSelectionRange(field.value.length, field.value.length));
});
addEventListener("pagehide", () => {
  for (const form of forms()) if (isDirty(form)) navigator.sendBeacon(form.action, new FormData(form));
});
