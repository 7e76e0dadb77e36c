"""The diagnosis in the terminal: narrow or wide, with and without colour, for every sample."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from headway.cli.diagnosis_text import diagnosis_text, print_diagnosis
from tests.report.samples import SAMPLES, diagnosis

ESCAPE = re.compile(r"\x1b")


def printed(name: str, width: int = 80, **options: object) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    console.print(diagnosis_text(diagnosis(name), **options))  # type: ignore[arg-type]
    return out.getvalue()


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal_or_than_can_be_read(name: str, width: int) -> None:
    lines = printed(name, width).splitlines()
    assert max(cell_len(line) for line in lines) <= min(width, 120)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_figures_are_whole_at_every_width(width: int) -> None:
    text = printed("usual", width)
    for stage in diagnosis("usual").movement.stages:
        row = next(line for line in text.splitlines() if line.startswith(stage.stage) and "█" in line)
        assert stage.decided is not None
        assert f"{100 * stage.decided.value:.0f}\u00a0%" in row and f"{stage.n}" in row and "…" not in row
    for rule in diagnosis("usual").findings:
        if rule.findings:
            assert any(line.startswith(rule.title) and f" {rule.deals} " in line for line in text.splitlines())


def test_the_five_sentences_come_first_and_whole() -> None:
    text = words_of(printed("usual"))
    places = [text.index(words_of(sentence.text)) for sentence in diagnosis("usual").sentences]
    assert places == sorted(places) and places[-1] < text.index(" Movement ")


def test_the_order_is_the_reports() -> None:
    text = printed("usual")
    headings = [
        "Movement",
        "Claimed and evidenced",
        "Findings",
        "Adherence",
        "Consistency",
        "Pressure",
        "What was read",
    ]
    places = [text.index(f"\n{heading}\n") for heading in headings]
    assert places == sorted(places)


def test_without_colour_nothing_steers_the_terminal_and_with_it_the_words_are_the_same() -> None:
    plain = printed("huge")
    assert not ESCAPE.search(plain)
    out = io.StringIO()
    Console(file=out, width=80, force_terminal=True, color_system="truecolor").print(diagnosis_text(diagnosis("huge")))
    coloured = out.getvalue()
    assert ESCAPE.search(coloured)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_names_from_a_file_cannot_steer_the_terminal() -> None:
    import dataclasses

    hostile = dataclasses.replace(diagnosis("usual"), title="\x1b[2J\x1b]0;gone\x07 [red]x[/red] \u202eevil")
    out = io.StringIO()
    Console(file=out, width=80, color_system=None).print(diagnosis_text(hostile))
    assert not set("\x1b\x07\u202e") & set(out.getvalue()) and "[red]x[/red]" in out.getvalue()


def test_ascii_terminals_get_bars_too() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    Console(file=out, width=80, color_system=None).print(diagnosis_text(diagnosis("usual")))
    out.seek(0)
    assert "####" in out.read()


def test_unknown_is_said_with_its_reason() -> None:
    text = words_of(printed("empty"))
    assert "Movement is unknown: there are no deals." in text and "None" not in text


def test_where_the_buyer_is_not_observed_it_offers_ten_minutes_and_draws_no_gap() -> None:
    text = words_of(printed("unobserved"))
    assert "Take ten minutes" in text and "At this stage or beyond" not in text


def test_lines_are_shown_on_request_only() -> None:
    assert "line 814, 815, 816" not in words_of(printed("usual")) and "--lines" in printed("usual")
    assert "line 814, 815, 816" in words_of(printed("usual", lines=True))


def test_it_says_where_the_files_are() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80)
    print_diagnosis(diagnosis("usual"), console, html=Path("out/report.html"), json=Path("out/all.json"), lines=False)
    assert "out/report.html" in out.getvalue() and "out/all.json" in out.getvalue()
    assert "--html FILE" in printed("usual")
