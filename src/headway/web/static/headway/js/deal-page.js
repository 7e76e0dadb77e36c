// A deal's page: sheets open over it, edits open in place, and what colleagues record comes in by itself.
import "./deal-record.js";
import { say } from "./toast.js";

const sheet = document.getElementById("sheet");
let dirty = false; // somebody else changed something while a sheet or an edit was open
let sending = false;

const part = (html) => new DOMParser().parseFromString(html, "text/html").body;

function fill(html) {
  sheet.replaceChildren(...part(html).childNodes);
  if (!sheet.open) sheet.showModal();
  const first = sheet.querySelector(".error")?.closest(".field")?.querySelector("input, textarea") ?? sheet.querySelector("[autofocus]");
  (first ?? sheet.querySelector(".sheet-title"))?.focus({ preventScroll: true });
}

async function open(url) {
  try {
    const answer = await fetch(url, { headers: { "X-Sheet": "yes" } });
    if (!answer.ok || answer.redirected) return location.assign(url);
    fill(await answer.text());
  } catch {
    say("No answer from the server. Nothing was changed; try again.", "error");
  }
}

async function send(form, button) {
  if (sending) return;
  sending = true;
  for (const one of form.querySelectorAll("button")) one.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: { "X-Sheet": "yes" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") return location.reload();
    const type = answer.headers.get("Content-Type") ?? "";
    if ((answer.status === 422 || answer.status === 409) && type.startsWith("text/html")) fill(await answer.text());
    else say(`The server answered ${answer.status}. Nothing was saved; reload the page and try again.`, "error");
  } catch {
    say("No answer from the server. What you typed is still here; try again.", "error");
  }
  sending = false;
  for (const one of form.querySelectorAll("button")) one.removeAttribute("aria-disabled");
}

if (sheet) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      link.closest("details.menu")?.removeAttribute("open");
      open(link.href);
    } else if (event.target.closest("#sheet [data-close], #sheet .both a")) {
      event.preventDefault();
      sheet.close();
      if (event.target.closest(".both")) location.reload();
    }
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter);
  });
  sheet.addEventListener("close", () => { if (dirty) refresh(); });
}

// An edit in place: the field has the focus and its text is selected, Escape closes.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".inline-edit")) return;
  if (!event.target.open) return dirty && refresh();
  const field = event.target.querySelector('input:not([type="hidden"])');
  field?.focus();
  if (field?.type === "text") field.select();
}, true);

// --- what colleagues do ---
const busy = () => sheet?.open || document.querySelector(".inline-edit[open], .e-menu[open]") || document.activeElement?.closest?.("#deal-body form");

async function refresh() {
  if (busy()) { dirty = true; return; }
  dirty = false;
  const answer = await fetch(location.href, { headers: { "X-Live": "yes" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("deal-body");
  const old = document.getElementById("deal-body");
  if (!fresh || busy()) { dirty = true; return; }
  const opened = new Map([...old.querySelectorAll("details.stage, details.as-table, details.older")].map((one, place) => [place, one.open]));
  [...fresh.querySelectorAll("details.stage, details.as-table, details.older")].forEach((one, place) => { if (opened.has(place)) one.open = opened.get(place); });
  const focused = document.activeElement?.id || document.activeElement?.getAttribute?.("href");
  old.replaceWith(document.adoptNode(fresh));
  if (focused) (document.getElementById(focused) ?? document.querySelector(`#deal-body [href="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  say("A colleague changed something here.");
}

document.getElementById("deal-live")?.addEventListener("headway:changed", refresh);
