// The box answers while one types; with that, the button is only needed where scripts are off.
for (const button of document.querySelectorAll("[data-paste-go]")) button.hidden = true;

// A refusal says why in the same place.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 429) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
