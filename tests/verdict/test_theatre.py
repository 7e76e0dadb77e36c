"""Theatre and reinforcement as they are said: whole firms with and without, and logs that hold too little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from headway.basics.periods import AsOf
from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.demo.firms import Firm, simulate_firm
from headway.diagnosis.study import Study, begin_study
from headway.process.definition import Milestone, Process, Stage
from headway.process.loader import load_process
from headway.verdict.reinforcement import reinforcement_of
from headway.verdict.theatre import KINDS, holm, theatre_of, together
from headway.verdict.value import Sign, Theatre
from tests.conformance.judged import judged
from tests.logs import claims, decided, event

PROCESS = Process("New business", (Stage("Contact", (Milestone("need", "The buyer says why"),)), Stage("Offer")))


@contextmanager
def studied(firm: Firm, folder: Path, seed: int = 1) -> Iterator[Study]:
    *sources, process = simulate_firm(firm, seed).write(folder)
    with EventLog(memory_mib=256, in_memory=True) as log:
        report = read_sources(sources, log, ask=None)
        assert report.known_at is not None
        log.build(AsOf.moment(report.known_at.replace(tzinfo=UTC)))
        yield begin_study(log, [load_process(process)])


def theatre_in(deals: Mapping[str, Sequence[Event]], processes: Sequence[Process] = (PROCESS,), **more) -> Theatre:
    with judged(processes, deals, at=400, **more) as found:
        return theatre_of(found.log, processes)


def by_kind(theatre: Theatre) -> dict[str, Sign]:
    return {sign.kind: sign for sign in reversed(theatre.signs)}


def assert_honest(theatre: Theatre) -> None:
    """Every figure has its n and interval, and what is unknown its reason."""
    for sign in theatre.signs:
        assert sign.sentence.endswith(".")
        if sign.found is None:
            assert sign.reason
            assert sign.value is None
        elif sign.value is not None:
            assert sign.n > 0
            assert sign.low is not None
            assert sign.high is not None
            assert sign.low <= sign.value <= sign.high
            assert np.isfinite([sign.value, sign.expected, sign.low, sign.high]).all()


def test_a_firm_that_plays_its_process_is_found_by_what_it_does_and_no_seller_is_named(tmp_path: Path) -> None:
    firm = Firm("theatre", decided=120, sellers=9)
    with studied(firm, tmp_path) as study:
        theatre = theatre_of(study.log, study.processes)
        owners = [name for (name,) in study.log.connection.execute("SELECT DISTINCT owner FROM deals").fetchall()]
        again = theatre_of(study.log, study.processes)
    assert_honest(theatre)
    assert theatre.found
    assert theatre == again
    signs = by_kind(theatre)
    assert [kind for kind in (KINDS[0], KINDS[2], KINDS[3]) if not signs[kind].found] == []
    assert "filled in for the review" in theatre.sentence
    assert {sign.about for sign in theatre.signs if sign.kind == KINDS[0]} >= {"3 review meetings"}
    told = " ".join([theatre.sentence, *(f"{sign.about} {sign.sentence}" for sign in theatre.signs)])
    assert [owner for owner in owners if owner in told] == []


def test_a_firm_that_follows_its_process_is_not_accused_and_its_reviews_are_told(tmp_path: Path) -> None:
    with studied(Firm("healthy", decided=120, sellers=9), tmp_path) as study:
        theatre = theatre_of(study.log, study.processes)
        reinforcement = reinforcement_of(study.log)
    assert_honest(theatre)
    assert theatre.found is False
    assert not any(sign.found for sign in theatre.signs)
    assert reinforcement.reviews_held > 50
    assert reinforcement.difference is not None
    assert reinforcement.difference.low <= reinforcement.difference.value <= reinforcement.difference.high
    assert reinforcement.sentence.endswith(".")
    assert reinforcement.absence_sentence.endswith(".")


def test_one_sign_alone_is_not_called_theatre_and_two_of_a_kind_are_one() -> None:
    sign = Sign(KINDS[0], "reviews", True, "Found.", 0.5, 0.2, 0.4, 0.6, 100)
    other = Sign(KINDS[1], "claims", False, "Not found.", 0.1, 0.1, 0.0, 0.2, 100)
    assert together([sign, sign, other]).found is False
    assert "other explanations" in together([sign, sign, other]).sentence
    assert together([sign, Sign(KINDS[3], "dates", True, "Found.", 0.5, 0.1, 0.4, 0.6, 90)]).found is True


def test_too_little_to_tell_is_unknown_and_says_why() -> None:
    deals = {f"d{n}": [*claims((n, "Contact"), (n + 3, "Offer")), owner(n, f"o{n % 3}")] for n in range(6)}
    theatre = theatre_in(deals)
    assert_honest(theatre)
    assert theatre.found is None
    assert "no review was recorded" in theatre.sentence


def owner(at: float, name: str) -> Event:
    return event(EventKind.OWNER_SET, at, name)


def test_of_two_sellers_nothing_is_said_since_it_would_be_about_a_person() -> None:
    deals = {f"d{n}": [owner(n, f"o{n % 2}"), *claims((n, "Contact"))] for n in range(40)}
    theatre = theatre_in(deals)
    assert theatre.found is None
    assert theatre.signs == ()
    assert "about a person" in theatre.sentence


def test_where_no_owner_is_known_nothing_can_be_about_a_person() -> None:
    theatre = theatre_in({f"d{n}": claims((n, "Contact"), (n + 2, "Offer")) for n in range(10)})
    assert_honest(theatre)
    assert "person" not in theatre.sentence


@pytest.mark.parametrize("outcome", ["won", "lost", None])
def test_all_won_all_lost_and_none_decided_are_borne(outcome: str | None) -> None:
    deals: dict[str, list[Event]] = {}
    for n in range(45):
        start = 2.0 + 7 * (n % 40) + n / 100
        evidence = event(EventKind.EVIDENCE_RECORDED, start, "need", recorded=start + 1, actor="x", grade=1)
        dated = event(EventKind.CLOSE_DATE_SET, start + 1, None, due=start + 40)
        ended = [decided(start + 20, outcome)] if outcome else []
        deals[f"d{n}"] = [
            owner(start, f"o{n % 4}"),
            *claims((start, "Contact"), (start + 5, "Offer")),
            evidence,
            dated,
            *ended,
        ]
    deals["r"] = [event(EventKind.REVIEW_HELD, 7 * week, "Review") for week in range(40)]
    theatre = theatre_in(deals)
    assert_honest(theatre)
    assert not theatre.found


def test_a_log_that_knows_days_and_no_hours_says_nothing_of_hours() -> None:
    deals: dict[str, list[Event]] = {
        f"d{n}": [owner(n + 0.5, f"o{n % 4}"), *claims((n + 0.5, "Contact"), (n + 8.5, "Offer"), (n + 9.5, "Contact"))]
        for n in range(100)
    }
    deals["r"] = [event(EventKind.REVIEW_HELD, 7 * week, "Review") for week in range(15)]
    signs = by_kind(theatre_in(deals))
    assert "hour" in str(signs[KINDS[0]].reason)
    assert "minute" in str(signs[KINDS[1]].reason)


def test_a_criterion_is_compared_from_the_version_that_requires_it() -> None:
    rng = np.random.default_rng(3)
    deals: dict[str, list[Event]] = {}
    kinds = {}
    for n in range(160):
        after, ready, start = n >= 80, rng.random() < 0.4, 1.0 + n
        filled = [event(EventKind.EVIDENCE_RECORDED, start + 2, "need", grade=1)] if after or ready else []
        won = rng.random() < (0.8 if ready else 0.1)
        ways = claims((start, "Contact"), (start + 4, "Offer"))
        deals[f"d{n}"] = [owner(start, f"o{n % 4}"), *ways, *filled, decided(start + 9, "won" if won else "lost")]
        kinds[f"d{n}"] = {"record_type": "new" if after else "old"}
    versions = [
        Process("New business", (Stage("Contact"), Stage("Offer")), record_types=("old",)),
        Process("New business", PROCESS.stages, version="2", record_types=("new",)),
    ]
    with judged(versions, deals, at=400, about=kinds) as found:
        sign = by_kind(theatre_of(found.log, versions))[KINDS[4]]
    assert sign.found
    assert sign.value is not None
    assert 0.2 < sign.value < 0.7
    assert "100 %" in sign.sentence


def test_holms_steps_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(8)
    for _ in range(6):
        p_values = (rng.random(6) ** 4).tolist()
        assert holm(p_values, 0.05) == tuple(multipletests(p_values, 0.05, method="holm")[0])
    assert holm([None, 0.04, None], 0.05) == (False, True, False)
    assert holm([], 0.05) == ()


def test_reinforcement_of_a_log_without_reviews_is_unknown_with_its_reason() -> None:
    with judged([PROCESS], {"d": claims((1, "Contact"), (4, "Offer"))}) as found:
        told = reinforcement_of(found.log)
    assert told.difference is None
    assert told.half_life_days is None
    assert told.curve == ()
    assert told.reason
