# ruff: noqa: E501 - tables of made-up figures read better in long lines
"""The parts of the sample firm that hang together: its open deals, and what is counted from them."""

from __future__ import annotations

import dataclasses
import math
import random
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from headway.basics.money import money_text
from headway.diagnosis.value import (
    DealTrace,
    EventRef,
    Finding,
    MilestoneState,
    OpenDeal,
    RuleResult,
    Sentence,
    Share,
    StageCount,
)

Deals: TypeAlias = tuple[OpenDeal, ...]
AS_OF = datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)
STAGES = ("Discovery", "Evaluation", "Business case", "Negotiation", "Signature")
ENTERED = (640, 512, 377, 301, 241)
MILESTONES = (
    (
        "problem",
        1,
        "The buyer has named the problem internally",
        "Who besides you has called this a problem, and to whom?",
    ),
    (
        "impact",
        2,
        "The buyer has put a figure on the problem",
        "What does it cost you per month, and who worked that out?",
    ),
    ("budget", 3, "Someone with authority has secured the budget", "Who has to say yes to this sum, and have they?"),
    (
        "stakeholders",
        4,
        "Everyone who can say no has seen the proposal",
        "Who could still stop this, and what have they seen?",
    ),
    ("paper", 5, "The buyer has sent their contract comments", "Which steps does your paper take, and on which days?"),
)
FIRST = ("Alder", "Brenner", "Castell", "Dorado", "Elbe", "Fjord", "Garrick", "Hallmark", "Ister", "Juniper", "Kestrel", "Lumen",
         "Moorland", "Nordic", "Oakridge", "Pallas", "Quarry", "Rhine", "Solent", "Thistle", "Umbra", "Vantage", "Weser", "Zephyr")  # fmt: skip
SECOND = ("Optics", "Foods", "Logistics", "Hospital Group", "Pumps", "Rail", "Insurance", "Packaging")
PRODUCT = ("inspection line", "service contract", "lab rollout", "sensor upgrade", "pilot plant")
OWNERS = ("A. Novak", "B. Okafor", "C. Lindqvist", "D. Moreau", "E. Tanaka", "F. Rossi", "G. Haddad", "H. Jansen", "I. Petrov",
          "J. Silva", "K. Brandt", "L. Byrne")  # fmt: skip


