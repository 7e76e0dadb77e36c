"""A process as people read it in a terminal: stages, what the buyer must have done, what the seller is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from headway.process.definition import Milestone, Process, Stage, Step
from headway.process.draft import OpenQuestion
from headway.process.expectation import due_words

GRADES = (
    "the seller's word",
    "the seller's word with a quote or a document",
    "something the buyer wrote",
    "the buyer's act in a shared or signed system",
    "a second contact's confirmation",
)
BUYER_SIGN, SELLER_SIGN = "◆", "›"


def process_view(process: Process) -> RenderableType:
    """The whole process, for any width from 60 columns."""
    milestones, steps = len(process.milestones), len(process.steps)
    counts = ", ".join(
        (counted(len(process.stages), "stage"), counted(milestones, "milestone"), counted(steps, "step"))
    )
    parts: list[RenderableType] = [
        Text.assemble((process.name, "bold"), f" · version {process.version} · {counts}"),
        Text(_whom(process), style="dim"),
    ]
    common = _common_grade(process)
    if milestones:
        legend = f"{BUYER_SIGN} the buyer must have done it; proof, unless it says otherwise: {_proof(common)}"
        parts += [
            Text(legend, style="dim"),
            Text(f"{SELLER_SIGN} the seller is asked it; it proves nothing", style="dim"),
        ]
    for rank, stage in enumerate(process.stages, 1):
        parts += [Text(), _stage(rank, stage, common)]
    parts += [Text(), Text(_limits(process), style="dim")]
    return Group(*parts)


def question_view(questions: Sequence[OpenQuestion]) -> RenderableType:
    """What a sound process leaves open."""
    rows = _rows()
    where: dict[str, list[str]] = {}
    for question in questions:
        where.setdefault(question.question, []).append(question.where)
    for text, places in where.items():
        rows.add_row(Text("?", style="yellow"), Group(Text(text), Text(", ".join(places), style="dim")))
    return Group(Text(f"Open questions ({len(questions)})", style="bold"), rows)


def counted(count: int, thing: str) -> str:
    """`1 stage`, `2 stages`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _whom(process: Process) -> str:
    chosen = []
    if process.pipelines:
        chosen.append(f"the {'pipelines' if len(process.pipelines) > 1 else 'pipeline'} {', '.join(process.pipelines)}")
    if process.record_types:
        kinds = "record types" if len(process.record_types) > 1 else "record type"
        chosen.append(f"the {kinds} {', '.join(process.record_types)}")
    since = f", created from {process.valid_from.isoformat()} on" if process.valid_from else ""
    return f"For deals of {' and '.join(chosen)}{since}." if chosen else f"For every deal{since}."


def _common_grade(process: Process) -> int:
    grades = Counter(milestone.proof.grade for _, milestone in process.milestones)
    return grades.most_common(1)[0][0] if grades else 1


def _proof(grade: int) -> str:
    return GRADES[grade] + (", or better" if grade < len(GRADES) - 1 else "")


def _stage(rank: int, stage: Stage, common_grade: int) -> RenderableType:
    facts = []
    if stage.usual_days is not None:
        facts.append(f"decided within {days(stage.usual_days)} as a rule")
    if stage.limit_days is not None:
        facts.append(f"at most {days(stage.limit_days)} here")
    if stage.claims:
        facts.append(f"in the CRM also {', '.join(stage.claims)}")
    head = Text.assemble((f"{rank}  {stage.name}", "bold"), (f"   {' · '.join(facts)}" if facts else "", "dim"))
    rows = _rows()
    for milestone in stage.milestones:
        rows.add_row(Text(BUYER_SIGN, style="green"), Group(*_milestone(milestone, common_grade)))
    for step in stage.steps:
        rows.add_row(Text(SELLER_SIGN, style="cyan"), Group(*_step(step)))
    if not stage.milestones:
        rows.add_row(Text("?", style="yellow"), Text("No milestone: nothing tells when a deal is really here."))
    return Group(head, rows)


def _rows() -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=3, justify="right")
    table.add_column(overflow="fold")
    return table


def _milestone(milestone: Milestone, common_grade: int) -> Iterator[Text]:
    yield Text(milestone.buyer)
    if milestone.ask:
        yield Text(f"“{milestone.ask}”", style="italic")
    proof = milestone.proof
    facts = [milestone.id]
    if proof.grade != common_grade:
        facts.append(f"proof: {_proof(proof.grade)}")
    if proof.acts:
        facts.append(f"seen when: {', '.join(proof.acts)}")
    if proof.shelf_life_days is not None:
        facts.append(f"lapses after {days(proof.shelf_life_days)}")
    if milestone.usual_days is not None:
        facts.append(f"usually {days(milestone.usual_days)}")
    if milestone.amount_from is not None:
        facts.append(f"only from an amount of {milestone.amount_from:,.0f}")
    if milestone.record_types:
        facts.append(f"only for {', '.join(milestone.record_types)}")
    yield Text(" · ".join(facts), style="dim")


def _step(step: Step) -> Iterator[Text]:
    yield Text(step.seller)
    facts = [due_words(step)]
    if step.activities:
        facts.append(f"done when: {', '.join(step.activities)}")
    facts.append(f"serves {step.serves}")
    if step.at_buyers_request:
        facts.append("at the buyer's request, so never judged")
    yield Text(" · ".join(facts), style="dim")


def _limits(process: Process) -> str:
    limits = process.limits
    return (
        f"Until your own deals say better: silent after {days(limits.silence_days)}, recorded late after "
        f"{days(limits.late_entry_days)}, {limits.activities_without_movement} activities without a move are noted."
    )


def days(count: int) -> str:
    """`1 day`, `10 days`."""
    return counted(count, "day")
