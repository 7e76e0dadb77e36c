// Autosave: what is typed is on the server a moment later, sound or not, and never over what somebody else saved.
import { spoken } from "./language.js";
import { readForm } from "./process-form.js";
import { choose } from "./process-conflict.js";

const PAUSE_MS = 400;
const AGAIN_MS = 4000;

export class Saving {
  constructor(root, { told, rendered }) {
    Object.assign(this, { root, told, rendered });
    this.revision = Number(root.dataset.revision);
    this.base = readForm(root);
    this.timer = 0;
    this.running = null;
    this.state = root.querySelector("[data-state]");
    window.addEventListener("beforeunload", (event) => { if (this.isDirty()) event.preventDefault(); });
  }

  isDirty() {
    return JSON.stringify(readForm(this.root)) !== JSON.stringify(this.base);
  }

  soon() {
    clearTimeout(this.timer);
    this.say("Saving …");
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  // Resolves to true once everything typed is saved.
  async save() {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (!this.isDirty()) { this.say(this.revision ? "Draft saved" : "As published"); return true; }
    this.running = this.send(readForm(this.root), { base: this.base });
    const done = await this.running;
    this.running = null;
    return done && (this.isDirty() ? this.save() : true);
  }

  async send(form, { base, render = false }) {
    let response;
    try {
      response = await fetch(this.root.dataset.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] },
        body: JSON.stringify({ form, base, revision: this.revision, render }),
      });
    } catch {
      return this.again("Not saved: no answer. Trying again.");
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return this.saved(form, answer);
    if (response.status === 409 && answer) return this.conflict(form, answer);
    if (response.status >= 500) return this.again("Not saved: the server failed. Trying again.");
    this.say("Not saved");
    this.trouble(answer?.sentence ?? "This was not saved. Log in again in another tab, then go on typing here.");
    return false;
  }

  saved(form, answer) {
    this.revision = answer.revision;
    this.base = form;
    this.trouble("");
    if (answer.html !== undefined) {
      this.rendered(answer.html);
      this.base = readForm(this.root);
    }
    this.told(answer);
    this.say("Draft saved");
    return true;
  }

  // The other person's lines are put together with mine; what both changed is asked about.
  async conflict(mine, answer) {
    const form = answer.conflicts.length ? await choose(answer) : answer.form;
    if (!form) { this.say("Not saved: choose between yours and theirs"); return false; }
    if (JSON.stringify(readForm(this.root)) !== JSON.stringify(mine)) { this.soon(); return false; }
    this.revision = answer.revision;
    const done = await this.send(form, { base: answer.form, render: true });
    if (done && !answer.conflicts.length) this.say(`Draft saved, with what ${answer.by} changed meanwhile`);
    return done;
  }

  again(words) {
    this.say(words);
    this.timer = setTimeout(() => this.save(), AGAIN_MS);
    return false;
  }

  say(english) {
    const words = spoken(english);
    if (this.state.textContent !== words) this.state.textContent = words;
  }

  trouble(words) {
    const place = this.root.querySelector("[data-trouble]");
    place.hidden = !words;
    place.querySelector("[data-trouble-words]").textContent = spoken(words);
  }
}
