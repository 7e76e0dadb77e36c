// A review while it is held: what others do comes in by itself, what one types is saved as it is typed, clocks run.
import { follow, merge } from "./room-merge.js";
import { flush, unsaved } from "./room-say.js";
import { failed, headers, ok, toasts } from "./room-net.js";
import { runClocks } from "./room-clock.js";

const live = document.getElementById("room-live");
const HERE_MS = 15_000;
const people = () => [...document.querySelectorAll(".room-person")].map((one) => one.textContent).join("\n");

let asking = false;
let again = false;

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "yes" } });
    if (answer.redirected) return location.assign(answer.url);
    if (answer.ok) merge(await answer.text());
    ok();
  } catch {
    failed();
  } finally {
    asking = false;
    if (again) { again = false; refresh(); }
  }
}

async function sayHere() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.here, { method: "POST", headers: headers() });
    if (answer.redirected || !answer.ok) return;
    const told = await answer.json();
    const url = new URL(live.dataset.poll, location.href);
    url.searchParams.set("pass", told.pass);
    live.dataset.poll = url.pathname + url.search;
    ok();
    flush();
    if (told.here.join("\n") !== people()) refresh();
  } catch {
    failed();
  }
}

// --- one's own presses: turn, call, skip, take back, decide ---
const panel = () => document.getElementById("deciding");
let opener = "";

function fill(html) {
  panel().replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  const wrong = panel().querySelector(".error")?.closest(".field")?.querySelector("input, select, textarea");
  const first = wrong ?? panel().querySelector("input[type=radio]:checked[autofocus]") ?? panel().querySelector("[autofocus]") ?? panel().querySelector(".room-form-title");
  wrong?.setAttribute("aria-invalid", "true");
  panel().scrollIntoView({ block: "nearest" });
  first?.focus({ preventScroll: true });
  first?.scrollIntoView?.({ block: "nearest" });
}

function close() {
  panel()?.replaceChildren();
  document.getElementById(opener)?.focus();
}

async function act(form, button) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const deciding = Boolean(form.closest("#deciding"));
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: headers() });
    const type = answer.headers.get("Content-Type") ?? "";
    const html = type.startsWith("text/html") ? await answer.text() : "";
    ok();
    if (deciding && answer.status === 422 && html.includes("room-form")) return fill(html);
    if (!answer.ok) return toasts(html, answer.status);
    toasts(html, answer.status);
    if (deciding) panel().replaceChildren();
    if (form.action.endsWith("/turn/")) {
      panel()?.replaceChildren();
      if (location.search) history.replaceState(null, "", location.pathname);
    }
    await refresh();
    if (deciding) (document.getElementById("room-after") ?? document.getElementById(opener))?.focus();
  } catch {
    failed();
  } finally {
    delete form.dataset.sending;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-act], #deciding form")) return;
  event.preventDefault();
  flush();
  act(event.target, event.submitter);
});

document.addEventListener("click", async (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  if (event.target.closest("#deciding [data-cancel]")) { event.preventDefault(); close(); follow(); return; }
  const link = event.target.closest("[data-decide]");
  if (!link) return;
  event.preventDefault();
  opener = link.id;
  try {
    const answer = await fetch(link.href, { headers: headers() });
    if (!answer.ok || answer.redirected) return location.assign(link.href);
    fill(await answer.text());
    ok();
  } catch {
    failed();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && panel()?.contains(event.target)) { event.preventDefault(); close(); follow(); }
}, true);

if (live) {
  live.addEventListener("headway:changed", refresh);
  runClocks(Number(live.dataset.now) - Date.now());
  sayHere();
  setInterval(sayHere, HERE_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { sayHere(); refresh(); } });
  addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
}
