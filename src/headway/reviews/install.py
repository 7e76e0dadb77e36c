"""The 90-day install: diagnose, install, hand over, as a closed list of steps with a day each.

A step that the product can see itself is done by record; the others by word. Pure. How-to: docs/how-to/install.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LASTS_DAYS = 90


class Phase(StrEnum):
    """A third of the ninety days."""

    DIAGNOSE = "diagnose"
    INSTALL = "install"
    HAND_OVER = "hand over"


PHASES = {
    Phase.DIAGNOSE: (1, 30, "Diagnose", "Find out what is at fault before anything is changed."),
    Phase.INSTALL: (31, 60, "Install", "Set the process and the rhythm, and lead the first reviews."),
    Phase.HAND_OVER: (61, 90, "Hand over", "Let them lead it; stay until it holds without you."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`day`: by which it is done; `page`: name of the address where; `seen`: the product sees it by itself."""

    id: str
    phase: Phase
    day: int
    what: str
    how: str
    page: str = ""
    seen: bool = False


STEPS = (
    Step("deals", Phase.DIAGNOSE, 3, "Bring the pipeline in",
         "An export of the CRM with its stage history; without a CRM, add the open deals.", "imports", True),
    Step("baseline", Phase.DIAGNOSE, 5, "Freeze the start",
         "The four outcomes as they stand now: what the ninety days are held against.", "before_after", True),
    Step("diagnosis", Phase.DIAGNOSE, 8, "Read the diagnosis with the leader",
         "Its five sentences, one by one. Where does the leader not believe them? Look at those deals.", "diagnosis"),
    Step("ten_minutes", Phase.DIAGNOSE, 12, "Do the ten-minute pass with each seller",
         "The ten largest deals: what did the buyer last do? Without it nobody knows the gap.", "ten_minutes", True),
    Step("buyers", Phase.DIAGNOSE, 22, "Ask five buyers how they bought",
         "Two that said yes, two that said no, one that went quiet: what did they do, in which order?"),
    Step("fault", Phase.DIAGNOSE, 30, "Agree with the leader on what is at fault",
         "The process, the practice or the rhythm, or not known yet. One sentence, written down.", "diagnosis"),
    Step("process", Phase.INSTALL, 36, "Publish the process in buyer terms",
         "Each milestone is something the buyer does. Take out what the diagnosis found useless.", "processes", True),
    Step("rhythm", Phase.INSTALL, 38, "Set the rhythm",
         "One weekly review of thirty minutes is enough to begin.", "rhythm", True),
    Step("walk", Phase.INSTALL, 41, "Walk each seller through one deal of theirs",
         "With the new process: what is proven, what to ask the buyer next.", "deals"),
    Step("review", Phase.INSTALL, 44, "Hold the first review",
         "Lead it yourself, with the leader beside you. Every deal ends in a decision.", "reviews", True),
    Step("promise", Phase.INSTALL, 51, "See the first promise kept",
         "A buyer act shows it. If none was kept, make smaller ones.", "promises", True),
    Step("leader_review", Phase.INSTALL, 55, "Let the leader lead a review",
         "You sit beside. Speak only when it ends without a decision.", "reviews"),
    Step("leader_promise", Phase.INSTALL, 58, "See a promise of the leader kept",
         "Sellers keep theirs when the leader does.", "promises", True),
    Step("first_reading", Phase.INSTALL, 60, "Look at what has changed",
         "Thirty days say little: what could be told by day 60, and what would it take?", "before_after", True),
    Step("verdict", Phase.HAND_OVER, 68, "Act on one verdict",
         "Rewrite the step, coach the deals, hold the reviews, or begin a trial. One, not five.", "diagnosis", True),
    Step("row", Phase.HAND_OVER, 78, "Four reviews in a row on time",
         "Led by them, without you. If one is missed, find out why and count again.", "health", True),
    Step("playbook", Phase.HAND_OVER, 82, "Hand over the playbook",
         "Print it, go through it with everyone, put right what they would not say that way.", "playbook"),
    Step("accountability", Phase.HAND_OVER, 84, "Go through who answers for what",
         "The leader first: which reviews, which promises, which figures.", "playbook"),
    Step("last_reading", Phase.HAND_OVER, 90, "Read before and after with the leader",
         "What is better, what is worse, what cannot be told. Say so, whichever it is.", "before_after", True),
)  # fmt: skip
BY_ID = {step.id: step for step in STEPS}


class State(StrEnum):
    """How a step stands."""

    DONE = "done"
    PASSED = "passed over"
    LATE = "late"
    NOW = "now"  # its phase has come
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a step: done, or passed over with a reason."""

    passed: bool
    on: date
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A step with its state. `done_on`: by record or by word; `said`: where it rests on a word."""

    step: Step
    due_on: date
    state: State
    done_on: date | None = None
    said: Said | None = None

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in (State.DONE, State.PASSED)


@dataclass(frozen=True, slots=True)
class Course:
    """The install on one day. `day`: 1 on the first; `next`: the first step that is left, None at the end."""

    started_on: date
    day: int
    phase: Phase
    steps: tuple[Standing, ...]

    @property
    def next(self) -> Standing | None:
        """What is to be done now."""
        return next((one for one in self.steps if not one.over), None)

    @property
    def late(self) -> int:
        """Steps whose day went by."""
        return sum(one.state is State.LATE for one in self.steps)

    @property
    def over(self) -> int:
        """Steps with nothing left to do."""
        return sum(one.over for one in self.steps)

    @property
    def ends_on(self) -> date:
        """The ninetieth day."""
        return self.started_on + timedelta(days=LASTS_DAYS - 1)


def course_of(started_on: date, today: date, seen: Mapping[str, date], said: Mapping[str, Said]) -> Course:
    """Where an install stands. `seen`: step -> the day the record shows it, for those that can be seen; it goes before
    what somebody `said`."""
    day = max((today - started_on).days + 1, 1)
    phase = next((one for one, (_, last, *_) in PHASES.items() if day <= last), Phase.HAND_OVER)
    standings = tuple(_standing(step, started_on, day, seen, said) for step in STEPS)
    return Course(started_on, day, phase, standings)


def _standing(step: Step, started_on: date, day: int, seen: Mapping[str, date], said: Mapping[str, Said]) -> Standing:
    due_on = started_on + timedelta(days=step.day - 1)
    if step.seen and step.id in seen:
        return Standing(step, due_on, State.DONE, seen[step.id])
    word = said.get(step.id)
    if word:
        return Standing(step, due_on, State.PASSED if word.passed else State.DONE, word.on, word)
    if day > step.day:
        return Standing(step, due_on, State.LATE)
    return Standing(step, due_on, State.NOW if day >= PHASES[step.phase][0] else State.AHEAD)
