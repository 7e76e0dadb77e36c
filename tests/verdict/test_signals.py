"""What a milestone tells: deals alive at one moment, with it and without, nothing of the buyer adjusted for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headway.deals.history import Event
from headway.process.definition import Milestone, Process, Proof, Stage
from headway.verdict.known import known_of
from headway.verdict.signals import judge_signals
from headway.verdict.value import Signal
from tests.conformance.judged import judged
from tests.logs import day, decided
from tests.verdict.teams import SALE, acted, begun, team


def signals(deals: dict[str, list[Event]], *processes: Process, at: float = 900) -> dict[str, Signal]:
    asked = processes or (SALE,)
    with judged(asked, deals, at=at) as found:
        judged_signals = judge_signals(found.log, asked, known_of(found.log))
    return {signal.milestone: signal for signal in judged_signals}


def test_deals_with_and_without_it_at_the_landmark() -> None:
    """Ten days after the first milestone was proven; the first itself after the two days it usually takes."""
    deals = {
        "in time": [*begun(0), acted(1, "meeting"), acted(9, "agreement"), decided(30, "won")],
        "on the last day": [*begun(0), acted(3, "meeting"), acted(13, "agreement"), decided(30, "won")],
        "late": [*begun(0), acted(2, "meeting"), acted(20, "agreement"), decided(30, "won")],
        "never": [*begun(0), acted(1, "meeting"), decided(30, "lost")],
        "decided before": [*begun(0), acted(1, "meeting"), acted(2, "agreement"), decided(8, "won")],
        "never met": [*begun(0), decided(30, "lost")],
        "open": [*begun(0), acted(4, "meeting")],
    }
    found = signals(deals)
    met, agreed = found["met"], found["agreed"]
    assert (met.with_it, met.without_it, met.landmark) == (4, 3, "2 days after the deal was created")
    assert (agreed.with_it, agreed.without_it) == (2, 3)
    assert agreed.landmark == "10 days after “Met” was evidenced"
    assert (agreed.word, agreed.ground, agreed.stage) == ("unknown", "too few", "Agreed")


def test_what_tells_and_what_does_not() -> None:
    """Ready buyers meet on day 1 and agree; whether they met by day 2 tells, and the deals are decided on day 20."""
    found = signals(team(240, cost=0.0))
    met = found["met"]
    assert (met.word, met.ground) == ("telling", "better with it")
    assert met.effect is not None and met.effect.low > 0.3 and met.effect.n == met.with_it + met.without_it == 240
    deals = {name: list(events) for name, events in team(500, cost=0.0).items()}
    for number, (name, events) in enumerate(deals.items()):
        deals[name] = [one for one in events if one.name not in ("meeting", "agreement")]
        deals[name].append(acted(number + (0.5 if number % 2 else 2.5), "meeting"))
    even = signals(deals)["met"]
    assert (even.word, even.ground) == ("not telling", "no better with it")
    assert even.effect is not None and even.effect.high < 0.12


@pytest.mark.parametrize(("always", "ground"), [(True, "nearly all have it"), (False, "no buyer evidence")])
def test_everybody_or_nobody_has_it(always: bool, ground: str) -> None:
    deals = {
        f"deal {n}": [
            *begun(n),
            *([acted(n + 1, "meeting")] if always else []),
            decided(n + 40, "won" if n % 3 else "lost"),
        ]
        for n in range(60)
    }
    met = signals(deals)["met"]
    assert (met.word, met.ground, met.effect) == ("unknown", ground, None)
    assert "60" in met.sentence and "nan" not in met.sentence


def test_all_won_and_no_decision_are_unknown() -> None:
    won = {
        f"deal {n}": [*begun(n), *([acted(n + 1, "meeting")] if n % 2 else []), decided(n + 30, "won")]
        for n in range(60)
    }
    assert signals(won)["met"].ground == "too few"
    still = {name: events[:-1] for name, events in won.items()}
    assert signals(still)["met"].ground == "too few"


def test_versions_that_say_the_same_are_one_milestone() -> None:
    other = replace(SALE.stages[1], milestones=(Milestone("agreed", "They signed", proof=Proof(acts=("agreement",))),))
    second = replace(SALE, version="2", valid_from=day(30).date(), stages=(SALE.stages[0], other))
    with judged((SALE, second), team(60, cost=0.0), at=200) as found:
        made = judge_signals(found.log, (SALE, second), known_of(found.log))
    assert [(one.milestone, one.buyer, one.with_it + one.without_it) for one in made] == [
        ("met", "They met us", 60),
        ("agreed", "They agreed", 30),
        ("agreed", "They signed", 30),
    ]


def test_a_milestone_for_some_deals_only() -> None:
    bound = Stage("Met", (Milestone("met", "They met us", amount_from=100.0, proof=Proof(acts=("meeting",))),))
    assert signals(team(30, cost=0.0), replace(SALE, stages=(bound,)))["met"].with_it == 0  # no amount is known
