"""The catalogues hold every text there is, each with its translation, in the form that pages can be built from."""

from __future__ import annotations

import ast
import re

import pytest
from babel.messages.catalog import Catalog

from headway.basics.language import LANGUAGES, SOURCE
from headway.basics.language.catalogue import SAID_GAP
from tools.texts import _strings, gathered, known, missing

OTHERS = [code for code in LANGUAGES if code != SOURCE]
ELEMENT = re.compile(r"</?\d+>")


@pytest.fixture(scope="module", params=OTHERS)
def both(request: pytest.FixtureRequest) -> tuple[Catalog, Catalog]:
    """(what is in the file, what there is) of a language."""
    return known(request.param), gathered(request.param)


def test_no_text_is_without_a_translation(both: tuple[Catalog, Catalog]) -> None:
    written, now = both
    assert missing(now) == [], "run `python tools/texts.py` and translate: see docs/how-to/translate.md"
    assert {one.id for one in written} == {one.id for one in now}, "run `python tools/texts.py`"


def test_translations_fit_their_texts(both: tuple[Catalog, Catalog]) -> None:
    wrong = []
    for one in both[0]:
        english, said = str(one.id), str(one.string)
        gaps = {number for number, _ in SAID_GAP.findall(said)} <= {number for number, _ in SAID_GAP.findall(english)}
        opened = sorted(ELEMENT.findall(said)) == sorted(set(ELEMENT.findall(said)))
        elements = set(ELEMENT.findall(said)) <= set(ELEMENT.findall(english))
        closed = all(said.count(f"<{n}>") == said.count(f"</{n}>") for n in re.findall(r"<(\d+)>", said))
        code = any(sign in said and sign not in english for sign in ("{%", "{{", "<script", "javascript:", '="'))
        pair = re.fullmatch(r"[\w ]+,[\w ]+", english) and " " not in english and said.count(",") != 1
        if one.id and said and not (gaps and opened and elements and closed and not code and not pair):
            wrong.append(f"{english!r}: {said!r}")
    assert not wrong, "\n".join(wrong)


def test_sentences_are_read_off_the_code() -> None:
    code = '''
"""A docstring is not a text."""
one = f"{n} deal{'s' if n != 1 else ''} of {name}."
two = "Nothing yet" if n else "SELECT name FROM deal"
three = "{count} of {whole} are open".format(count=1, whole=2)
four = "lower"
five = "Word"
'''
    assert sorted(_strings(ast.parse(code))) == [
        "Nothing yet", "Word", "{0} deal of {1}.", "{0} deals of {1}.", "{0} of {1} are open",
    ]  # fmt: skip
