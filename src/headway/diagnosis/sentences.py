"""The five sentences: a reader who stops there knows what to do on Monday."""

from __future__ import annotations

from collections.abc import Sequence

from headway.basics.money import money_text
from headway.diagnosis.study import Study
from headway.diagnosis.value import (
    Gap,
    LogSummary,
    Movement,
    OpenDeal,
    ProcessSummary,
    RuleResult,
    Sentence,
    StageGap,
)

SILENT = ("drifting", "quiet")
NAMED = 3
LEAVING = {
    "skip": ("went past a stage without ever entering it", "past"),
    "jump": ("jumped over two or more stages in one move", "from"),
    "regression": ("went back to an earlier stage", "to"),
}


def five_sentences(
    study: Study,
    log: LogSummary,
    processes: Sequence[ProcessSummary],
    movement: Movement,
    findings: Sequence[RuleResult],
    gap: Gap,
    deals: Sequence[OpenDeal],
) -> tuple[Sentence, ...]:
    """Claims against buyers, who is silent, movement, where the process is left, and which three deals come first."""
    money = Money(log.currency)
    if gap.observed_deals and study.observed:
        first, second = _claimed_against_evidenced(gap, money), _silent_buyers(gap, deals, money)
    else:
        first, second = _not_observed(log, gap, money), _stale(findings, deals, money)
    return (first, second, _movement(movement), _left(findings, processes, money), _monday(study, deals, gap))


class Money:
    """Amounts as text in one currency."""

    def __init__(self, currency: str | None) -> None:
        self.currency = currency

    def text(self, amount: float | None) -> str:
        """`€1.3 M`."""
        return money_text(amount, self.currency)

    def worth(self, amount: float | None) -> str:
        """` worth €1.3 M`; nothing where no amount is known."""
        return f" worth {self.text(amount)}" if amount else ""


def _claimed_against_evidenced(gap: Gap, money: Money) -> Sentence:
    widest = max(gap.stages, key=_excess)
    if _excess(widest) <= 0:
        return Sentence(
            f"Claims hold: of the {_deals(gap.observed_deals)} with an observed buyer, "
            f"{gap.inflated} claim more than the buyer has shown, and {gap.sandbagged} claim less."
        )
    # Late claims are what a forecast rests on, so the latest stage with at least half of the widest gap is told.
    told = max((s for s in gap.stages if 2 * _excess(s) >= _excess(widest)), key=lambda s: (s.rank, _excess(s)))
    return Sentence(
        f"The CRM puts {money.text(told.claimed_amount)} in {_and_beyond(told, gap)}; buyers have done what that "
        f"takes for {money.text(told.evidenced_amount)}."
    )


def _excess(stage: StageGap) -> float:
    return stage.claimed_amount - stage.evidenced_amount


def _and_beyond(stage: StageGap, gap: Gap) -> str:
    last = max(s.rank for s in gap.stages if s.process == stage.process)
    return stage.stage if stage.rank == last else f"{stage.stage} or beyond"


def _silent_buyers(gap: Gap, deals: Sequence[OpenDeal], money: Money) -> Sentence:
    silent = [deal for deal in deals if deal.standing in SILENT]
    days = round(gap.silence_limit_days)
    if not silent:
        return Sentence(f"In every open deal somebody at the buyer has moved within the last {days} days.")
    drifting = sum(deal.standing == "drifting" for deal in silent)
    tail = f"; on {drifting} of them the seller keeps working" if drifting else ""
    return Sentence(
        f"In {_deals(len(silent))}{money.worth(_total(silent))} nobody at the buyer has moved for more "
        f"than {days} days{tail}."
    )


def _not_observed(log: LogSummary, gap: Gap, money: Money) -> Sentence:
    worth = money.worth(log.open_amount)
    if gap.observed_deals:
        return Sentence(
            f"The buyer is hardly observed: {gap.observed_deals} of {_deals(log.open, 'open')}{worth} show any act of "
            f"a buyer; the rest is what sellers claim."
        )
    return Sentence(
        f"The buyer is not observed: for {_deals(log.open, 'open')}{worth} this holds what sellers claim and no act of "
        f"a buyer."
    )


