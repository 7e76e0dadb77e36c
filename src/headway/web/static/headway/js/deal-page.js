// A deal's page: sheets open over it, edits open in place, and what colleagues record comes in by itself.
import "./deal-record.js";
import { watchSheet } from "./sheet.js";
import { say } from "./toast.js";

const sheet = document.getElementById("sheet");
let dirty = false; // somebody else changed something while a sheet or an edit was open

watchSheet(sheet, () => location.reload());
sheet?.addEventListener("close", () => { if (dirty) refresh(); });

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
