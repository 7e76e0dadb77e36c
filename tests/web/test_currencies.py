"""The page of currencies: what is in no sum, a rate stated, withdrawn, undone; Carol meets nothing."""

from __future__ import annotations

import pytest

from headway.store.models import Analysis, CurrencyRate
from tests.cast import NOW, Cast, client_of
from tests.web.pages import text_of, to, undo

pytestmark = pytest.mark.django_db
STATED = {"currency": "USD", "rate": "0,92", "valid_on": "2026-01-01", "source": "Central bank"}


def analysed(cast: Cast) -> None:
    summary = {"currency": "EUR", "currencies": [["USD", 7, None]]}
    Analysis.objects.create(
        workspace=cast.workspace, as_of=NOW, started_at=NOW, finished_at=NOW, summary=summary, short=""
    )


def test_a_currency_without_a_rate_is_told_and_stating_one_mends_it(cast: Cast) -> None:
    analysed(cast)
    client, page = client_of(cast.alice), to(cast, "currencies")
    assert "7 deals in USD: in no sum" in text_of(client.get(page))
    answer = client.post(page, STATED, follow=True)
    assert "One USD counts as 0.92 EUR from the next analysis on." in answer.content.decode()
    shown = text_of(answer)
    assert "in no sum" not in shown
    assert "0.92 EUR" in shown
    assert "Central bank" in shown
    undone = undo(client, cast, answer, page)
    assert "No rate of USD is stated again." in undone.content.decode()
    assert "7 deals in USD: in no sum" in text_of(client.get(page))


def test_a_rate_is_withdrawn_and_the_withdrawal_undone(cast: Cast) -> None:
    client, page = client_of(cast.olga), to(cast, "currencies")
    client.post(page, STATED)
    answer = client.post(to(cast, "withdraw_rate"), {"code": "USD"}, follow=True)
    assert "Amounts in USD are in no sum" in answer.content.decode()
    assert "One USD counts as 0.92 again." in undo(client, cast, answer, page).content.decode()
    assert [row.rate.normalize() for row in CurrencyRate.objects.order_by("pk")][0::2] == [
        CurrencyRate.objects.order_by("pk")[0].rate.normalize()
    ] * 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("rate", "", "Write what one of it is worth"),
        ("rate", "a lot", "Write a number, as in 0.92."),
        ("rate", "-1", "must be above zero"),
        ("valid_on", "soon", "Write the day as in"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(cast: Cast, field: str, value: str, said: str) -> None:
    answer = client_of(cast.alice).post(to(cast, "currencies"), {**STATED, field: value})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'value="{value}"' in answer.content.decode()
    assert "Central bank" in answer.content.decode()
    assert not CurrencyRate.objects.exists()


def test_only_who_runs_the_workspace_states_rates_and_carol_meets_nothing(cast: Cast) -> None:
    for person, status in ((cast.bob, 403), (cast.vera, 403), (cast.carol, 404)):
        client = client_of(person)
        assert client.get(to(cast, "currencies")).status_code == status
        assert client.post(to(cast, "currencies"), STATED).status_code == status
        assert client.post(to(cast, "withdraw_rate"), {"code": "USD"}).status_code == status
    assert not CurrencyRate.objects.exists()


def test_without_anything_to_convert_the_page_says_so(cast: Cast) -> None:
    assert "A rate is only needed once one is not." in text_of(client_of(cast.alice).get(to(cast, "currencies")))
