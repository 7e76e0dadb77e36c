"""The playbook: how this company sells, who does what when, and who answers for what, as one document to print.

Pure: from processes, meetings and people to a value, and from that to one HTML file that holds all it needs.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from headway.process.definition import Milestone, Process, Stage
from headway.reviews.kinds import ASKED, Question
from headway.reviews.recurrence import read_rule, rule_words

FIVE = tuple(words for question, words in ASKED.items() if question is not Question.ACCOUNT)
STANDARD = (
    ("Who", "a named person at the buyer, who does it"),
    ("What", "one act of theirs that either happened or did not"),
    ("When", "a day, before the next review if it can be"),
)
NOT_A_PROMISE = ("Follow up with them next week.", "Dana in procurement sends the marked-up contract by 12 March.")
GRADES = (
    "a seller’s word", "a quote or a file, by the seller", "written by the buyer",
    "the buyer’s act in a system both see", "confirmed by a second person there",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meeting:
    """A recurring review. `rule`: an RRULE; `starts`: local time as text, with its zone."""

    name: str
    rule: str
    starts: str
    minutes: int
    leader: str
    people: tuple[str, ...] = ()
    place: str = ""

    @property
    def when(self) -> str:
        """`Every Wednesday at 10:00, 30 minutes`."""
        return f"{rule_words(read_rule(self.rule))} at {self.starts}, {self.minutes} minutes"


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody in a role answers for. `figure`: by which it is seen, for each line."""

    id: str
    name: str
    people: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Playbook:
    """What the document says. `on`: the day it was written."""

    company: str
    on: date
    processes: tuple[Process, ...]
    meetings: tuple[Meeting, ...]
    roles: tuple[Role, ...]


ANSWERS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "leader": ("The leader", (
        ("Every review takes place, on its day", "Reviews held on time"),
        ("Every deal that is talked about ends in a decision", "Decisions per deal talked about"),
        ("No open deal goes 30 days without a look", "Share of open deals and of open money looked at"),
        ("A deviation is named, and corrected or allowed with a reason", "Deviations named; days until corrected"),
        ("Own promises are kept by their day, and read out first", "Own kept-rate"),
        ("Moving a deal back, or ending it early, is never held against anybody", "Said aloud in the review"),
    )),
    "seller": ("A seller", (
        ("Each claim rests on something the buyer did", "Evidence on own deals"),
        ("The agenda is answered the day before: true, put right, or disputed", "Points settled before the review"),
        ("A promise names who at the buyer, what they do, and by when", "Own promises, seen by oneself first"),
        ("A deal that is over is ended", "Deals with a silent buyer"),
        ("What the process gets wrong is said in the process review", "Exceptions, with what one expects to happen"),
    )),
    "operations": ("Operations", (
        ("The process says what buyers do, and each version is published before it counts", "The published version"),
        ("Steps that change nothing are taken out", "Verdicts acted on"),
        ("History comes in whole and on time", "What was read, and what was left out"),
        ("Nothing is asked of sellers that returns nothing to them", "Fields nobody uses"),
    )),
}  # fmt: skip


def roles_of(people: dict[str, tuple[str, ...]]) -> tuple[Role, ...]:
    """The closed list, the leader first, with who has each role now."""
    return tuple(Role(key, name, people.get(key, ()), answers) for key, (name, answers) in ANSWERS.items())


def steps_by_stage(process: Process) -> tuple[tuple[Stage, tuple[tuple[str, str], ...]], ...]:
    """Each stage with what sellers do in it, and by when."""
    return tuple(
        (stage, tuple((step.seller, _due_words(step.due_days)) for step in stage.steps)) for stage in process.stages
    )


def proof_words(milestone: Milestone) -> str:
    """`Shown by a quote or a file, by the seller; counts for 180 days`."""
    grade = GRADES[min(max(milestone.proof.grade, 0), len(GRADES) - 1)]
    lasts = milestone.proof.shelf_life_days
    return f"Shown by at least {grade}{f'; counts for {lasts} days' if lasts else ''}"


def body_html(playbook: Playbook, heading: str = "h1") -> Markup:
    """The document's body: for the file, and for a page of the application, which has a first heading of its own."""
    return Markup(  # noqa: S704 (a template that escapes every value)
        _environment().get_template("playbook_body.html.j2").render(
            playbook=playbook, heading=heading, five=FIVE, standard=STANDARD, example=NOT_A_PROMISE
        )
    )  # fmt: skip


def playbook_html(playbook: Playbook) -> str:
    """One file that holds all it needs, has no script, asks for nothing and says so by its policy."""
    style = files("headway.reviews").joinpath("playbook.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment().get_template("playbook.html.j2").render(
        playbook=playbook, body=body_html(playbook), style=Markup(style), digest=digest,  # noqa: S704 (our own file)
    )  # fmt: skip


def _due_words(due_days: int) -> str:
    if due_days == 0:
        return ", before the stage is claimed"
    return f", within {due_days} {'day' if due_days == 1 else 'days'}"


@cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("headway.reviews"), autoescape=True, undefined=StrictUndefined)
    made.globals |= {"steps_by_stage": steps_by_stage, "proof_words": proof_words}
    return made
