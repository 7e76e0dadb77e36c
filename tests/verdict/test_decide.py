"""The table, line by line and in its order."""

from dataclasses import replace

import pytest

from headway.conformance.shares import share
from headway.verdict.decide import Findings, decided
from headway.verdict.value import WORDS, Interval


def of(done: int, n: int) -> Interval:
    """A share with its interval, as the judge makes it."""
    found = share(done, n)
    assert found.value is not None
    return Interval(found.value, found.low, found.high, n)


UNDECIDED = Findings(
    n=300, left_out=of(120, 300), left_out_deals=120, won=100, dated_evidence=True, evidence_tells=True,
    at_buyers_request=False, reviews=True, inspected=of(80, 120), owners=9, owners_leaving_out=3, margin=0.10,
    worse=0.7, better=0.3, no_worse=0.6, worse_by=-0.02, better_by=-0.03,
)  # fmt: skip
WORSE = replace(UNDECIDED, worse=0.999, better=0.001, no_worse=0.01, worse_by=-0.15, better_by=-0.15)
HARMLESS = replace(UNDECIDED, worse=0.4, better=0.6, no_worse=0.999, worse_by=0.01, better_by=0.01)
BETTER = replace(UNDECIDED, worse=0.0, better=1.0, no_worse=1.0, worse_by=0.12, better_by=0.12)


def nearly_all_did_it(found: Findings) -> Findings:
    """Three of three hundred left it out."""
    return replace(found, left_out=of(3, 300), left_out_deals=3)


@pytest.mark.parametrize(
    ("found", "word", "ground"),
    [
        (UNDECIDED, "unknown", "too wide"),
        (replace(BETTER, at_buyers_request=True, dated_evidence=False), "", "at the buyer's request"),
        (replace(WORSE, dated_evidence=False), "unknown", "no buyer evidence"),
        (replace(HARMLESS, dated_evidence=False), "unknown", "no buyer evidence"),
        (replace(nearly_all_did_it(HARMLESS), dated_evidence=False), "unknown", "no buyer evidence"),
        (replace(WORSE, left_out_deals=19), "unknown", "too few"),
        (replace(HARMLESS, left_out_deals=281), "unknown", "too few"),
        (replace(BETTER, won=9), "unknown", "too few"),
        (replace(WORSE, won=291), "unknown", "too few"),
        (replace(UNDECIDED, n=0, left_out=None, left_out_deals=0, won=0, worse=None), "unknown", "too few"),
        (BETTER, "helps", "better without"),
        (replace(BETTER, left_out=of(22, 300), left_out_deals=22), "helps", "better without"),
        (replace(BETTER, better_by=0.03), "process", "harmless"),
        (replace(BETTER, evidence_tells=False), "unknown", "evidence tells nothing"),
        (nearly_all_did_it(UNDECIDED), "works", "kept by nearly all"),
        (replace(WORSE, left_out=of(60, 1000), n=1000, left_out_deals=60), "works", "kept by nearly all"),
        (replace(UNDECIDED, left_out=of(0, 20), n=20, left_out_deals=0), "unknown", "too few"),
        (replace(UNDECIDED, left_out=of(2, 30), n=30, left_out_deals=2), "unknown", "too few"),
        (HARMLESS, "process", "harmless"),
        (replace(WORSE, no_worse=0.999, worse_by=-0.06), "process", "harmless"),
        (replace(HARMLESS, evidence_tells=False), "unknown", "evidence tells nothing"),
        (replace(WORSE, worse_by=-0.04), "unknown", "too wide"),
        (replace(WORSE, reviews=False, inspected=None), "costly", "no reviews"),
        (replace(WORSE, inspected=of(30, 120)), "rhythm", "not inspected"),
        (replace(WORSE, inspected=of(40, 120)), "practice", "few leave it out"),
        (replace(WORSE, owners_leaving_out=4), "process", "many leave it out"),
        (replace(WORSE, evidence_tells=False), "practice", "few leave it out"),
    ],
)  # fmt: skip
def test_the_first_line_that_holds_is_the_verdict(found: Findings, word: str, ground: str) -> None:
    assert decided(found) == (word, ground)
    assert word in (*WORDS, "")
