// data-poll="url" data-after="N" on an element with hx-get: asks once a second, while the page is seen, whether
// anything is newer than N; 204 is no. Then the element fires "headway:changed": give it hx-trigger="headway:changed".
const EVERY_MS = 1000;
const busy = new WeakSet();

async function ask(element) {
  if (busy.has(element)) return;
  busy.add(element);
  try {
    const url = new URL(element.dataset.poll, location.href);
    url.searchParams.set("after", element.dataset.after ?? "0");
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (answer.status === 204 || !answer.ok) return;
    const news = await answer.json();
    element.dataset.after = news.last;
    element.dispatchEvent(new CustomEvent("headway:changed", { bubbles: false, detail: news }));
  } catch {
    // No network: the next second asks again.
  } finally {
    busy.delete(element);
  }
}

setInterval(() => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-poll]")) ask(element);
}, EVERY_MS);
