# ruff: noqa: E501 - sentences are read whole
"""Verdicts in words: the figures behind them, what they mean, and why the naive figure is off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from headway.verdict.landmark import Judgement, Landmark
from headway.verdict.question import Naive, Question
from headway.verdict.value import Interval, Signal, TrialResult
from headway.verdict.words import signal_sentence, so_of, trial_sentence, verdict_sentence, why_naive_is_off


def question(n: int = 3182, out: int = 1305, **more: Any) -> Question:
    left_out = np.arange(n) < out
    landmark = Landmark(
        left_out, np.arange(n) % 2 == 0, np.zeros((n, 0)), (), (), np.zeros(n, dtype=np.int64),
        np.zeros(n, dtype=np.bool_), np.zeros(n), True, True,
    )  # fmt: skip
    whole = Question(
        "step", "call", "Call within five days of the offer", "Loans", "Offer out", "5 days after “Offer out” was claimed",
        landmark, 28.0, 12, 139, ("amount",), Naive(100, 60, 100, 12), 0.9,
    )  # fmt: skip
    return replace(whole, **more)


def judgement(word: str, ground: str, **more: Any) -> Judgement:
    whole = Judgement(
        word, ground, Interval(0.41, 0.39, 0.43, 3182), Interval(0.02, -0.01, 0.05, 3182), None, raw=0.0,
        without_evidence=0.01, e_value=1.4, e_value_bound=None, owners=12, owners_leaving_out=3,
        inspected=Interval(0.42, 0.4, 0.44, 1305), deals_needed=None, confirmed=True,
    )  # fmt: skip
    return replace(whole, **more)


FIGURES = "(difference +2 points, 90 % interval −1 to +5, 3,182 deals, 41 % left it out)"
WORSE = {"effect": Interval(-0.17, -0.24, -0.1, 3182)}
LESS = "(difference −17 points, 90 % interval −24 to −10, 3,182 deals, 41 % left it out)"
CALL = "Deals without “Call within five days of the offer” were won"


@pytest.mark.parametrize(
    ("found", "sentence", "so"),
    [
        (
            judgement("process", "harmless"),
            f"{CALL} as often as the others {FIGURES}. The step asks for something that does not matter: rewrite or drop it.",
            "Rewrite or drop it",
        ),
        (
            judgement("process", "harmless", effect=Interval(-0.04, -0.08, -0.01, 3182)),
            f"{CALL} less often than the others, but surely by less than 10 points (difference −4 points",
            "Rewrite or drop it",
        ),
        (
            judgement("process", "harmless", without_evidence=-0.12),
            "Without looking at what buyers had done by then the difference is −12 points: if the step is what made them",
            "Rewrite or drop it",
        ),
        (
            judgement("practice", "few leave it out", **WORSE),
            f"{CALL} less often than the others {LESS}. Reviews looked at 42 % of them, and only 3 of 12 owners often left it out",
            "Coach these deals",
        ),
        (judgement("process", "many leave it out", **WORSE), "it cannot be met or is unclear", "Rewrite how it is asked"),
        (judgement("rhythm", "not inspected", **WORSE), "hold the reviews, it is the leader's to mend", "Look at these deals"),
        (judgement("costly", "no reviews", inspected=None, **WORSE), "No review was ever recorded", "Start holding reviews"),
        (
            judgement("helps", "better without", effect=Interval(0.13, 0.04, 0.21, 3182)),
            f"{CALL} more often than the others (difference +13 points",
            "Propose a trial",
        ),
        (
            judgement("works", "kept by nearly all", effect=None),
            "Nearly every deal gets “Call within five days of the offer” (41 % of 3,182 deals left it out).",
            "Leave it alone.",
        ),
        (
            judgement("unknown", "too wide", deals_needed=240),
            f"matters cannot be told yet {FIGURES}. About 240 more decided deals will tell.",
            "Wait for about 240 more decided deals, or run a trial",
        ),
        (judgement("unknown", "too few", effect=None), "it takes 20 of each, 10 won and 10 not", "Wait for more decided deals"),
        (
            judgement("unknown", "no buyer evidence"),
            "a dated buyer act was known by then on 90 % of 3,182 deals, and 30 % are needed.",
            "Record with its date what buyers do, or run a trial",
        ),
        (judgement("unknown", "evidence tells nothing"), "hardly tells who wins", "run a trial"),
        (judgement("", "at the buyer's request"), "says nothing about the seller (1,305 of 3,182 deals open then", ""),
    ],
)  # fmt: skip
def test_every_ground_says_its_figures_and_what_to_do(found: Judgement, sentence: str, so: str) -> None:
    said = verdict_sentence(question(), found, 0.10)
    assert sentence in said and said.endswith((".", "…")) and "None" not in said
    assert so_of(question(), found).startswith(so) or so in so_of(question(), found)


def test_rules_are_spoken_of_as_kept_and_say_what_else_they_are_for() -> None:
    rule = question(subject="rule", label="Enter every stage")
    said = verdict_sentence(rule, judgement("process", "harmless"), 0.10)
    assert said.startswith("Deals that did not keep to “Enter every stage” were won as often")
    assert "41 % did not keep to it" in said and "The rule asks for something" in said
    told = replace(rule, meant_for="knowing where deals stand")
    assert "useless" not in verdict_sentence(told, judgement("process", "harmless"), 0.10)
    assert "It wins no deals; it is for knowing where deals stand" in verdict_sentence(
        told, judgement("process", "harmless"), 0.10
    )
    assert so_of(told, judgement("process", "harmless")).startswith("Keep it if it serves knowing")


def test_nothing_to_compare_and_nothing_ever_done() -> None:
    empty = question(0, 0)
    assert verdict_sentence(empty, judgement("unknown", "too few"), 0.10).startswith("No deal was open 5 days after")
    unseen = question(unseen=True)
    assert "ever done" in verdict_sentence(unseen, judgement("unknown", "too few"), 0.10)
    assert "activities" in so_of(unseen, judgement("unknown", "too few"))


@pytest.mark.parametrize(
    ("naive", "raw", "subject", "said"),
    [
        (-0.48, 0.0, "step", "no time for it and counts as never done: 139 deals ended before it was due"),
        (0.48, 0.1, "step", "deals that drag on gather it"),
        (-0.48, 0.0, "rule", "Deals that drag on have longer to depart from it"),
        (0.48, 0.1, "rule", "no time to depart from it and counts as kept"),
        (-0.20, -0.22, "step", "stood weaker anyway"),
        (0.40, 0.38, "step", "stood better anyway"),
        (0.02, 0.02, "step", "Here it is not off."),
    ],
)
def test_why_the_naive_figure_is_off(naive: float, raw: float, subject: str, said: str) -> None:
    never = round(1000 * (0.5 + naive))
    asked = question(subject=subject, naive=Naive(1000, 500, 1000, never))
    assert said in why_naive_is_off(asked, judgement("process", "harmless", raw=raw))


def test_a_naive_figure_that_is_not_there_needs_no_reason() -> None:
    assert why_naive_is_off(question(naive=Naive(10, 5, 0, 0)), judgement("process", "harmless")) == ""


@pytest.mark.parametrize(
    ("state", "word", "meaning"),
    [
        ("better with", "practice", "coach these deals"),
        ("better without", "helps", "the better way here"),
        ("no difference", "process", "does not matter"),
    ],
)
def test_a_trial_says_what_settled_it(state: str, word: str, meaning: str) -> None:
    trial = TrialResult("Call or not", state, 40, 41, 70, None, "70 deals are decided.")
    said = trial_sentence(question(), trial, judgement(word, "trial"))
    assert said.startswith("A trial has settled it. 70 deals are decided. ") and meaning in said
    assert so_of(question(), judgement(word, "trial"))


def test_signals() -> None:
    signal = Signal("met", "They met us", "Sale", "Met", "telling", "better with it", "", Interval(0.43, 0.4, 0.46, 3687),
                    836, 2851, "10 days after the deal was created")  # fmt: skip
    assert signal_sentence(signal, 1.0, 0.10) == (
        "It tells: deals that had it were won more often (difference +43 points, 90 % interval +40 to +46; 836 of 3,687 "
        "deals alive 10 days after the deal was created had it)."
    )
    no = replace(signal, word="not telling", ground="no better with it", effect=Interval(0.01, -0.04, 0.06, 3687))
    assert "surely not 10 points ahead of the others" in signal_sentence(no, 1.0, 0.10)
    wide = replace(signal, word="unknown", ground="too wide", deals_needed=120)
    assert signal_sentence(wide, 1.0, 0.10).endswith("About 120 more decided deals will tell.")
