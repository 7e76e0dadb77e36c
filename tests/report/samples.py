"""Every sample by its name, rendered once for all tests of a run."""

from __future__ import annotations

from functools import cache

from headway.diagnosis.value import Diagnosis
from headway.report.page import render
from tests.report import sample
from tests.report.sample_huge import huge

SAMPLES = {
    "usual": sample.usual,
    "unobserved": sample.unobserved,
    "empty": sample.empty,
    "one_deal": sample.one_deal,
    "huge": huge,
}


@cache
def diagnosis(name: str) -> Diagnosis:
    return SAMPLES[name]()


@cache
def html(name: str) -> str:
    return render(diagnosis(name))
