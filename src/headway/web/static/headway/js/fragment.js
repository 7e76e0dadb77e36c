// A link's secret stands after #, which browsers never send. It goes from there into the form, and out of the address.
const field = document.querySelector("[data-fragment]");
const secret = location.hash.slice(1);

if (field && secret) {
  history.replaceState(null, "", location.pathname);
  field.value = secret;
  field.closest(".field").hidden = true;
  if (field.form.matches("[data-fragment-opens]")) field.form.requestSubmit();
  else field.form.querySelector("input:not([type=hidden], [data-fragment])")?.focus();
}
