// A page that waits for the analysis: asks once a second while it is looked at, and loads itself anew when there is news.
const waiting = document.querySelector("[data-wait]");
if (waiting) {
  const ask = async () => {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(waiting.dataset.wait, { headers: { Accept: "application/json" } });
        if (answer.status === 200) return location.reload();
      } catch { /* the next second asks again */ }
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 700);
}
