"""Gates as their pages show them: ladders, what a rung has earned, what enforcing it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.basics.figures import counted, points_text
from headway.process.definition import Process, Stage
from headway.reviews.gate_harm import LEAST, Harm, Sign, harm_of
from headway.reviews.gates import LADDER, Earned, Rung, next_rung, refusal_to_rise, rung_below
from headway.store.queries.gates import GateRow, Measure, Met, ProcessGates

NO_ONE = Met()
NAMES = {Rung.OBSERVE: "Observe", Rung.WARN: "Warn", Rung.ASK: "Ask why", Rung.BLOCK: "Block"}
DOES = {
    Rung.OBSERVE: "Counts who claims the stage without it. Nobody is told.",
    Rung.WARN: "The claim is saved, and says what is missing.",
    Rung.ASK: "The claim is saved once the seller says why.",
    Rung.BLOCK: "The claim waits until the proof is there.",
}
NOW = {
    Rung.OBSERVE: "It observes: nobody is told.",
    Rung.WARN: "It warns: claims are saved.",
    Rung.ASK: "It asks why: a sentence, and the claim is saved.",
    Rung.BLOCK: "It blocks: claims wait for the proof.",
}
ENDED = {
    "passed": ("Saved", "pill"), "warned": ("Saved, warned", "warn"), "reasoned": ("Saved, with a reason", "info"),
    "asked": ("Turned back: no reason", "bad"), "blocked": ("Held back", "bad"),
}  # fmt: skip
PATHS = {"form": "by form", "board": "on the board", "bulk": "in bulk", "import": "by import"}
COSTS = {
    "late": ("Deals first seen late", "First claimed at this stage or beyond: kept out of sight until then."),
    "junk": ("Entries that say nothing", "Under three words, the same words on many deals, or typed in to pass."),
    "hollow": ("Filled in, and telling less", "More deals have the proof, and fewer of those are won."),
}


@dataclass(frozen=True, slots=True)
class RungShown:
    """A rung of a ladder. `here`: the gate stands on it; `below`: it stands higher; `earned`: its past allows it."""

    rung: Rung
    name: str
    does: str
    here: bool
    below: bool
    earned: bool
    why: str

    @property
    def state(self) -> str:
        """For who cannot see the drawing."""
        return "stands here" if self.here else "earned" if self.earned else "not earned"


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage with its gate, if any. `figure`: what lacking the proof has meant; `rungs`: from the highest down."""

    name: str
    asks: tuple[str, ...]
    gate: GateRow | None
    rungs: tuple[RungShown, ...]
    figure: str
    interval: str
    harmed: bool
    met: Met = NO_ONE


@dataclass(frozen=True, slots=True)
class CostShown:
    """A sign of harm: share before and since as hundredths for the meters; `told`: too few to say so else."""

    title: str
    about: str
    sign: Sign
    told: str

    @property
    def bars(self) -> tuple[tuple[str, int | None, str], ...]:
        """(when, hundredths or None, counts) of before and since."""
        return tuple(
            (when, None if one.value is None else round(100 * one.value), f"{one.done:,} of {one.n:,}")
            for when, one in (("Before", self.sign.before), ("Since", self.sign.since))
        )


def stages_shown(
    one: ProcessGates, measures: dict[tuple[int, str], Measure], met: dict[int, Met]
) -> tuple[StageShown, ...]:
    """Every stage of a process in its order."""
    return tuple(
        stage_shown(stage, one.gates.get(stage.name), measures.get((one.row.pk, stage.name)), met)
        for stage in one.process.stages
    )


def stage_shown(stage: Stage, gate: GateRow | None, measure: Measure | None, met: dict[int, Met]) -> StageShown:
    """`rungs` is empty where the stage requires nothing: there is nothing to look for."""
    asks = tuple(milestone.buyer for milestone in stage.milestones)
    harm = harm_shown(gate, measure)
    rungs = ladder_of(gate, measure.earned if measure else ()) if asks else ()
    return StageShown(
        stage.name, asks, gate, rungs, figure_of(measure), interval_of(measure), bool(harm and harm.sentences),
        met.get(gate.pk, NO_ONE) if gate else NO_ONE,
    )  # fmt: skip


def ladder_of(gate: GateRow | None, earned: Sequence[Earned]) -> tuple[RungShown, ...]:
    """The four rungs, the highest first."""
    known = {one.rung: one for one in earned}
    stands = LADDER.index(Rung(gate.rung)) if gate else -1
    return tuple(
        RungShown(
            rung, NAMES[rung], DOES[rung], place == stands, place < stands,
            rung is Rung.OBSERVE or (rung in known and known[rung].holds),
            known[rung].why if rung in known else "not measured yet",
        )
        for place, rung in reversed(tuple(enumerate(LADDER)))
    )  # fmt: skip


def figure_of(measure: Measure | None) -> str:
    """`24 points fewer are won without it`, or why that is not known; empty where nothing was measured."""
    if measure is None:
        return ""
    if measure.effect is None and measure.asked > 1 and measure.lacked in (0, measure.asked):
        return f"Nothing to compare: all {measure.asked} deals came {'without' if measure.lacked else 'with'} it"
    if measure.effect is None:
        return "Too few deals to tell what the proof is worth here"
    points = round(100 * measure.effect.value)
    if not points:
        return "As many are won without it"
    return (
        f"{abs(points)} point{'' if abs(points) == 1 else 's'} {'fewer' if points < 0 else 'more'} are won without it"
    )


def interval_of(measure: Measure | None) -> str:
    """`15 to 34 points, 407 deals`, of the figure; with signs where it goes either way. Empty where there is none."""
    if measure is None or measure.effect is None:
        return ""
    one = measure.effect
    if one.low * one.high > 0:
        ends = "{} to {}".format(*sorted(abs(round(100 * bound)) for bound in (one.low, one.high)))
    else:
        ends = f"{points_text(one.low)} to {points_text(one.high)}"
    return f"{ends} points, {counted(one.n, 'deal')}"


def harm_shown(gate: GateRow | None, measure: Measure | None) -> Harm | None:
    """None where nothing is enforced, or nothing was counted since."""
    if gate is None or measure is None or measure.harm is None or Rung(gate.rung) is Rung.OBSERVE:
        return None
    return harm_of(measure.harm)


def costs_shown(harm: Harm | None) -> tuple[CostShown, ...]:
    """The three signs."""
    found = []
    for sign in harm.signs if harm else ():
        title, about = COSTS[sign.name]
        fewest = min(sign.before.n, sign.since.n)
        whole = sign.shows or (sign.name == "hollow" and fewest >= LEAST)  # of the third the bars tell but a half
        told = sign.sentence if whole else f"{LEAST} on either side are needed." if fewest < LEAST else "No harm seen."
        found.append(CostShown(title, about, sign, told))
    return tuple(found)


def refusal_of(gate: GateRow, measure: Measure | None) -> str:
    """Why it may not go up, as a sentence; empty where it may."""
    harm = harm_shown(gate, measure)
    return refusal_to_rise(Rung(gate.rung), measure.earned if measure else (), harm.sentences if harm else ())


def ways(gate: GateRow) -> tuple[str, str]:
    """The names of the rungs one up and one down; empty where there is none."""
    up, down = next_rung(Rung(gate.rung)), rung_below(Rung(gate.rung))
    return NAMES[up] if up else "", NAMES[down] if down else ""


def texts_of(process: Process | None) -> dict[str, str]:
    """Milestones in words, by id."""
    return {milestone.id: milestone.buyer for _, milestone in process.milestones} if process else {}
