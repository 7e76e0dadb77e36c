"""What is judged, as the report shows it: each verdict with its comparison, its truth where known, nothing twice."""

from __future__ import annotations

import dataclasses
import re
from functools import cache

import pytest

from headway.report.comparison_words import ladder
from headway.report.page import render
from headway.report.verdict_words import by_urgency, naive_misleads, sentence_beside, steps_of, was_it_right
from headway.verdict.value import PlantedTruth
from tests.report import sample_judged
from tests.report.samples import diagnosis, html


@cache
def simulated() -> str:
    return render(dataclasses.replace(diagnosis("usual"), judged=sample_judged.truth_known()))


def section(page: str, name: str) -> str:
    return re.sub(
        r"\s+",
        " ",
        page.split(f'<section id="{name}"')[1].split("</section>")[0].replace("\u00a0", " ").replace("&nbsp;", " "),
    )


def test_verdicts_come_first_and_each_opens_its_comparison() -> None:
    page = html("usual")
    assert page.index('<section id="verdicts"') < page.index('<section id="movement"')
    shown = section(page, "verdicts")
    assert "The process is at fault for three of your ten steps" in shown.split("<figure")[0]
    assert shown.count('<details class="verdict">') == shown.count("owners leave it out") + 1  # one is not judged
    assert "192 had left it out by then" in shown and "2.1 times as frequent" in shown and "n 559" in shown


def test_no_owner_is_named_in_what_is_judged() -> None:
    from tests.report.sample_company import OWNERS

    judged = html("usual").split('<section id="verdicts"')[1].split('<section id="movement"')[0]
    assert not [owner for owner in OWNERS if owner in judged]


def test_on_a_simulated_firm_the_truth_stands_beside_each_verdict_the_unknown_and_the_naive_included() -> None:
    shown = section(simulated(), "verdicts")
    assert "of 10 verdicts 8 are right, 1 wrong, and 1 cannot be told yet" in shown
    assert "lies on the wrong side of the margin in" in shown
    assert shown.count('class="verdict-truth"') == 10
    assert "not told</span> In truth: practice, leaving it out costs 11 points." in shown
    assert "In truth" not in section(html("usual"), "verdicts") and "Was Headway right" not in html("usual")


def test_where_nothing_can_be_judged_it_says_why_and_offers_a_trial() -> None:
    shown = section(html("unobserved"), "verdicts")
    assert shown.count(sample_judged.NO_STEPS) == 1 and "run a trial" in shown and "A trial tells" in shown
    assert "<h3>Steps" not in shown and "verdict-map" not in shown
    assert "Without buyer evidence a rule cannot be judged" in shown


def test_a_diagnosis_stored_before_there_were_verdicts_is_shown_without_them() -> None:
    page = render(dataclasses.replace(diagnosis("usual"), judged=None))
    assert 'id="verdicts"' not in page and "#verdicts" not in page and 'id="movement"' in page


def test_the_urgent_comes_first_and_what_buyers_ask_for_last() -> None:
    words = [verdict.word for verdict in steps_of(sample_judged.judged())]
    assert words[:2] == ["rhythm", "practice"] and words[-2:] == ["works", ""]
    assert list(by_urgency(())) == []


def test_a_row_says_neither_its_name_nor_what_to_do_twice() -> None:
    verdict = dataclasses.replace(
        sample_judged.judged().verdicts[2],
        sentence="Deals without “Call” were won as often. It asks for what does not matter: rewrite or drop it.",
        label="Call",
    )  # fmt: skip
    assert sentence_beside(verdict).endswith("It asks for what does not matter.")
    assert sentence_beside(verdict).startswith("Deals without it were")
    needed = dataclasses.replace(verdict, sentence="Cannot be told yet. About 1,240 more decided deals will tell.")
    assert sentence_beside(needed) == "Cannot be told yet."
    assert "1,240" in sentence_beside(dataclasses.replace(needed, so=""))


@pytest.mark.parametrize(("cost", "misleads"), [(0.0, True), (0.09, True), (0.2, False)])
def test_the_naive_figure_misleads_where_the_margin_lies_between_it_and_the_truth(cost: float, misleads: bool) -> None:
    verdict = sample_judged.judged().verdicts[2]
    assert verdict.comparison is not None
    known = dataclasses.replace(
        verdict, truth=PlantedTruth("process", cost), comparison=dataclasses.replace(verdict.comparison, naive=-0.3)
    )
    assert naive_misleads(known) is misleads
    assert [rung.what for rung in ladder(known)][-1] == "In truth" and ladder(known)[0].value == -0.3
    assert was_it_right([verdict]) is None
    assert ladder(dataclasses.replace(verdict, word="", ground="at the buyer's request")) == ()
