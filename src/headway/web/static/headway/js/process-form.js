// The document as data: what stands in its fields, as the server keeps a draft.

export const ITEMS = '[data-item="stage"], [data-item="milestone"], [data-item="step"]';

export function itemOf(element) {
  return element?.closest?.(ITEMS) ?? null;
}

export function fieldsOf(item) {
  return [...item.querySelectorAll("[data-field]")].filter((field) => field.closest("[data-item]") === item);
}

export function fieldOf(item, name) {
  return fieldsOf(item).find((field) => field.dataset.field === name) ?? null;
}

const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "yes" : "") : field.value);
const values = (item) => Object.fromEntries(fieldsOf(item).map((field) => [field.dataset.field, valueOf(field)]));
const line = (item) => ({ uid: item.dataset.uid, id: item.dataset.id ?? "", ...values(item) });
const inside = (item, kind) => [...item.querySelectorAll(`[data-item="${kind}"]`)].map(line);

export function readForm(root) {
  const stages = [...root.querySelectorAll('[data-item="stage"]')].map((stage) => ({
    uid: stage.dataset.uid, ...values(stage), milestones: inside(stage, "milestone"), steps: inside(stage, "step"),
  }));
  return { ...values(root), stages };
}

export function freshUid(kind) {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `${{ stage: "s", milestone: "m", step: "t" }[kind]}-${[...random].map((one) => one.toString(36)).join("")}`;
}
