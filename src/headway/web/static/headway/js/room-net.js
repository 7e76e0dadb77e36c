// Talking to the server from the screen of a review: who asks, what came back, and that the line is cut.
import { say } from "./toast.js";

const cut = document.getElementById("room-cut");

export function headers() {
  return { "HX-Request": "true", "X-Live": "yes", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
}

export function ok() { if (cut) cut.hidden = true; }
export function failed() { if (cut) cut.hidden = false; }

// What an answer wants to be said: its toasts, or the sentence of a page that refuses.
export function toasts(html, status) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const place = document.getElementById("toasts");
  const found = page.querySelectorAll(".toast");
  if (found.length) place.append(...found);
  else if (status >= 400) say(page.querySelector("main p")?.textContent ?? `The server answered ${status}. Nothing was changed; try again.`, "error");
}
