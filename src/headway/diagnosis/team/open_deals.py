"""Open deals for the team: claimed against evidenced as a matrix, inflation in money, silence; and by owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from headway.conformance.estimate import Unknown
from headway.conformance.win_rates import GapMoney, GapRates, gap_money, total_gap
from headway.diagnosis.open_pipeline import Rates
from headway.diagnosis.study import Study
from headway.diagnosis.team.value import MOST_BEHIND, Behind, Cell, Claims, Matrix, Money, Part, StageMoney
from headway.diagnosis.value import OpenDeal

GAPS = {
    "ahead": "Claims ahead of the buyer",
    "agree": "Claims that agree with the buyer",
    "behind": "Buyers ahead of the claim",
    "unseen": "Claims that cannot be set against a buyer",
}


@dataclass(slots=True)
class Gathered:
    """Deals behind figures, gathered one by one in the order in which they are to be listed."""

    titles: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    amounts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    deals: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, title: str, deal: OpenDeal) -> None:
        """One more deal behind the figure `name`."""
        self.titles.setdefault(name, title)
        self.counts[name] += 1
        self.amounts[name] += deal.worth or 0.0
        if len(self.deals[name]) < MOST_BEHIND:
            self.deals[name].append(deal.id)

    def behind(self) -> dict[str, Behind]:
        """What was gathered, each as one part."""
        return {
            name: Behind(title, (Part("Open deals", self.counts[name], tuple(self.deals[name])),))
            for name, title in self.titles.items()
        }


def kind_of_gap(deal: OpenDeal) -> str:
    """One of `GAPS`."""
    if deal.gap is None:
        return "unseen"
    return "ahead" if deal.gap > 0 else "behind" if deal.gap < 0 else "agree"


def gather_gaps(deals: Iterable[OpenDeal], into: Gathered) -> None:
    """The deals of each of `GAPS`."""
    for deal in deals:
        into.add(f"gap:{kind_of_gap(deal)}", GAPS[kind_of_gap(deal)], deal)


def claims_of(deals: Sequence[OpenDeal]) -> Claims:
    """How many there are of each of `GAPS`."""
    kinds = [kind_of_gap(deal) for deal in deals]
    known = len(deals) - kinds.count("unseen")
    return Claims(len(deals), known, kinds.count("ahead"), kinds.count("agree"), kinds.count("behind"))


def matrices_of(study: Study, deals: Sequence[OpenDeal], into: Gathered) -> tuple[Matrix, ...]:
    """One per process that has open deals, the largest first; versions of a process stand in one."""
    stages: dict[str, list[str]] = {}
    for process in study.processes:
        known = stages.setdefault(process.name, [])
        known += [stage.name for stage in process.stages if stage.name not in known]
    found = []
    for place, (name, names) in enumerate(stages.items()):
        mine = [deal for deal in deals if deal.process == name]
        if mine:
            found.append(_matrix(place, name, names, mine, into))
    return tuple(sorted(found, key=lambda matrix: -matrix.deals))


def _matrix(number: int, process: str, stages: list[str], deals: Sequence[OpenDeal], into: Gathered) -> Matrix:
    place = {name: index for index, name in enumerate(stages, 1)}
    cells: dict[str, tuple[int, int | None]] = {}
    for deal in deals:
        claimed = place.get(deal.claimed or "", 0)
        evidenced = None if deal.evidenced_rank is None else place.get(deal.evidenced or "", 0)
        name = f"cell:{number}:{claimed}:{'unseen' if evidenced is None else evidenced}"
        cells[name] = (claimed, evidenced)
        shown = "no buyer act observed" if evidenced is None else (
            f"evidenced {stages[evidenced - 1]}" if evidenced else "nothing evidenced yet"
        )  # fmt: skip
        into.add(name, f"Claimed {stages[claimed - 1] if claimed else 'in no stage'}, {shown}", deal)
        if claimed:
            into.add(f"claimed:{number}:{claimed}", f"Claimed {stages[claimed - 1]}", deal)
        if evidenced:
            into.add(f"evidenced:{number}:{evidenced}", f"Evidenced {stages[evidenced - 1]}", deal)
    return Matrix(
        process, tuple(stages), len(deals),
        tuple(Cell(*cells[name], into.counts[name], into.amounts[name], name) for name in sorted(cells)),
    )  # fmt: skip


def money_of(study: Study, deals: Iterable[OpenDeal], rates: Rates) -> Money:
    """Inflation over the deals that claim more than is evidenced; unknown where no stage can tell."""
    ahead = [deal for deal in deals if kind_of_gap(deal) == "ahead"]
    amount = sum(deal.worth or 0.0 for deal in ahead)
    parts = [gap_money(money, rates[place]) for place, money in _by_place(study, ahead).items() if place in rates]
    known = total_gap([part for part in parts if isinstance(part, GapMoney)])
    if known is None:
        lacking = [rate for rate in rates.values() if isinstance(rate, Unknown)]
        more = min((max(rate.needed - rate.n, 1) for rate in lacking), default=0)
        return Money(len(ahead), amount, more=more if ahead else 0)
    return Money(len(ahead), amount, known.value, known.low, known.high, known.n, known.deals)


def stage_money(study: Study, deals: Iterable[OpenDeal], rates: Rates, into: Gathered) -> tuple[StageMoney, ...]:
    """The same by claimed stage, in the order of the processes."""
    numbers = _numbers(study)
    ahead: dict[tuple[int, int], list[OpenDeal]] = defaultdict(list)
    for deal in deals:
        if kind_of_gap(deal) == "ahead" and deal.claimed_rank is not None:
            ahead[numbers[deal.process], deal.claimed_rank].append(deal)
    found = []
    for (number, rank), mine in sorted(ahead.items()):
        stage, name = study.stage_name(number, rank), f"gap:{number}:{rank}"
        for deal in mine:
            into.add(name, f"Claimed {stage}, ahead of the buyer", deal)
        found.append(StageMoney(study.processes[number].name, stage, _at_stage(mine, rates.get((number, rank))), name))
    return tuple(found)


def _at_stage(deals: Sequence[OpenDeal], rate: GapRates | Unknown | None) -> Money:
    amount = sum(deal.worth or 0.0 for deal in deals)
    known = gap_money([deal.worth for deal in deals if deal.worth is not None], rate) if rate is not None else None
    if isinstance(known, GapMoney):
        return Money(len(deals), amount, known.value, known.low, known.high, known.n, known.deals)
    return Money(len(deals), amount, more=max(known.needed - known.n, 1) if known else 0)


def _by_place(study: Study, deals: Iterable[OpenDeal]) -> dict[tuple[int, int], list[float]]:
    numbers = _numbers(study)
    amounts: dict[tuple[int, int], list[float]] = defaultdict(list)
    for deal in deals:
        if deal.claimed_rank is not None and deal.worth is not None:
            amounts[numbers[deal.process], deal.claimed_rank].append(deal.worth)
    return amounts


def _numbers(study: Study) -> dict[str, int]:
    return {process.name: number for number, process in enumerate(study.processes)}
