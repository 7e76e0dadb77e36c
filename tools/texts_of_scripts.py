"""The texts in our scripts, and the file that brings their translations to a browser.

Scripts speak English like all code; `language.js` puts what they say into the page's language. It is told how by
`words-<language>.js`, which holds [English, translation] of every text of a script, with gaps {0}, {1} …
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

SCRIPTS = Path(__file__).resolve().parent.parent / "src" / "headway" / "web" / "static" / "headway" / "js"
PLACE = "web/static/headway/js"
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|(`)', re.DOTALL)
WORDS = re.compile(r"[A-Za-z]{2,}")
BEGINS = re.compile(r"[A-Z][a-z]|\{\d|[(][a-z]|\d+ [a-z]")  # as people are spoken to, and no selector is written
SIGNS = re.compile(r"[<>=#\[\]_@]|:is|\w: \w+[)]|\w[.]\w")
KEYS = frozenset(("Enter", "Escape", "Esc", "Backspace", "Mod", "Accept", "Content-Type", "Mod K", "Mod Enter"))
ALONE = ("first", "second", "third", "fourth", "last", "as shown")  # words that stand in gaps of other texts
SPOKEN = "spoken("  # what is handed to it is text in any case


def texts_of_scripts() -> Iterator[tuple[str, str]]:
    """(text, file) of every string and template in a script that looks like words for people."""
    for file in sorted(SCRIPTS.glob("*.js")):
        if not file.name.startswith("words-"):
            for text in texts_in(file.read_text(encoding="utf-8")):
                yield text, f"{PLACE}/{file.name}"


def texts_in(source: str) -> Iterator[str]:
    """The texts of one script; `${…}` in a template is a gap, and templates inside it are texts of their own."""
    at = 0
    while match := TOKEN.search(source, at):
        at = match.end()
        surely = source.endswith(SPOKEN, 0, match.start())
        text = match[1] or ""
        if match[2]:
            text, inside, at = _template(source, at)
            yield from texts_in(inside)
        if surely or _is_text(text):
            yield text


def _template(source: str, at: int) -> tuple[str, str, int]:
    """(text with gaps, the code inside its gaps, place after it) of the template that begins before `at`."""
    text, inside, gaps = "", "", 0
    while source[at] != "`":
        if source.startswith("${", at):
            end = _closing(source, at + 2)
            text, inside, gaps, at = f"{text}{{{gaps}}}", f"{inside}{source[at + 2 : end]};", gaps + 1, end + 1
        else:
            text, at = text + source[at], at + 1
    return text, inside, at + 1


def _closing(source: str, at: int) -> int:
    """The place of the brace that closes a gap; braces in templates within it are theirs."""
    depth = 0
    while depth or source[at] != "}":
        if source[at] == "`":
            at = _template(source, at + 1)[2]
            continue
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        at += 1
    return at


def _is_text(text: str) -> bool:
    plain = re.sub(r"\{\d+\}", "", text)
    if text in KEYS or text.startswith(("Arrow", "Key", "Ctrl")) or plain in ("px", " px"):
        return False
    return bool(WORDS.search(plain) and BEGINS.match(text)) and not SIGNS.search(plain)


def words_of(catalog: Catalog) -> str:
    """The file of a language: [English, translation] of each text of a script that has one."""
    texts = (*(text for text, _ in texts_of_scripts()), *ALONE)
    pairs = {text: str(one.string) for text in texts if (one := catalog.get(text)) and one.string}
    told = [json.dumps(pair, ensure_ascii=False) for pair in sorted(pairs.items()) if pair[0] != pair[1]]
    head = "// Made by tools/texts.py from the catalogue: what scripts say, in another language."
    return "\n".join((head, "globalThis.headwayWords = [", *(f"{pair}," for pair in told), "];", ""))


def write_words(language: str, catalog: Catalog) -> None:
    """Write the file of a language."""
    (SCRIPTS / f"words-{language}.js").write_text(words_of(catalog), encoding="utf-8")
