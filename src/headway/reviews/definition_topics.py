"""Topics about the words of the process: stages that people read differently, and changes they asked for on deals.

Pure, as `headway.reviews.topic_sources`. Method page: docs/methods/process-review.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from headway.basics.figures import count_text, counted, percent_figure
from headway.conformance.shares import share
from headway.reviews.kinds import What
from headway.reviews.process_topics import LOOK_HOURS, About, Cost, Figure, Firm, Topic
from headway.reviews.topic_sources import LEVEL, priced


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A stage whose definition surely does not make people agree. Of `n` deals placed, `differed` were put here by
    one person and elsewhere by another, most often into `taken_for` (empty: into none more than others). `beyond`:
    agreement beyond chance, -1 to 1. `process_key`: so that stages of two processes are two topics."""

    stage: str
    process: str
    process_key: str
    n: int
    differed: int
    beyond: float
    taken_for: str = ""


@dataclass(frozen=True, slots=True)
class WishSeen:
    """Findings of one rule that people ended with "process to change" since the newest version was published, a year
    back at most: `times`, on so many `deals`. `stage`: empty where the rule knows none."""

    rule: str
    title: str
    stage: str
    process: str
    process_key: str
    times: int
    deals: int


def stage_topics(seen: Iterable[StageSeen], firm: Firm) -> list[Topic]:
    """Every stage that placings convict. A year: each deal on which two people differ is talked over once more."""
    found = []
    for one in seen:
        differed = share(min(one.differed, one.n), one.n, level=LEVEL)
        if differed.value is None:
            continue
        other = f" It is most often taken for {one.taken_for}." if one.taken_for else ""
        topic = Topic(
            about=About.STAGE, id=f"{one.process_key} {one.stage}", title=one.stage, process=one.process,
            word="read differently",
            sentence=f"Of {counted(one.n, 'deal')} placed by their evidence alone, {count_text(one.differed)} were put "
            f"here by one and elsewhere by another ({percent_figure(differed.value)} %, 90 % interval "
            f"{percent_figure(differed.low)} to {percent_figure(differed.high)} %); agreement beyond chance is "
            f"{one.beyond:.2f}.{other}".replace("-", "−"),
            to_know="After the change place ten other deals: that tells whether the new words are better.",
            proposed=What.CHANGE,
            so="Say what the buyer does in it in other words, so that two people put a deal into the same stage.",
            figures=(Figure("placed differently", differed.value, one.n, differed.low, differed.high),),
        )  # fmt: skip
        found.append(priced(topic, Cost(hours=differed.value * firm.opened * LOOK_HOURS), firm))
    return found


def wish_topics(seen: Iterable[WishSeen], firm: Firm) -> list[Topic]:
    """What people wrote down as to be changed while they worked on deals."""
    found = []
    for one in seen:
        times = f"{counted(one.times, 'finding')} on {counted(one.deals, 'deal')}"
        topic = Topic(
            about=About.WISH, id=f"{one.process_key} {one.rule} {one.stage}".strip(), process=one.process,
            title=f"{one.title}: {one.stage}" if one.stage else one.title,
            word="asked to change",
            sentence=f"{times} ended with “process to change” since this version was published.",
            to_know="Read what was written on each: it says what should change.",
            proposed=What.CHANGE,
            so="Those who work by it say that it asks for the wrong thing here.",
            figures=(Figure("ended so", float(one.times), one.times, unit="count"),),
        )  # fmt: skip
        found.append(priced(topic, Cost(hours=one.times * LOOK_HOURS), firm))
    return found
