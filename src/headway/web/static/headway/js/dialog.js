// Dialogs open by data-dialog="id" and close by data-close or a press beside them; menus close as one expects.

export function openDialog(dialog) {
  if (dialog.open) return;
  dialog.dispatchEvent(new CustomEvent("headway:open", { bubbles: true }));
  dialog.showModal();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    closeMenus(null);
    openDialog(dialog);
    return;
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) closer.closest("dialog").close();
  closeMenus(event.target);
});

// A press that begins and ends on the backdrop closes; selecting text out of a field does not.
let pressed = null;
const beside = (event) => {
  if (!(event.target instanceof HTMLDialogElement)) return false;
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
};
document.addEventListener("pointerdown", (event) => { pressed = beside(event) ? event.target : null; });
document.addEventListener("pointerup", (event) => { if (pressed && pressed === event.target && beside(event)) pressed.close(); });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]") ?? document.querySelector("details.menu[open]");
  if (!menu || document.querySelector("dialog[open]")) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

// Up and down walk through an open menu.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || event.target.matches("input, select, textarea")) return;
  const items = [...menu.querySelectorAll(".menu-list :is(a, button):not(:disabled)")];
  const next = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  items.at(next % items.length)?.focus();
  event.preventDefault();
});

// A part that arrives by htmx may bring its dialog open: data-opens.
document.addEventListener("htmx:load", (event) => {
  const dialog = event.target.matches?.("dialog[data-opens]") ? event.target : event.target.querySelector?.("dialog[data-opens]");
  if (dialog) openDialog(dialog);
});
