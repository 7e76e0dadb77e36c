"""Variables of templates: which are told in the language spoken, and which are shown as somebody typed them.

Words that people typed (names, quotes, notes) are never translated. What the catalogue does not know stays as it is
anyway; the names here keep apart what could be taken for a text of ours by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

TYPED = frozenset(
    (
        "name", "names", "first_name", "email", "quote", "quotes", "note", "notes", "typed", "key", "id",
        "pk", "url", "uid", "slug", "number", "mailto", "q", "owner", "contact", "buyer", "seller",
        "person", "account", "deal", "company", "title_typed", "get_full_path", "redirect_field",
        "id_for_label", "auto_id", "stage", "claimed", "evidenced", "link", "deal_url", "ask", "filename",
        "workspace", "person_name", "csrf_token", "n", "percent", "address", "html_name", "path", "zone",
    )
)  # fmt: skip
DONE = frozenset(
    (
        "told", "as_typed", "day", "short_day", "weekday", "at_zone", "days_since", "ago", "due", "money",
        "number", "share", "signed", "plural", "outcome_words", "iso", "urlencode", "slugify", "json_script",
        "step", "length", "date", "initials", "floatformat", "pluralize", "filesizeformat",
        "linebreaksbr", "truncatechars",  "words", "make_list", "first", "add", "tojson",
    )
)  # fmt: skip
PATH = re.compile(r"[\w.]+(?:\[[^\]]*\])?")
TEXTS = re.compile(r"""(?:default|default_if_none):(?:"([^"]+)"|'([^']+)')""")
WORDS_OF = re.compile(r"""\b(plural|yesno|pluralize):"([^"]+)\"""")
CALL = re.compile(r"\w+\(")


def texts_in(source: str) -> Iterator[str]:
    """Texts that a variable carries: `{{ x|default:"nobody" }}`, `{{ n|plural:"deal,deals" }}`."""
    for match in TEXTS.finditer(source):
        yield match[1] or match[2]
    for match in WORDS_OF.finditer(source):
        if match[1] == "plural" and "," not in match[2]:
            yield f"{match[2]},{match[2]}s"
        elif match[1] != "pluralize":
            yield match[2]


def shown_in(source: str, jinja: bool, say: Callable[[str], str]) -> str:
    """The variable as it is written in a translated template: told, unless it is typed or told already."""
    inside = source[2:-2].strip()
    inside = TEXTS.sub(lambda match: _said(match, say), inside)
    if jinja:
        return _in_jinja(inside)
    path, *filters = _split(inside)
    named = {one.partition(":")[0].strip() for one in filters}
    if named & DONE or path.rpartition(".")[2] in TYPED:
        return f"{{{{ {inside} }}}}"
    return f"{{{{ {inside}|told }}}}"


def _said(match: re.Match[str], say: Callable[[str], str]) -> str:
    text = match[1] or match[2]
    said = say(text)
    return match[0].replace(text, said.replace('"', "“")) if said else match[0]


def _split(inside: str) -> list[str]:
    """The path and its filters; a bar inside quotes separates nothing."""
    return re.split(r"""\|(?=(?:[^"]*"[^"]*")*[^"]*$)""", inside)


def _in_jinja(inside: str) -> str:
    path = PATH.fullmatch(inside)
    if path:
        return f"{{{{ {inside} }}}}" if inside.rpartition(".")[2] in TYPED else f"{{{{ {inside}|told }}}}"
    filters = {one.strip().partition("(")[0] for one in _split(inside)[1:]}
    if filters & DONE or CALL.match(inside):
        return f"{{{{ {inside} }}}}"
    return f"{{{{ ({inside})|told }}}}"
