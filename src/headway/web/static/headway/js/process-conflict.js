// Two people changed the same field: both texts stand side by side, and one is chosen for each.
import { spoken } from "./language.js";

const find = (form, uid) => {
  if (!uid) return { item: form };
  for (const stage of form.stages) {
    if (stage.uid === uid) return { item: stage, list: form.stages };
    for (const list of [stage.milestones, stage.steps]) {
      const item = list.find((one) => one.uid === uid);
      if (item) return { item, list };
    }
  }
  return {};
};

function option(name, side, who, text) {
  const label = document.createElement("label");
  label.className = "conflict-side";
  const radio = document.createElement("input");
  Object.assign(radio, { type: "radio", name, value: side, checked: side === "mine" });
  const owner = document.createElement("b");
  owner.textContent = side === "mine" ? spoken(who) : who;
  const words = document.createElement("span");
  words.textContent = text || spoken("(removed or empty)");
  words.className = "conflict-text";
  label.append(radio, owner, words);
  return label;
}

function row(conflict, number, by) {
  const part = document.createElement("fieldset");
  part.className = "conflict-row";
  const legend = document.createElement("legend");
  legend.textContent = `${conflict.where}: ${conflict.what}`;
  part.append(legend, option(`conflict-${number}`, "mine", "You", conflict.mine), option(`conflict-${number}`, "theirs", by, conflict.theirs));
  return part;
}

function taken(form, conflicts, dialog) {
  conflicts.forEach((conflict, number) => {
    const side = dialog.querySelector(`[name="conflict-${number}"]:checked`).value;
    const { item, list } = find(form, conflict.uid);
    if (!item) return;
    if (conflict.field !== "removed") item[conflict.field] = conflict[side];
    else if (!conflict[side]) list.splice(list.indexOf(item), 1);
  });
  return form;
}

// Resolves to the form with the choices made, or to null where the question was closed without one.
export function choose({ form, conflicts, by }) {
  const dialog = document.getElementById("conflict");
  dialog.querySelector("[data-conflict-by]").textContent = by;
  dialog.querySelector("[data-conflict-count]").textContent =
    spoken(conflicts.length === 1 ? "One thing was changed by both of you. The rest is put together." : `${conflicts.length} things were changed by both of you. The rest is put together.`);
  dialog.querySelector("[data-conflict-list]").replaceChildren(...conflicts.map((one, number) => row(one, number, by)));
  return new Promise((resolve) => {
    let answer = null;
    const use = () => { answer = taken(form, conflicts, dialog); dialog.close(); };
    dialog.querySelector("[data-conflict-use]").onclick = use;
    for (const button of dialog.querySelectorAll("[data-conflict-all]")) {
      button.onclick = () => {
        for (const radio of dialog.querySelectorAll(`[value="${button.dataset.conflictAll}"]`)) radio.checked = true;
        use();
      };
    }
    dialog.addEventListener("close", () => resolve(answer), { once: true });
    dialog.showModal();
  });
}