def share(value: float, n: int) -> Share:
    """With Wilson's 95 % interval."""
    z, n = 1.96, max(n, 1)
    middle = (value + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(value * (1 - value) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Share(value, max(middle - half, 0.0), min(middle + half, 1.0), n)


def open_deals(count: int = 189) -> Deals:
    """Largest first; about two thirds claim a later stage than their buyers have shown."""
    chance = random.Random(11)
    made = [_open_deal(index, chance) for index in range(count)]
    return tuple(sorted(made, key=lambda deal: -(deal.amount or 0.0)))


def _open_deal(index: int, chance: random.Random) -> OpenDeal:
    claimed = chance.choices((1, 2, 3, 4, 5), (46, 50, 38, 38, 17))[0]
    evidenced = max(0, min(5, claimed - chance.choices((-1, 0, 1, 2, 3), (6, 42, 27, 16, 9))[0]))
    seen = index % 13 != 0
    amount = None if index % 33 == 5 else round(math.exp(chance.gauss(10.5, 0.8)), -2)
    silence = round(chance.expovariate(1 / 17), 1) if seen else None
    seller = round(chance.expovariate(1 / 9), 1)
    standing = _standing(silence, seller, index)
    company = f"{FIRST[index % 24]} {SECOND[(index * 5 + index // 24) % 8]}"
    gap = claimed - evidenced if seen else None
    past = None if silence is None else (max(0, round(40 * (0.4 - silence / 120))), 41)
    states = tuple(
        MilestoneState(key, rank, buyer, ask, "proven" if seen and rank <= evidenced else "open")
        for key, rank, buyer, ask in MILESTONES
    )
    asked = next((state.ask for state in states if state.state == "open"), None)
    return OpenDeal(
        id=f"006A{index:06d}", name=f"{company} – {PRODUCT[index % 5]}", account=company, owner=OWNERS[index % 12],
        amount=amount, currency="EUR", process="New business", claimed_rank=claimed, claimed=STAGES[claimed - 1],
        evidenced_rank=evidenced if seen else None, evidenced=STAGES[evidenced - 1] if seen and evidenced else None,
        gap=gap, gap_amount=None if gap is None or amount is None else round(amount * 0.23 * gap, 2), silence_days=silence,
        seller_silence_days=seller, standing=standing, days_in_stage=round(chance.expovariate(1 / 31), 1),
        close_on=date(2026, 6, 1) + timedelta(days=index % 120), past_won=past[0] if past else None,
        past_n=past[1] if past else None, question=asked, milestones=states, worth=amount,
    )  # fmt: skip


def _standing(silence: float | None, seller: float, index: int) -> str:
    if silence is None:
        return "unseen"
    if silence > 21:
        return "quiet" if seller > 12 else "drifting"
    return "waiting" if index % 4 == 0 else "advancing"


def standings(deals: Deals) -> tuple[tuple[str, int, float], ...]:
    """Deals and money by standing."""
    names = ("advancing", "waiting", "drifting", "quiet", "unseen")
    groups = [[deal.amount or 0.0 for deal in deals if deal.standing == name] for name in names]
    return tuple((name, len(group), sum(group)) for name, group in zip(names, groups, strict=True))


def sentences(deals: Deals, named: Deals) -> tuple[Sentence, ...]:
    """The five sentences of the usual firm, counted from its deals."""
    late = [deal for deal in deals if (deal.claimed_rank or 0) >= 4 and deal.gap is not None]
    proven = [deal for deal in deals if (deal.evidenced_rank or 0) >= 4]
    silent = [deal for deal in deals if (deal.silence_days or 0) > 21]
    claimed, shown, still = (
        money_text(sum(deal.amount or 0 for deal in group), "EUR") for group in (late, proven, silent)
    )
    first, second, third = named
    return (
        Sentence(f"CRM: {claimed} in Negotiation or beyond. Buyers have done what that takes for {shown}."),
        Sentence(
            f"In {len(silent)} open deals worth {still} nobody at the buyer has moved for three weeks; "
            f"ask first in {first.name}, {second.name} and {third.name}.",
            (first.id, second.id, third.id),
        ),
        Sentence(
            "Of deals that enter Discovery, 45 % reach a decision within the usual 96 days; 44 % are still open then."
        ),
        Sentence(
            "Most time is lost in Evaluation: one visit in four lasts longer than 38 days, and those rarely end in a yes."
        ),
        Sentence(
            "The process was kept in 71 % of cases until November 2025 and in 58 % since: look at it in this week's review."
        ),
    )


def unobserved_sentences(deals: Deals) -> tuple[Sentence, ...]:
    """What can be said where no buyer act was observed."""
    first, second, third = deals[:3]
    worth = money_text(sum(deal.amount or 0 for deal in deals), "EUR")
    return (
        Sentence("The buyer is not observed: this export holds what sellers claimed, and nothing that a buyer did."),
        Sentence(
            f"{len(deals)} deals worth {worth} are open; the largest are {first.name}, {second.name} and {third.name}.",
            (first.id, second.id, third.id),
        ),
        Sentence("Of deals that enter Discovery, at most 45 % reach a decision within the usual 96 days."),
        Sentence("In 61 open deals the expected close date was pushed twice or more."),
        Sentence(
            "Take ten minutes: for your ten largest deals, write down what the buyer last did. Then run this again."
        ),
    )


RULES = (
    ("unproven_claim", "Claimed without proof", "The CRM claims a stage whose buyer milestones are not proven.",
     "Ask the buyer the milestone's question, or move the deal back.", (14, 29, 41, 38, 9)),
    ("overstay", "Too long in one stage", "The deal has been in its stage longer than nine in ten won deals were.",
     "Agree with the buyer what happens next and by when, or close it.", (18, 33, 24, 12, 3)),
    ("pushed_close_date", "Close date pushed", "The expected close date was moved later two times or more.",
     "Set the date from what the buyer has agreed to do, not from the quarter.", (4, 11, 19, 26, 8)),
    ("skip", "Stage skipped", "A stage was never entered and its milestones are not proven.",
     "Ask for what the skipped stage should have shown.", (0, 17, 28, 9, 2)),
    ("jump", "Several stages at once", "One move passed over two stages or more.",
     "Check each stage in between with the buyer.", (0, 0, 9, 13, 6)),
    ("regression", "Moved back", "The deal went back to an earlier stage. That is information, not a fault.",
     "Note what the buyer said, so that the next deal asks it sooner.", (12, 9, 7, 4, 0)),
    ("lapsed_evidence", "Proof grown old", "The proof is older than it may be.", "Ask the buyer to confirm it again.", (0, 3, 8, 6, 2)),
)  # fmt: skip


def findings(deals: Deals) -> tuple[RuleResult, ...]:
    """All findings of each rule, and one rule that could not be asked."""
    asked = tuple(_rule(index, *rule, deals) for index, rule in enumerate(RULES))
    late = RuleResult("late_entry", "Entered late", "The stage was entered long after it happened.", 0, 0, 0.0, 0, 0.0, 0, (), (),
                      "The export does not say when a row was written.")  # fmt: skip
    return (*asked, late)


def _rule(
    index: int, rule: str, title: str, meaning: str, mend: str, counts: tuple[int, ...], deals: Deals
) -> RuleResult:
    chosen = deals[index * 4 : index * 4 + 4]
    examples = tuple(
        Finding(rule, deal.id, deal.name, deal.amount, "New business", "2", deal.claimed, AS_OF - timedelta(days=9 + 5 * place),
                f"{title}: {deal.claimed}, {round(deal.days_in_stage or 0)} days in the stage.", mend, True, allowed=place == 3)
        for place, deal in enumerate(chosen)
    )  # fmt: skip
    stages = tuple(
        StageCount("New business", rank, name, count, count * 41_700.0)
        for rank, (name, count) in enumerate(zip(STAGES, counts, strict=True), 1)
        if count
    )
    total = sum(counts)
    return RuleResult(rule, title, meaning, total + total // 5, total, total * 41_700.0, total // 3, total // 3 * 43_100.0,
                      index % 3, stages, examples)  # fmt: skip


def traces(deals: Deals, named: Deals) -> tuple[DealTrace, ...]:
    """Of the deals named in the sentences, of the examples, and of the fifty largest."""
    shown = list(named) + [deal for deal in deals[:50] if deal not in named]
    return tuple(_trace(deal, index) for index, deal in enumerate(shown))


def _trace(deal: OpenDeal, index: int) -> DealTrace:
    chance = random.Random(index)
    age = 40 + chance.randrange(150)
    start = AS_OF - timedelta(days=age, hours=9)

    def event(kind: str, what: str, day: float, who: str | None, file: str, line: int) -> EventRef:
        return EventRef(kind, what, start + timedelta(days=day), who, file, line)

    events = [event("deal_created", "Deal created", 0, deal.owner, "opportunities.csv", 2 + index)]
    for rank in range(1, (deal.claimed_rank or 1) + 1):
        day = age * (rank - 1) / 6 + 0.2
        events.append(
            event("stage_claimed", STAGES[rank - 1], day, deal.owner, "opportunity_history.csv", 40 + 9 * index + rank)
        )
    for place in range(chance.randrange(4, 18)):
        what = chance.choice(("Called", "Sent a mail", "Sent the offer", "Held a demonstration"))
        events.append(
            event(
                "activity_done",
                what,
                age * chance.random(),
                deal.owner,
                "mail_and_calendar.csv",
                900 + 31 * index + place,
            )
        )
    last = age - (deal.silence_days or 0)
    for place in range(0 if deal.silence_days is None or last <= 1 else chance.randrange(1, 6)):
        what = chance.choice(
            ("Answered the mail", "Came to the demonstration", "Sent the requirements", "Introduced purchasing")
        )
        day = last if place == 0 else last * chance.random()
        events.append(event("buyer_acted", what, day, "M. Keller", "mail_and_calendar.csv", 950 + 31 * index + place))
    events.append(
        event(
            "close_date_set",
            "Expected close date moved to 30 Jun 2026",
            age * 0.8,
            deal.owner,
            "opportunity_history.csv",
            49 + 9 * index,
        )
    )
    events.sort(key=lambda one: one.happened_at)
    return DealTrace(
        deal.id, deal.name, deal.amount, deal.currency, deal.owner, None, tuple(events), more=4 if index == 0 else 0
    )


def without_buyers(given: tuple[DealTrace, ...]) -> tuple[DealTrace, ...]:
    """As a plain export knows them: claims and dates only."""
    known = {"deal_created", "stage_claimed", "close_date_set"}
    return tuple(
        dataclasses.replace(trace, events=tuple(event for event in trace.events if event.kind in known))
        for trace in given
    )
