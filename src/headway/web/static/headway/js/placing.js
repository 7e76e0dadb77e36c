// A stage chosen by its key is focused, so that Enter places the deal.
document.getElementById("placing")?.addEventListener("change", (event) => event.target.focus());
