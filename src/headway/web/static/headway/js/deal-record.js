// The sheet in which evidence is recorded: says what the grade will be while one fills it in, and saves once.
const best = (form) => {
  const file = form.elements.file?.files[0];
  if (file) return file.name.toLowerCase().endsWith(".eml") ? "mail" : "file";
  if (/^https?:\/\/\S/.test(form.elements.link?.value.trim() ?? "")) return "link";
  return form.elements.quote?.value.trim() ? "quote" : "word";
};

function tell(form) {
  const source = best(form);
  for (const hint of form.querySelectorAll("[data-source]")) hint.hidden = hint.dataset.source !== source;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-record]");
  if (form) tell(form);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-record]");
  if (!form) return;
  // With a keyboard at hand the next thing is their words; on a phone that would cover the days.
  if (event.target.name === "act" && matchMedia("(pointer: fine)").matches) form.elements.quote.focus();
  if (event.target.name === "new_contact" && event.target.value.trim()) {
    for (const choice of form.querySelectorAll('[name="contact"]')) choice.checked = choice.value === "";
  }
});

// The button for another day is there once a day is chosen.
const days = () => {
  for (const button of document.querySelectorAll("[data-day]")) button.hidden = !button.form.elements.on.value;
};
document.addEventListener("input", (event) => { if (event.target.name === "on") days(); });
new MutationObserver(days).observe(document.body, { childList: true, subtree: true });
days();

// Somebody else: the name is asked for at once.
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches?.(".chip-more")) event.target.querySelector("input").focus();
}, true);
