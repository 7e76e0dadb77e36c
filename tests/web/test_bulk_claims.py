"""Claims in bulk from the list: each deal by itself, what is refused is told and may be tried again, undo for all."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from headway.deals.events import Outcome
from headway.process.starters import get_starter
from headway.store.actions.deals import add_deal, claim_stage, decide_deal
from headway.store.models import Deal, Event, Gate, GatePassing, Person
from tests.cast import NOW, Cast, client_of
from tests.web.pages import main_of, text_of, to, undo

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD, *_ = [stage.name for stage in get_starter("buyer_terms").stages]


@pytest.fixture
def deals(cast: Cast) -> list[Deal]:
    """Three, the last claiming the first stage."""
    made = [add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW, owner="Bob Adler") for n in "abc"]
    claim_stage(deal=made[2], stage=FIRST, by=cast.bob, at=NOW)
    return made


def picks(page: str) -> list[str]:
    """What the ticks of a page would send."""
    return [unescape(value) for value in re.findall(r'<input type="checkbox"[^>]* name="deal" value="([^"]*)"', page)]


def post(cast: Cast, person: Person, chosen: list[str], stage: str, **more: str) -> Any:
    return client_of(person).post(to(cast, "claim_many"), {"deal": chosen, "value": stage, **more})


def listed(cast: Cast, person: Person, **asked: str) -> str:
    """The main part of the list of deals."""
    page: Any = client_of(person).get(to(cast, "deals"), asked)
    return main_of(page)


def claims(deals: list[Deal]) -> list[str]:
    return [Deal.objects.get(pk=deal.pk).claimed for deal in deals]


def test_several_are_claimed_at_once_and_all_undone(cast: Cast, deals: list[Deal]) -> None:
    client = client_of(cast.bob)
    chosen = picks(listed(cast, cast.bob))
    assert sorted(chosen) == sorted(f"{deal.key} {claim}" for deal, claim in zip(deals, claims(deals), strict=True))
    back = f"{to(cast, 'deals')}?sort=name"
    answer = client.post(to(cast, "claim_many"), {"deal": chosen, "value": SECOND, "back": back})
    assert answer["Location"] == back
    assert claims(deals) == [SECOND] * 3
    shown: Any = client.get(back)
    assert f"Claimed {SECOND} for 3 deals." in shown.content.decode()
    undo(client, cast, shown)
    assert claims(deals) == ["", "", FIRST]


def test_what_is_claimed_already_is_left_alone(cast: Cast, deals: list[Deal]) -> None:
    before = Event.objects.count()
    answer = client_of(cast.bob).post(
        to(cast, "claim_many"), {"deal": [f"{deal.key} {deal.claimed}" for deal in deals], "value": FIRST}, follow=True
    )
    assert f"Claimed {FIRST} for 2 deals; 1 claimed it before." in answer.content.decode()
    assert Event.objects.count() == before + 2


def test_what_a_gate_refuses_is_told_the_others_go_through_and_a_reason_lets_it_pass(
    cast: Cast, deals: list[Deal]
) -> None:
    Gate.objects.create(workspace=cast.workspace, process=cast.version.process, stage=THIRD, rung="ask", created_at=NOW)
    claim_stage(deal=deals[2], stage=THIRD, by=cast.bob, at=NOW, reason="So they said")
    decide_deal(deal=deals[0], outcome=Outcome.LOST, by=cast.bob, at=NOW)
    chosen = [f"{deals[0].key} ", f"{deals[1].key} ", f"{deals[2].key} {THIRD}"]
    answer = post(cast, cast.bob, chosen, THIRD)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "2 deals keep their claims" in text
    assert "Nothing changed; 1 claimed it before." in text
    assert "It is decided" in text
    assert "record it, or say why" in text
    again = picks(main_of(answer))
    assert again == [f"{deals[1].key} "]
    done = post(cast, cast.bob, again, THIRD, reason="Agreed on the phone")
    assert done.status_code == 302
    assert claims(deals)[1] == THIRD
    assert GatePassing.objects.filter(path="bulk", ended="reasoned").count() == 1


def test_a_gate_that_blocks_one_does_not_stop_the_other(cast: Cast, deals: list[Deal]) -> None:
    Gate.objects.create(
        workspace=cast.workspace, process=cast.version.process, stage=FIRST, rung="block", created_at=NOW
    )
    answer = post(cast, cast.bob, [f"{deals[0].key} ", f"{deals[2].key} {FIRST}"], SECOND)
    assert answer.status_code == 422
    assert f"Claimed {SECOND} for 1 deal." in text_of(answer)
    assert f"{FIRST} opens once something shows" in text_of(answer)
    assert picks(main_of(answer)) == []  # trying again would not help
    assert claims(deals) == ["", "", SECOND]


def test_somebody_elses_claim_meanwhile_is_not_overwritten_unseen(cast: Cast, deals: list[Deal]) -> None:
    answer = post(cast, cast.alice, [f"{deals[2].key} ", f"{deals[0].key} "], SECOND)
    assert answer.status_code == 422
    assert f"Somebody claimed {FIRST} meanwhile." in text_of(answer)
    assert claims(deals) == [SECOND, "", FIRST]
    again = picks(main_of(answer))
    assert again == [f"{deals[2].key} {FIRST}"]
    assert post(cast, cast.alice, again, SECOND).status_code == 302
    assert claims(deals) == [SECOND, "", SECOND]


def test_a_stage_of_another_process_is_refused(cast: Cast, deals: list[Deal]) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(version=None)
    answer = post(cast, cast.bob, [f"{deal.key} {deal.claimed}" for deal in deals[:2]], "Champagne")
    assert "Its process has no stage Champagne." in text_of(answer)
    assert "It matches no process." in text_of(answer)


def test_nothing_chosen_is_told_in_a_sentence(cast: Cast, deals: list[Deal]) -> None:
    assert "No deal is selected" in text_of(post(cast, cast.bob, [], SECOND))
    assert "No stage is chosen" in text_of(post(cast, cast.bob, [f"{deals[0].key} "], ""))
    many = [f"key{number} " for number in range(201)]
    assert "At most 200 deals" in text_of(post(cast, cast.bob, many, SECOND))
    assert post(cast, cast.bob, [f"{deals[0].key} "], SECOND, back="https://elsewhere.example/")["Location"] == to(
        cast, "deals"
    )


def test_a_viewer_ticks_nothing_and_nobody_the_decided(cast: Cast, deals: list[Deal]) -> None:
    assert picks(listed(cast, cast.vera)) == []
    assert post(cast, cast.vera, [f"{deals[0].key} "], SECOND).status_code == 403
    decide_deal(deal=deals[0], outcome=Outcome.LOST, by=cast.bob, at=NOW)
    page = listed(cast, cast.bob, outcome="lost")
    assert deals[0].name in page
    assert picks(page) == []


def test_an_outsider_finds_nothing(cast: Cast, deals: list[Deal]) -> None:
    chosen = [f"{deals[0].key} "]
    assert post(cast, cast.carol, chosen, SECOND).status_code == 404
    own = f"/w/{cast.elsewhere.key}/deals/claim/"
    assert client_of(cast.carol).post(own, {"deal": chosen, "value": SECOND}).status_code == 404
    assert claims(deals) == ["", "", FIRST]
    assert client_of(cast.carol).get(to(cast, "claim_many")).status_code == 404
