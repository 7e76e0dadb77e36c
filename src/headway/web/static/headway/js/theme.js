// The switch of appearance acts at once; without this module the form does the same by loading the page again.
const form = document.querySelector("[data-theme-form]");

form?.addEventListener("submit", async (event) => {
  if (event.submitter?.name !== "theme") return;
  event.preventDefault();
  const { value } = event.submitter;
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
  for (const button of form.querySelectorAll("[name=theme]")) button.setAttribute("aria-pressed", String(button === event.submitter));
  const body = new FormData(form);
  body.set("theme", value);
  await fetch(form.action, { method: "POST", body, redirect: "manual" });
});
