"""My way on a deal's page: what is left out, why, and what is expected; and afterwards whether it came true."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from headway.deals.events import EventKind, Outcome
from headway.deals.predictions import Predicted, predicted_in
from headway.store.actions.deals import claim_stage, decide_deal
from headway.store.actions.events import append_event
from headway.store.actions.exceptions import allow_exception
from headway.store.models import Deal, Event
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, client_of
from tests.web.pages import text_of, to

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asked(**more: str) -> dict[str, str]:
    until = (datetime.now(UTC) + 30 * DAY).date().isoformat()
    reason = "I wait for their board, because nobody signs before it"
    return {"rule": "overstay", "reason": reason, "owner": "Bob Adler", "expires_on": until, "predicted": "won"} | more


def test_a_seller_says_beforehand_what_is_left_out_why_and_what_is_expected(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    assert "Instead of" in text_of(client.get(to(deal, "my_way")))
    assert client.post(to(deal, "my_way"), asked()).status_code == 302
    event = Event.objects.get(kind=EventKind.EXCEPTION_ALLOWED)
    assert (event.name, predicted_in(event.ref)) == ("overstay", Predicted.WON)
    said = text_of(client_of(cast.vera).get(to(deal, "deal")))
    assert "Instead of moving on within the usual time" in said
    assert "I wait for their board" in said
    assert "Expected: the deal is won. Not known yet." in said


def test_a_step_of_the_process_can_be_left_out(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    step = re.findall(
        r'<optgroup label="Steps"><option value="([^"]+)">([^<]+)', client.get(to(deal, "my_way")).content.decode()
    )
    assert step, "the process of the cast asks for steps"
    assert client.post(to(deal, "my_way"), asked(rule=step[0][0])).status_code == 302
    assert step[0][1] in client.get(to(deal, "deal")).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "ask"),
    [
        ("rule", "no such rule", "Choose what you leave out"),
        ("reason", " ", "needs a reason"),
        ("predicted", "rain", "Choose what you expect"),
        ("owner", "", "write a name"),
        ("expires_on", "2001-01-01", "ends in the future"),
        ("expires_on", "soon", "day"),
    ],
)
def test_what_is_missing_is_said_beside_it_and_nothing_typed_is_lost(
    cast: Cast, deal: Deal, field: str, value: str, ask: str
) -> None:
    answer = client_of(cast.bob).post(to(deal, "my_way"), asked(**{field: value}))
    assert answer.status_code == 422
    assert ask in text_of(answer)
    kept = answer.content.decode()
    assert field == "reason" or "I wait for their board" in kept
    assert not Event.objects.filter(kind=EventKind.EXCEPTION_ALLOWED).exists()


@pytest.mark.parametrize(
    ("predicted", "outcome", "ends"),
    [
        (Predicted.WON, Outcome.WON, "Came true"),
        (Predicted.WON, Outcome.LOST, "Did not come true"),
        (Predicted.ENDED, Outcome.NO_DECISION, "Came true"),
        (Predicted.PROVEN, Outcome.WON, "Did not come true"),
    ],
)
def test_a_decided_deal_shows_whether_the_prediction_came_true(
    cast: Cast, deal: Deal, predicted: Predicted, outcome: Outcome, ends: str
) -> None:
    claim_stage(deal=deal, stage=process_of(cast.version).stages[1].name, by=cast.bob, at=NOW)
    allow_exception(
        deal=deal, rule="skip", reason="They know us", owner="Bob", expires_on=(NOW + 9 * DAY).date(),
        predicted=predicted, by=cast.bob, at=NOW + DAY,
    )  # fmt: skip
    decide_deal(deal=deal, outcome=outcome, by=cast.bob, at=NOW + 2 * DAY)
    page = client_of(cast.bob).get(to(deal, "deal"))
    assert ends in text_of(page)
    assert "my-way/" not in page.content.decode()
    refused = client_of(cast.bob).post(to(deal, "my_way"), asked())
    assert refused.status_code == 422
    assert Event.objects.filter(kind=EventKind.EXCEPTION_ALLOWED).count() == 1


def test_an_exception_of_before_there_were_predictions_has_none(cast: Cast, deal: Deal) -> None:
    append_event(
        deal=deal, kind=EventKind.EXCEPTION_ALLOWED, by=cast.bob, at=NOW, name="overstay", note="An old one",
        due_on=(NOW + 9 * DAY).date(),
    )  # fmt: skip
    decide_deal(deal=deal, outcome=Outcome.WON, by=cast.bob, at=NOW + 2 * DAY)
    said = text_of(client_of(cast.bob).get(to(deal, "deal")))
    assert "An old one" in said
    assert "Expected" not in said
    assert "ame true" not in said


def test_viewers_and_strangers_go_no_way_of_their_own(cast: Cast, deal: Deal) -> None:
    assert client_of(cast.vera).post(to(deal, "my_way"), asked()).status_code == 403
    assert client_of(cast.carol).get(to(deal, "my_way")).status_code == 404
    elsewhere = reverse("my_way", kwargs={"w": cast.elsewhere.key, "key": deal.key})
    assert client_of(cast.carol).post(elsewhere, asked()).status_code == 404
