// data-copy="#target" copies the text of the target (or data-copy-text itself) and says so on the button.
import { spoken } from "./language.js";
import { say } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (!button) return;
  event.preventDefault();
  const target = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
  const text = button.dataset.copyText ?? target?.value ?? target?.innerText ?? "";
  if (!(await write(text))) return say("The browser did not allow copying. Select the text and copy it by hand.", "error");
  const words = button.querySelector("[data-copy-words]") ?? button;
  button.dataset.before ??= words.textContent;
  words.textContent = spoken("Copied");
  say("Copied");
  clearTimeout(Number(button.dataset.timer));
  button.dataset.timer = setTimeout(() => { words.textContent = button.dataset.before; }, 2000);
});

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hidden";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}