def _stale(findings: Sequence[RuleResult], deals: Sequence[OpenDeal], money: Money) -> Sentence:
    overstay = next((r for r in findings if r.rule == "overstay"), None)
    if overstay is None or not overstay.open_deals:
        dated = [deal for deal in deals if deal.days_in_stage is not None]
        if not dated:
            return Sentence("How long open deals have been in their stage cannot be told: no dates are given for them.")
        oldest = max(dated, key=lambda d: d.days_in_stage or 0)
        days = round(oldest.days_in_stage or 0)
        return Sentence(
            f"No open deal has outstayed its stage; longest there is {oldest.name}, {days} days in {oldest.claimed}.",
            (oldest.id,),
        )
    return Sentence(
        f"{_deals(overstay.open_deals, 'open').capitalize()}{money.worth(overstay.open_amount)} "
        f"{'has' if overstay.open_deals == 1 else 'have'} stayed in a stage longer than nine in ten deals you won did."
    )


def _movement(movement: Movement) -> Sentence:
    stage = movement.overall
    if stage is None or stage.decided is None or stage.usual_days is None:
        return Sentence(f"Movement cannot be told yet: {movement.reason}.")
    bound = (
        " (at most: losses carry no reason, so deals that went quiet count as decided)" if movement.upper_bound else ""
    )
    still = f"; {_of_hundred(stage.open_beyond.value)} are still open then" if stage.open_beyond else ""
    return Sentence(
        f"Of 100 deals that enter {stage.stage}, {_of_hundred(stage.decided.value)} reach a yes or a no within "
        f"{round(stage.usual_days)} days{bound}{still}."
    )


def _left(findings: Sequence[RuleResult], processes: Sequence[ProcessSummary], money: Money) -> Sentence:
    order = [r for r in findings if r.rule in ("skip", "jump", "regression") and r.deals]
    if not order:
        if any(r.reason for r in findings if r.rule == "skip"):
            return Sentence("Whether deals follow the process cannot be told: no stage was ever claimed.")
        if processes and all(p.practised and p.certainty is None for p in processes):
            return Sentence("In which order deals go through the stages cannot be told: none was seen in two of them.")
        return Sentence("Deals go through the stages in order: none is left out, jumped over or gone back to.")
    most = max(order, key=lambda r: (r.deals, r.amount))
    where = max(most.stages, key=lambda s: s.deals, default=None)
    did, which = LEAVING[most.rule]
    place = f", most often {which} {where.stage} ({_deals(where.deals)})" if where else ""
    return Sentence(f"{_deals(most.deals).capitalize()}{money.worth(most.amount)} {did}{place}.")


def _monday(study: Study, deals: Sequence[OpenDeal], gap: Gap) -> Sentence:
    if not deals:
        return Sentence("No deal is open, so there is nothing to do on Monday but to open one.")
    observed = bool(gap.observed_deals) and study.observed
    urgent = [d for d in deals if (d.gap or 0) > 0 and d.standing in SILENT]
    rest = [d for d in deals if (d.gap or 0) > 0 or d.standing in SILENT]
    chosen = list({d.id: d for d in [*urgent, *rest, *deals]}.values())[:NAMED]
    named = _listed([f"{d.name} ({money_text(d.amount, d.currency)})" if d.amount else d.name for d in chosen])
    largest = "largest " if any(d.amount for d in chosen) else ""
    text = (
        f"On Monday begin with {named}: ask each for the one act that is missing, and move the claim back if it "
        f"does not come."
        if observed
        else f"On Monday write down what the buyer last did in your {largest}open deals, first of all {named}."
    )
    return Sentence(text, tuple(d.id for d in chosen))


def _total(deals: Sequence[OpenDeal]) -> float:
    return sum(deal.worth or 0.0 for deal in deals)


def _deals(count: int, kind: str = "") -> str:
    return f"{count:,} {kind + ' ' if kind else ''}{'deal' if count == 1 else 'deals'}"


def _of_hundred(share: float) -> str:
    return str(round(100 * share))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
