// A sheet over the page: what a[data-sheet] leads to, opened in <dialog id="sheet"> and sent from there.
import { say } from "./toast.js";

let sending = false;

const part = (html) => new DOMParser().parseFromString(html, "text/html").body;

function fill(sheet, html) {
  sheet.replaceChildren(...part(html).childNodes);
  if (!sheet.open) sheet.showModal();
  const first = sheet.querySelector(".error")?.closest(".field")?.querySelector("input, textarea") ?? sheet.querySelector("[autofocus]");
  (first ?? sheet.querySelector(".sheet-title"))?.focus({ preventScroll: true });
}

async function open(sheet, url) {
  try {
    const answer = await fetch(url, { headers: { "X-Sheet": "yes" } });
    if (!answer.ok || answer.redirected) return location.assign(url);
    fill(sheet, await answer.text());
  } catch {
    say("No answer from the server. Nothing was changed; try again.", "error");
  }
}

async function send(sheet, form, button, saved) {
  if (sending) return;
  sending = true;
  for (const one of form.querySelectorAll("button")) one.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: { "X-Sheet": "yes" }, redirect: "manual" });
    const type = answer.headers.get("Content-Type") ?? "";
    if (answer.type === "opaqueredirect") saved();
    else if ((answer.status === 422 || answer.status === 409) && type.startsWith("text/html")) fill(sheet, await answer.text());
    else say(`The server answered ${answer.status}. Nothing was saved; reload the page and try again.`, "error");
  } catch {
    say("No answer from the server. What you typed is still here; try again.", "error");
  }
  sending = false;
  for (const one of form.querySelectorAll("button")) one.removeAttribute("aria-disabled");
}

// `saved` is called once what was sent is kept; `left` when the sheet closed with something to be read anew.
export function watchSheet(sheet, saved, left = saved) {
  if (!sheet) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      link.closest("details.menu")?.removeAttribute("open");
      open(sheet, link.href);
    } else if (event.target.closest("#sheet [data-close], #sheet .both a")) {
      event.preventDefault();
      sheet.close();
      if (event.target.closest(".both")) left();
    }
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    send(sheet, event.target, event.submitter, saved);
  });
}
