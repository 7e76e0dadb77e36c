"""What scripts say is found, and the file that brings its translation says what the catalogue says."""

from __future__ import annotations

import pytest

from headway.basics.language import LANGUAGES, SOURCE
from tools.texts import known
from tools.texts_of_scripts import SCRIPTS, texts_in, words_of


def test_texts_of_a_script_are_found() -> None:
    script = """
    // "Not this one", a comment
    say("No answer; try again.", "error"); place.querySelector(".row input"); event.key === "Escape";
    say(`${names.map((one) => `${one} is here`).join(", ")} left ${count} things.`);
    box.textContent = spoken("choose one"); fetch(url, { method: "POST", headers: { "X-Part": "yes" } });
    """
    assert list(texts_in(script)) == ["No answer; try again.", "{0} is here", "{0} left {1} things.", "choose one"]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_browsers_get_what_the_catalogue_says(language: str) -> None:
    written = (SCRIPTS / f"words-{language}.js").read_text(encoding="utf-8")
    assert written == words_of(known(language)), "run `python tools/texts.py`"
