"""A process drafted from the stages a CRM knows: valid right away, with the buyer's part left as questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from headway.basics.errors import UserError
from headway.process.definition import Milestone, Process, Stage
from headway.process.soundness import MAX_STAGES
from headway.process.starters import get_starter
from headway.process.text import milestone_lines, process_text, scalar

HEAD = """\
# The stages your deals went through, in the order in which most of them did. As it stands, this file tells where
# deals leave that order. What it cannot tell yet is whether a stage is real: for that, say under each stage what
# the buyer must have done. A suggestion stands there as a comment; take the `# ` away, and put it in your words.
"""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something that a sound process still leaves unsaid, and what to ask oneself."""

    where: str
    question: str


def open_questions(process: Process) -> tuple[OpenQuestion, ...]:
    """What is still to be answered, in the order of the process: stages without milestones, milestones without ask."""
    found = []
    for stage in process.stages:
        if not stage.milestones:
            question = "What must the buyer have done before a deal is really here, and who could show it?"
            found.append(OpenQuestion(stage.name, question))
        found += [
            OpenQuestion(f"{stage.name}, {milestone.id}", "Which question could the seller put to the buyer?")
            for milestone in stage.milestones
            if not milestone.ask
        ]
    return tuple(found)


def process_from_stages(names: Sequence[str], *, name: str = "Our process", pipeline: str | None = None) -> Process:
    """A process of these stages, in this order. UserError for none, or more than a process may have."""
    stages = {folded: text for text in names if (folded := " ".join(text.split()).casefold())}
    if not 1 <= len(stages) <= MAX_STAGES:
        raise UserError(f"A process needs from 1 to {MAX_STAGES} stages, and the export has {len(stages)}.")
    return Process(
        name=name,
        stages=tuple(Stage(" ".join(text.split())) for text in stages.values()),
        pipelines=(pipeline,) if pipeline else (),
    )


def draft_text(process: Process) -> str:
    """The file of a process whose stages have no milestones yet: below each stands a suggestion as a comment.

    Taking away the `# ` in front of every suggestion gives a sound process, too.
    """
    suggestions = suggested_milestones(len(process.stages))
    below = [_suggestion(stage, made) for stage, made in zip(process.stages, suggestions, strict=True)]
    return process_text(process, head=HEAD, below=below)


def _suggestion(stage: Stage, milestones: Sequence[Milestone]) -> list[str]:
    asked = f"What must the buyer have done before a deal is really in {scalar(stage.name)}? For example:"
    written = [line for milestone in milestones for line in milestone_lines(milestone)]
    return [f"    ## {asked}", *(f"    # {line[4:]}" for line in ("    milestones:", *written))]


def suggested_milestones(count: int) -> list[tuple[Milestone, ...]]:
    """Milestones of the starter in buyer terms, spread in order over `count` stages; each stage has at least one.

    With more stages than milestones, those in between ask for an agreed next act of the buyer's.
    """
    known = [milestone for _, milestone in get_starter("buyer_terms").milestones]
    if count <= len(known):
        edges = [round(place * len(known) / count) for place in range(count + 1)]
        return [tuple(known[low:high]) for low, high in pairwise(edges)]
    places = {round(number * (count - 1) / (len(known) - 1)): milestone for number, milestone in enumerate(known)}
    return [(places.get(place) or _next_act(place + 1),) for place in range(count)]


def _next_act(rank: int) -> Milestone:
    return Milestone(
        id=f"next_act_{rank}",
        buyer="They tell us what they will do next, by when, and who there will do it, and they have done it",
        ask="What will happen on your side next, and when would it be good to speak again?",
    )
