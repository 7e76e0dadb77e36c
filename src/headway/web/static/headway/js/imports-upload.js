// The drop zone: files that are dropped or chosen go up at once, with progress; a refusal stays beside the field and
// the files stay chosen. Without this module the form is a plain file field with a button.
import { spoken } from "./language.js";

function readable(bytes) {
  for (const [unit, size] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${bytes} bytes`;
}

function live(form) {
  if (form.dataset.live) return;
  form.dataset.live = "yes";
  form.classList.add("live");
  const part = (name) => form.querySelector(`[data-upload-${name}]`);
  const [input, zone] = [form.querySelector("input[type=file]"), form.querySelector("[data-drop]")];
  const [error, list, progress, words, stop, send] = ["error", "files", "progress", "words", "stop", "send"].map(part);
  const meter = progress.querySelector("progress");
  let files = [];
  let request = null;
  send.hidden = true;
  input.required = false;

  function refuse(sentence) {
    error.textContent = spoken(sentence);
    error.hidden = false;
    input.setAttribute("aria-invalid", "true");
    progress.hidden = true;
    input.hidden = false;
    send.hidden = !files.length;
    send.textContent = spoken("Try again");
    request = null;
  }

  function show() {
    list.hidden = !files.length;
    list.replaceChildren(...files.map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name}, ${readable(file.size)}`;
      return item;
    }));
  }

  function problem() {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > Number(form.dataset.most)) return `One import takes ${form.dataset.most} files at most: leave some out, import them next.`;
    if (total > Number(form.dataset.limit)) return `These files are ${readable(total)}, more than the ${readable(Number(form.dataset.limit))} that one import takes: split them by date and import one by one.`;
    return "";
  }

  function up() {
    if (request || !files.length) return;
    error.hidden = true;
    input.removeAttribute("aria-invalid");
    show();
    const wrong = problem();
    if (wrong) return refuse(wrong);
    const body = new FormData(form);
    body.delete(input.name);
    for (const file of files) body.append(input.name, file, file.name);
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      meter.value = (100 * event.loaded) / event.total;
      words.textContent = spoken(event.loaded < event.total ? `Uploading, ${Math.floor(meter.value)} %` : "Looking at the files");
    });
    request.addEventListener("load", () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* no answer of ours */ }
      if (told.url) return location.assign(told.url);
      refuse(told.error ?? "The server did not take the files: reload the page and try again.");
    });
    request.addEventListener("error", () => refuse("The connection broke: nothing was imported. Try again."));
    request.addEventListener("abort", () => refuse("Stopped. Nothing was uploaded."));
    words.textContent = spoken("Uploading");
    meter.value = 0;
    progress.hidden = false;
    input.hidden = send.hidden = true;
    request.send(body);
  }

  input.addEventListener("change", () => { files = [...input.files]; up(); });
  stop.addEventListener("click", () => request?.abort());
  form.addEventListener("submit", (event) => { event.preventDefault(); up(); });
  for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, (event) => { if (kind === "drop" || !zone.contains(event.relatedTarget)) zone.classList.remove("over"); });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    files = [...event.dataTransfer.files];
    up();
  });
}

const all = (root) => { for (const form of root.querySelectorAll?.("[data-upload]") ?? []) live(form); };
all(document);
document.addEventListener("htmx:load", (event) => all(event.target));
// A file dropped beside the zone must not open in its place.
for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => { if ([...event.dataTransfer?.types ?? []].includes("Files")) event.preventDefault(); });
