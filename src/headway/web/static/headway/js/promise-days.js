// Days for one press beside a date field: [data-days-for=ID] with buttons [data-day].
for (const choices of document.querySelectorAll("[data-days-for]")) {
  const field = document.getElementById(choices.dataset.daysFor);
  const show = () => {
    for (const one of choices.querySelectorAll("[data-day]")) one.setAttribute("aria-pressed", String(one.dataset.day === field.value));
  };
  choices.hidden = false;
  choices.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-day]");
    if (!pressed) return;
    field.value = pressed.dataset.day;
    show();
  });
  field.addEventListener("input", show);
  show();
}
