// The list of deals: a filter takes effect when it is chosen; the button is for those without JavaScript.
const form = document.querySelector("form[data-filters]");
if (form) {
  form.querySelector("[data-filters-go]").hidden = true;
  form.addEventListener("change", (event) => { if (event.target.matches("select")) form.requestSubmit(); });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}
