// What scripts say, in the language of the page: whole, or by its shape with gaps. words-<language>.js brings the words.
const LANGUAGE = document.documentElement.lang || "en";
export const LOCALE = LANGUAGE === "en" ? "en-GB" : LANGUAGE;
const GAP = /\{\d\}/;
const pairs = globalThis.headwayWords ?? [];
const whole = new Map(pairs.filter(([english]) => !GAP.test(english)));
const shapes = pairs.filter(([english]) => GAP.test(english)).sort(([one], [two]) => two.length - one.length).map(([english, said]) => [shape(english), said]);

function shape(english) {
  const parts = english.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("([^]+?)")}$`);
}

export function spoken(text) {
  if (!pairs.length || typeof text !== "string") return text;
  const known = whole.get(text);
  if (known !== undefined) return known;
  for (const [like, said] of shapes) {
    const found = like.exec(text);
    if (found) return said.replace(/\{(\d)(?::n)?\}/g, (_, number) => whole.get(found[Number(number) + 1]) ?? found[Number(number) + 1]);
  }
  return text;
}
