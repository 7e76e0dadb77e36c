// The agenda: what is wrong on a deal is mended in a sheet over it, and the point is settled with the same press.
import "./deal-record.js";
import { say } from "./toast.js";

const sheet = document.getElementById("sheet");
let sending = false;
let settle = "";

function fill(html) {
  sheet.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
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
    const token = form.elements.csrfmiddlewaretoken.value;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: { "X-Sheet": "yes" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      const body = new URLSearchParams({ csrfmiddlewaretoken: token, quiet: "yes" });
      await fetch(settle, { method: "POST", body, redirect: "manual" });
      return location.reload();
    }
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
      settle = link.closest("[data-settle]").dataset.settle;
      link.closest("details.menu").open = false;
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
}

// A point that an address names is open, and its form has the focus.
function openNamed() {
  const point = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
  if (point && !point.closest(".is-settled")) point.open = true;
}
openNamed();
window.addEventListener("hashchange", openNamed);

document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches?.(".agenda-do")) event.target.querySelector("textarea, input:not([type=hidden])")?.focus();
}, true);
document.querySelector(".agenda-do .error")?.closest("form").querySelector("[aria-invalid], input[type=radio]")?.focus();
