"""The texts that people read, and their translations: `python tools/texts.py [missing|dump N FOLDER|take FILE]`.

Without a word: gather every text of the templates and of the code into the catalogue of each language, headway.po below
src/headway/locale, keeping what is translated. missing: print what a language lacks. dump N FOLDER: write it as N lists
(number, place, English); take FILE.json: {"number": "translation"}, beside the list it was made from.

From code come the strings and f-strings of the rooms whose words reach a page or a message. A filled-in value is a gap;
a choice between two words in a sentence gives two sentences. What only the command line says is not gathered.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from headway.basics.language import LANGUAGES, SOURCE
from headway.basics.language.catalogue import GAP, SAID_GAP, plain_of
from headway.process.starters import get_starter, list_starters
from headway.web.language.messages import messages_in
from headway.web.language.pieces import Kind, Piece, pieces_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools.texts_of_scripts import texts_of_scripts, write_words  # run as a file, it finds its neighbour

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "src" / "headway"
TEMPLATES = CODE / "web" / "templates"
SPEAKING = (
    "web", "reviews", "diagnosis", "verdict", "conformance", "forecast", "trials", "charts", "jobs", "evidence",
    "deals", "process", "connectors", "store", "basics", "report",
)  # fmt: skip
SILENT = (
    "connectors/files/layouts",
    "process/starters",
    "store/migrations",
    "store/written_pages.py",
    "basics/language",
    "web/language",
    "forecast/design",
    "store/written_pages",
)
WORDS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"^[^<>{}\\=]*$")
NOT_TEXT = re.compile(
    r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH|PRAGMA|BEGIN|COMMIT|SET|FROM|WHERE|AND|ORDER|JOIN|LEFT|GROUP|COPY|ATTACH"
    r"|DETACH|LOAD|INSTALL|ON|CASE|LIMIT|DISTINCT|COUNT)\b|::|https?:|^[\w./:-]+$|[A-Za-z]_[a-z]|^\W*\w+\W*=|\bNULL\b|\bVARCHAR\b"
)
FIELDS = re.compile(r"\{[\w.!:,%]*\}")
MOST = 12  # sentences from one f-string


def texts_of_templates() -> Iterator[tuple[str, str]]:
    """(text, file) of every template."""
    for file in sorted(TEMPLATES.rglob("*.*")):
        place = file.relative_to(CODE).as_posix()
        source = file.read_text(encoding="utf-8")
        for text in _lines(source) if file.suffix == ".txt" else messages_in(source):
            yield text, place


def _lines(source: str) -> Iterator[str]:
    for part in re.split(r"\{%.*?%\}|\n", source):
        plain = part.strip()
        for place, hole in enumerate(re.findall(r"\{\{.*?\}\}", plain)):
            plain = plain.replace(hole, f"{{{place}}}", 1)
        if WORDS.search(GAP.sub("", plain)):
            yield plain


def texts_of_reports() -> Iterator[tuple[str, str]]:
    """(text, file) of every text between two tags of a report: they are stored as English pages."""
    for file in sorted(file for room in ("report", "reviews") for file in (CODE / room).rglob("*.j2")):
        place = file.relative_to(CODE).as_posix()
        text = ""
        for piece in (*pieces_of(file.read_text(encoding="utf-8")), Piece(Kind.BREAK, "")):
            if piece.kind in (Kind.TEXT, Kind.VARIABLE):
                text += "\0" if piece.kind is Kind.VARIABLE else re.sub(r"\s+", " ", piece.source)
                continue
            if WORDS.search(text.replace("\0", " ")):
                yield _numbered(text), place
            text = ""


def texts_of_starters() -> Iterator[tuple[str, str]]:
    """(text, file) of what a starter says: who begins with one gets it in their language."""
    for name in list_starters():
        process, place = get_starter(name), f"process/starters/{name}.yaml"
        yield process.name, place
        for stage in process.stages:
            yield stage.name, place
            for milestone in stage.milestones:
                yield milestone.buyer, place
                yield milestone.ask, place
            for step in stage.steps:
                yield step.seller, place


def texts_made() -> Iterator[tuple[str, str]]:
    """(text, file) of words that the code puts together, so that no string of it is the text people read."""
    for line in (CODE / "locale" / "words.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line, "locale/words.txt"


def texts_of_code() -> Iterator[tuple[str, str]]:
    """(text, file) of every string in a speaking room that looks like words for people."""
    files = [file for room in SPEAKING for file in sorted((CODE / room).rglob("*.py"))]
    trees = {file.relative_to(CODE).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}
    classes = {node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for place, tree in trees.items():
        if not place.startswith(SILENT):
            yield from ((text, place) for text in _strings(tree) if text not in classes)  # "Deal" names a table


def _strings(tree: ast.Module) -> Iterator[str]:
    silent = _docstrings(tree)
    yield from _counted(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for text in _sentences(node):
                if _is_text(text, gaps=True):
                    yield text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            text = _with_gaps(node.value.strip())
            if _is_text(text, gaps="{0}" in text):
                yield text


def _counted(tree: ast.Module) -> Iterator[str]:
    """`{0} deal` and `{0} deals` of each `counted(number, "deal")`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "counted":
            words = [one.value for one in node.args[1:] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if words:
                yield f"{{0}} {words[0]}"
                yield f"{{0}} {words[1] if len(words) > 1 else f'{words[0]}s'}"


def _docstrings(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def _sentences(node: ast.JoinedStr) -> list[str]:
    """The sentences an f-string can give, each with gaps numbered from nought."""
    choices = [_choices(part) for part in node.values]
    many = 1
    for one in choices:
        many *= len(one)
    if many > MOST:
        choices = [one if len(one) == 1 else ["\0"] for one in choices]
    return [_numbered("".join(parts)) for parts in product(*choices)]


def _choices(part: ast.expr) -> list[str]:
    """What a part of an f-string can be: its words, the words it chooses between, or a gap (a null character)."""
    if isinstance(part, ast.Constant):
        return [str(part.value)]
    inside = part.value if isinstance(part, ast.FormattedValue) else part
    if isinstance(inside, ast.IfExp):
        branches = [_branch(inside.body), _branch(inside.orelse)]
        if all(branch is not None for branch in branches):
            return [text for branch in branches if branch for text in branch]
    if (
        isinstance(inside, ast.Subscript)
        and isinstance(inside.value, ast.Constant)
        and isinstance(inside.slice, ast.Slice)
    ):
        return ["", str(inside.value.value)]  # {'s'[: n != 1]}
    return ["\0"]


def _branch(node: ast.expr) -> list[str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr) and len(node.values) < 6:
        return ["".join(part if len(one) == 1 else "\0" for one in map(_choices, node.values) for part in one[:1])]
    return None


def _numbered(text: str) -> str:
    parts = text.strip().split("\0")
    return "".join(part + (f"{{{place}}}" if place < len(parts) - 1 else "") for place, part in enumerate(parts))


def _with_gaps(text: str) -> str:
    return _numbered(FIELDS.sub("\0", text)) if FIELDS.search(text) else text


def _is_text(text: str, gaps: bool) -> bool:
    plain = GAP.sub("", text)
    if plain.isalpha() and not gaps:  # a word by itself is for people where it is written as a beginning
        return plain[:1].isupper() and plain[1:].islower()
    if not WORDS.search(plain) or not SENTENCE.match(plain) or NOT_TEXT.search(plain):
        return False
    return gaps or " " in text


def file_of(language: str) -> Path:
    """The gettext file of a language."""
    return CODE / "locale" / language / "LC_MESSAGES" / "headway.po"


def known(language: str) -> Catalog:
    """What is translated so far."""
    file = file_of(language)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as handle:
        return read_po(handle, locale=language)


def gathered(language: str) -> Catalog:
    """Every text there is, with its translation where there is one."""
    before = known(language)
    made = Catalog(locale=language, project="Headway", fuzzy=False)
    for written, place in (
        *texts_of_templates(),
        *texts_of_reports(),
        *texts_of_starters(),
        *texts_of_code(),
        *texts_of_scripts(),
        *texts_made(),
    ):
        text = plain_of(written)
        if not text:
            continue
        old = before.get(text)
        made.add(text, old.string if old else "", locations=[(place, None)])
    return made


def write(language: str, catalog: Catalog) -> None:
    """Write the gettext file, without dates, so that it changes only where a text does."""
    file = file_of(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as handle:
        write_po(handle, catalog, width=0, omit_header=False, include_lineno=False)
    write_words(language, catalog)
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r'^"(?:POT-Creation|PO-Revision)-Date:.*\n', "", text, flags=re.M), encoding="utf-8")


def missing(catalog: Catalog) -> list[str]:
    """Texts without a translation, in the order of their places."""
    return [str(one.id) for one in catalog if one.id and not one.string]


def dump(language: str, many: int, folder: Path) -> None:
    """What a language lacks, as files for people who translate."""
    catalog = gathered(language)
    lacks = missing(catalog)
    size = -(-len(lacks) // many)
    folder.mkdir(parents=True, exist_ok=True)
    for place in range(many):
        part = lacks[place * size : (place + 1) * size]
        lines = {str(place * size + number): text for number, text in enumerate(part)}
        reading = [f"{number}\t{catalog[text].locations[0][0]}\t{text}" for number, text in lines.items()]
        (folder / f"{place}.txt").write_text("\n".join(reading), encoding="utf-8")
        (folder / f"{place}.english.json").write_text(json.dumps(lines, ensure_ascii=False, indent=0), encoding="utf-8")


def take(language: str, file: Path) -> int:
    """Translations from a file of `dump`, which stands beside its English; how many were taken."""
    english = json.loads(file.with_suffix(".english.json").read_text(encoding="utf-8"))
    said = json.loads(file.read_text(encoding="utf-8"))
    catalog = gathered(language)
    taken = 0
    for number, text in said.items():
        one = catalog.get(english[number])
        text = english[number] if text == "-" else text  # not for people: stays as it is
        if one is not None and text and {gap for gap, _ in SAID_GAP.findall(text)} <= set(GAP.findall(english[number])):
            one.string, taken = text, taken + 1
    write(language, catalog)
    return taken


def main(words: list[str]) -> int:
    """Run one command for every language but English."""
    for language in (code for code in LANGUAGES if code != SOURCE):
        if words[:1] == ["missing"]:
            lacks = missing(gathered(language))
            print(*lacks, sep="\n")
            print(f"{language}: {len(lacks)} missing", file=sys.stderr)
        elif words[:1] == ["dump"]:
            dump(language, int(words[1]), Path(words[2]))
        elif words[:1] == ["take"]:
            print(take(language, Path(words[1])), "taken")
        else:
            catalog = gathered(language)
            write(language, catalog)
            print(f"{language}: {len(catalog)} texts, {len(missing(catalog))} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
