"""The forecast as each role meets it: a call first, then the number; its deals, why it moved, how good it has been."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from headway.forecast.value import Forecast
from headway.store.actions.calls import record_call
from headway.store.models import Analysis, Call, CallVoiding, Deal, ForecastTotal
from headway.store.queries.calls import ALL_DEALS, Scope
from headway.web.forecast.forms import CallForm
from tests.cast import NOW, Cast, client_of
from tests.forecast.sample import AS_OF, empty_forecast, full_fan, huge_forecast, sample_forecast, without_model
from tests.web.forecasts import keep
from tests.web.pages import main_of, text_of, to, undo

pytestmark = pytest.mark.django_db
BOBS = Scope("owner", "Bob Adler")


def bobs(forecast: Forecast) -> Forecast:
    """The sample, its deals of A. Novak being Bob's."""
    deals = tuple(replace(one, owner="Bob Adler") if one.owner == "A. Novak" else one for one in forecast.deals)
    groups = tuple(replace(one, name="Bob Adler") if one.name == "A. Novak" else one for one in forecast.groups)
    return replace(forecast, deals=deals, groups=groups)


@pytest.fixture
def keys(cast: Cast) -> dict[str, str]:
    return keep(cast.workspace, bobs(sample_forecast()), NOW)


def press(cast: Cast, client: Client, commit: str, best_case: str = "", **rest: str) -> HttpResponse:
    given = {"period": "2026-Q2", "commit": commit, "best_case": best_case, **rest}
    return client.post(to(cast, "forecast_call"), given)


def without(cast: Cast, client: Client) -> HttpResponse:
    return client.post(to(cast, "forecast_show"), {"period": "2026-Q2"}, follow=True)


def test_a_leader_calls_first_then_sees_the_number_beside_the_call_and_takes_it_back(
    cast: Cast, keys: dict[str, str]
) -> None:
    alice = client_of(cast.alice)
    asked = text_of(alice.get(to(cast, "forecast")))
    assert "What do you expect for Q2 2026?" in asked
    assert "€412 k so far" in asked  # what is won already is no forecast
    assert "€555 k" not in asked
    made = press(cast, alice, "€ 500k", "0.8m")
    assert made.status_code == 302
    page = alice.get(made["Location"])
    assert "Your call for Q2 2026 is kept: €500 k, best case €800 k." in page.content.decode()
    shown = text_of(page)
    for said in (
        "€555 k 12 open deals bring €449 k to €677 k",
        "€500 k – €800 k",
        "Stage-weighted",
        "Base rate",
        "Booked so far",
    ):
        assert said in shown
    assert "in the past 11 such ranges held 9 times" in shown
    assert main_of(page).count('class="call"') == 2  # commit and best case on the fan
    row = Call.objects.get()
    assert (row.kind, row.commit, row.best_case, row.period) == ("all", Decimal(500_000), Decimal(800_000), "2026-Q2")
    assert (row.by, row.happened_at) == (cast.alice, AS_OF)
    assert "Your call is taken back." in undo(alice, cast, page, to(cast, "forecast")).content.decode()
    assert CallVoiding.objects.filter(call=row).exists()
    assert "What do you expect for Q2 2026?" in text_of(alice.get(to(cast, "forecast")))


def test_a_seller_calls_for_their_own_deals_and_sees_own_numbers_first(cast: Cast, keys: dict[str, str]) -> None:
    bob = client_of(cast.bob)
    asked = bob.get(to(cast, "forecast"))
    assert "Your own deals" in text_of(asked)
    assert "<select" not in main_of(asked)
    shown = text_of(bob.get(press(cast, bob, "120k")["Location"]))
    assert (Call.objects.get().kind, Call.objects.get().name) == ("owner", "Bob Adler")
    assert "All deals Your own deals" in shown
    assert shown.index("3 open deals") < shown.index("The number of all deals")
    everybody = text_of(bob.get(to(cast, "forecast"), {"of": "all"}))
    assert "12 open deals bring" in everybody
    assert "Teams" in everybody


def test_nobody_is_held_up_and_the_choice_is_remembered(cast: Cast, keys: dict[str, str]) -> None:
    bob = client_of(cast.bob)
    assert "Show without a call" in text_of(bob.get(to(cast, "forecast")))
    assert bob.get(to(cast, "forecast_why")).status_code == 302  # the number would be seen there
    assert "open deals" in text_of(without(cast, bob))
    assert not Call.objects.exists()
    assert "What do you expect" not in text_of(bob.get(to(cast, "forecast")))
    assert bob.get(to(cast, "forecast_why")).status_code == 200
    assert "What do you expect for Q3 2026?" in text_of(bob.get(to(cast, "forecast"), {"period": "2026-Q3"}))
    assert "What do you expect" in text_of(client_of(cast.bob).get(to(cast, "forecast")))  # another browser


def test_the_list_of_deals_says_no_total_before_the_call(cast: Cast, keys: dict[str, str]) -> None:
    bob = client_of(cast.bob)
    assert "in 8 of 10 cases" not in text_of(bob.get(to(cast, "forecast_deals")))
    without(cast, bob)
    assert "€449 k to €677 k in 8 of 10 cases" in text_of(bob.get(to(cast, "forecast_deals")))


def test_a_leader_sees_what_sellers_expect_only_after_their_own_call(cast: Cast, keys: dict[str, str]) -> None:
    press(cast, client_of(cast.bob), "120k", "300k")
    alice = client_of(cast.alice)
    assert "€120 k" not in text_of(without(cast, alice))
    assert "once you have made your own call" in text_of(alice.get(to(cast, "forecast")))
    press(cast, alice, "511k")
    shown = text_of(alice.get(to(cast, "forecast")))
    assert re.search(r"Bob Adler Bob Adler €120 k €300 k €\S+ k 31 May", shown)
    bob = client_of(cast.bob)
    for of in ("", "all"):
        assert "€511 k" not in text_of(bob.get(to(cast, "forecast"), {"of": of}))


def test_a_newer_call_stands_for_the_older_one(cast: Cast, keys: dict[str, str]) -> None:
    alice = client_of(cast.alice)
    press(cast, alice, "511k")
    press(cast, alice, "522k", about="all")
    shown = text_of(alice.get(to(cast, "forecast")))
    assert "€522 k" in shown
    assert "€511 k" not in shown
    assert Call.objects.count() == 2


def test_a_call_for_a_team_leads_to_that_teams_number(cast: Cast, keys: dict[str, str]) -> None:
    alice = client_of(cast.alice)
    made = press(cast, alice, "200k", about="team:North")
    assert made["Location"].endswith("?of=team%3ANorth")
    shown = text_of(alice.get(made["Location"]))
    assert "All deals Team North" in shown
    assert "€200 k" in shown
    assert "Q2 2026 brings €327 k, 8 times in 10 between €245 k and €421 k; €229 k of it is booked." in shown
    assert "Segments" not in shown  # those of all deals would not be the team's


@pytest.mark.parametrize(
    ("commit", "best_case", "said"),
    [
        ("soon", "", "Write this in figures, as in 1,200,000, 1.2m or 300k."),
        ("", "500k", "Write what you are sure of, even if it is 0."),
        ("-5", "", "This is below zero"),
        ("500k", "400k", "The best case is below the commit"),
        ("$5m", "", "Amounts are summed in EUR here"),
        ("9" * 40, "", "This is more than can be kept"),
        ("5", "<b>x</b>", "Write this in figures"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(
    cast: Cast, keys: dict[str, str], commit: str, best_case: str, said: str
) -> None:
    refused = press(cast, client_of(cast.alice), commit, best_case, about="team:South")
    assert (refused.status_code, Call.objects.count()) == (422, 0)
    page = main_of(refused)
    assert said in page
    assert "€555 k" not in page
    assert f'value="{commit.replace("<", "&lt;")}"' in page
    assert f'value="{best_case.replace("<", "&lt;").replace(">", "&gt;")}"' in page
    assert re.search(r'<option value="team:South" selected>', page)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1.2m", 1_200_000), ("300k", 300_000), ("1,200,000", 1_200_000), ("1.200.000", 1_200_000), ("0", 0),
        ("€ 45,5 k", 45_500), ("1.234,50", "1234.50"), ("EUR 7", 7), ("7 eur", 7), ("1’200’000", 1_200_000),
        ("1.250m", 1_250_000), ("1,200k", 1_200_000), ("2 bn", 2_000_000_000),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(written: str, amount: int | str) -> None:
    form = CallForm({"commit": written}, currency="EUR")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["commit"] == Decimal(amount)


@given(written=st.text(max_size=70))
def test_whatever_is_typed_is_an_amount_or_a_sentence(written: str) -> None:
    form = CallForm({"commit": written}, currency="EUR")
    if form.is_valid():
        assert 0 <= form.cleaned_data["commit"] < 10**14
    else:
        assert all(len(error) < 90 for error in form.errors["commit"])


def test_viewers_read_and_make_no_calls(cast: Cast, keys: dict[str, str]) -> None:
    vera = client_of(cast.vera)
    shown = vera.get(to(cast, "forecast"))
    assert "€555 k" in text_of(shown)
    assert "<form" not in main_of(shown)
    assert press(cast, vera, "5k").status_code == 403
    assert not Call.objects.exists()
    for name in ("forecast_deals", "forecast_why", "forecast_past"):
        assert vera.get(to(cast, name)).status_code == 200


def test_other_peoples_numbers_by_owner_are_not_a_sellers(cast: Cast, keys: dict[str, str]) -> None:
    bob, alice = client_of(cast.bob), client_of(cast.alice)
    for client in (bob, alice):
        without(cast, client)
    assert bob.get(to(cast, "forecast"), {"of": "owner:B. Okafor"}).status_code == 404
    assert alice.get(to(cast, "forecast"), {"of": "owner:B. Okafor"}).status_code == 200
    made = press(cast, bob, "5m", about="all")  # not offered: it is of his own deals
    assert made.status_code == 302
    assert Call.objects.get().kind == "owner"


def test_a_seller_linked_to_no_owner_is_told_so_and_sees_all(cast: Cast, keys: dict[str, str]) -> None:
    membership = cast.access(cast.bob).membership
    membership.owner = None
    membership.save()
    shown = text_of(client_of(cast.bob).get(to(cast, "forecast")))
    assert "€555 k" in shown
    assert "ask a leader to link you to an owner" in shown


def test_carol_finds_nothing(cast: Cast, keys: dict[str, str]) -> None:
    carol = client_of(cast.carol)
    for name in ("forecast", "forecast_deals", "forecast_why", "forecast_past"):
        assert carol.get(to(cast, name)).status_code == 404
        theirs = carol.get(reverse(name, kwargs={"w": cast.elsewhere.key}))
        assert theirs.status_code == 200
        assert "€" not in text_of(theirs)
    for name in ("forecast_call", "forecast_show"):
        assert carol.post(to(cast, name), {"period": "2026-Q2", "commit": "5"}).status_code == 404


def test_deals_stand_by_expected_amount_each_with_chance_week_and_fact(cast: Cast, keys: dict[str, str]) -> None:
    page = client_of(cast.vera).get(to(cast, "forecast_deals"))
    names = re.findall(r'class="fc-title"><a href="([^"]+)">([^<]+)</a>', main_of(page))
    wanted = sorted(sample_forecast().deals, key=lambda one: -one.expected)
    assert [name for _, name in names][:9] == [one.name for one in wanted][:9]
    assert names[0][0] == to(cast, "deal", key=keys[wanted[0].id])
    shown = text_of(page)
    assert "65 % 53–77 %" in shown
    assert "17 Jun 6 Jun – 8 Jul" in shown
    assert "Silent for 10 days: of 64 past deals silent this long at this stage, 20 were won" in shown
    assert main_of(page).count(">Stalled</b>") == 1


@pytest.mark.parametrize(
    ("asked", "count"), [({"team": "South"}, 4), ({"owner": "Bob Adler"}, 3), ({"stalled": "1"}, 1),
                         ({"segment": "Public", "team": "South"}, 1), ({"team": "Nowhere"}, 0)],
)  # fmt: skip
def test_filters_are_in_the_address(cast: Cast, keys: dict[str, str], asked: dict[str, str], count: int) -> None:
    page = client_of(cast.vera).get(to(cast, "forecast_deals"), asked)
    assert main_of(page).count('class="fc-title"') == count
    for value in asked.values():
        assert value in main_of(page)
    if not count:
        assert "No open deal is like that" in text_of(page)


def test_a_teams_deals_stand_under_the_teams_number(cast: Cast, keys: dict[str, str]) -> None:
    page = client_of(cast.vera).get(to(cast, "forecast_deals"), {"team": "South"})
    south = next(one for one in sample_forecast().groups if one.name == "South")
    assert f"€{south.middle / 1e3:.0f} k" in text_of(page)
    assert "?of=team%3ASouth" in main_of(page)


def test_the_change_adds_up_and_every_piece_leads_to_its_deal(cast: Cast, keys: dict[str, str]) -> None:
    page = client_of(cast.vera).get(to(cast, "forecast_why"))
    moved = sample_forecast().moved
    assert moved is not None
    assert round(moved.after - moved.before, 2) == round(sum(amount for _, amount, _ in moved.causes), 2)
    markup = main_of(page)
    assert markup.count('<details class="moved-cause"') == len(moved.causes)
    for piece in moved.pieces:
        assert to(cast, "deal", key=keys[piece.deal]) in markup
        assert piece.why[1:] in text_of(page)
    assert "more" not in text_of(page)  # so few pieces stand there at once
    assert "−€11.1 k since 24 May 2026: from €571 k to €560 k" in text_of(page)
    starts = [float(one) for one in re.findall(r'class="moved-mark"><svg.*?x1="([\d.]+)%"', markup, re.S)]
    assert len(starts) == len(moved.causes) + 1  # each step, and the first number


def test_the_number_can_be_set_against_an_earlier_day(cast: Cast) -> None:
    usual = sample_forecast()
    assert usual.moved is not None
    longer = replace(usual.moved, from_on=date(2026, 5, 3), before=usual.moved.before - 1000)
    keep(cast.workspace, replace(usual, moved_longer=(longer,)), NOW)
    client = client_of(cast.vera)
    page = client.get(to(cast, "forecast_why"))
    assert "since 24 May 2026" in text_of(page) and "?since=2026-05-03" in main_of(page)
    page = client.get(to(cast, "forecast_why"), {"since": "2026-05-03"})
    assert "since 3 May 2026" in text_of(page)
    assert "since 24 May 2026" in text_of(client.get(to(cast, "forecast_why"), {"since": "yesterday"}))


def test_how_good_it_has_been_is_said_in_plain_figures(cast: Cast, keys: dict[str, str]) -> None:
    shown = text_of(client_of(cast.vera).get(to(cast, "forecast_past")))
    for said in (
        "20 % better than giving every deal the same chance (12 to 27 %, over 11 past weeks)",
        "122 of 187 deals not won were called stalled", "8 % were won after all", "from week 9 of 13",
        "never in 13 weeks", "Stage-weighted", "0.158", "What moves the odds of a win", "118 in 3,782 days",
    ):  # fmt: skip
        assert said in shown.replace("\u00a0", " ")
    assert "Your own calls" not in shown


def test_own_calls_are_held_against_what_came_true_for_oneself_alone(cast: Cast, keys: dict[str, str]) -> None:
    at = AS_OF - timedelta(days=120)
    cast.workspace.shows_at = None
    cast.workspace.save()
    for by, scope, commit in ((cast.bob, BOBS, "90000"), (cast.alice, ALL_DEALS, "777000")):
        record_call(
            workspace=cast.workspace, period="2026-Q1", scope=scope, commit=Decimal(commit), best_case=None, by=by,
            at=at,
        )  # fmt: skip
    cast.workspace.shows_at = AS_OF
    cast.workspace.save()
    won = Deal.objects.filter(owner__name="Bob Adler")[0]
    Deal.objects.filter(pk=won.pk).update(outcome="won", amount=70_000, decided_at=AS_OF - timedelta(days=70))
    bob = text_of(client_of(cast.bob).get(to(cast, "forecast_past")))
    assert "Q1 2026 Bob Adler €90 k – – €70 k" in bob
    assert "Too few to tell: 1 call in 1 period so far" in bob
    assert "€777 k" not in bob
    alice = text_of(client_of(cast.alice).get(to(cast, "forecast_past")))
    assert "Q1 2026 all deals €777 k – – €70 k" in alice
    assert "€90 k" not in alice


def test_a_past_period_shows_what_was_said_of_it_day_by_day(cast: Cast, keys: dict[str, str]) -> None:
    for day in full_fan():
        on = day.on - timedelta(days=90)
        ForecastTotal.objects.create(
            workspace=cast.workspace, period="2026-Q1", kind="all", on=on, recorded_at=NOW, basis="model",
            booked=day.booked, low=day.low or 0, middle=day.middle or 0, high=day.high or 0,
        )  # fmt: skip
    alice = client_of(cast.alice)
    shown = alice.get(to(cast, "forecast"), {"period": "2026-Q1"})
    assert "€2.4 M booked by 30 Mar 2026" in text_of(shown)
    assert "What do you expect" not in text_of(shown)
    assert 'class="chart fan"' in main_of(shown)
    assert press(cast, alice, "5k", period="2026-Q1").status_code == 422  # it is over
    nothing = text_of(alice.get(to(cast, "forecast"), {"period": "2024-Q1"}))
    assert "Nothing was said of Q1 2024" in nothing


def test_the_next_period_takes_a_call_and_says_when_its_number_comes(cast: Cast, keys: dict[str, str]) -> None:
    alice = client_of(cast.alice)
    made = press(cast, alice, "900k", period="2026-Q3")
    assert made["Location"].endswith("?period=2026-Q3")
    shown = text_of(alice.get(made["Location"]))
    assert "From 1 Jul 2026 on the number stands here. You expect €900 k" in shown


@pytest.mark.parametrize("asked", ["2026-Q9", "yesterday", "2026-11", "9999-Q1", "2026-Q2" * 40])
def test_what_is_no_quarter_is_this_one(cast: Cast, keys: dict[str, str], asked: str) -> None:
    assert "Q2 2026, 1 Apr to 30 Jun 2026" in text_of(client_of(cast.vera).get(to(cast, "forecast"), {"period": asked}))


def test_before_the_first_analysis_every_page_says_what_to_do(cast: Cast) -> None:
    alice, vera = client_of(cast.alice), client_of(cast.vera)
    for name in ("forecast", "forecast_deals", "forecast_why", "forecast_past"):
        page = alice.get(to(cast, name))
        assert "No forecast yet" in text_of(page)
        assert "Start the analysis" in main_of(page)
        assert "Ask a leader" in text_of(vera.get(to(cast, name)))


def test_a_stored_text_of_another_version_counts_as_none(cast: Cast, keys: dict[str, str]) -> None:
    text = Analysis.objects.get().text
    text.forecast = '{"version": 0}'
    text.save()
    vera = client_of(cast.vera)
    assert "No forecast yet" in text_of(vera.get(to(cast, "forecast_deals")))
    assert "booked by 31 May 2026" in text_of(vera.get(to(cast, "forecast")))  # what was said last is kept apart


def test_too_few_decided_deals_and_none_at_all_are_said_plainly(cast: Cast) -> None:
    vera = client_of(cast.vera)
    keep(cast.workspace, without_model(), NOW)
    shown = text_of(vera.get(to(cast, "forecast")))
    assert "14 deals have been decided; a model is fitted from 30 on" in shown
    assert "€528 k" in shown
    assert "Not known yet" in text_of(vera.get(to(cast, "forecast_past")))
    assert "Nothing to compare yet" in text_of(vera.get(to(cast, "forecast_why")))
    Deal.objects.all().update(is_live=False)
    keep(cast.workspace, empty_forecast(), NOW + timedelta(days=1))
    shown = text_of(vera.get(to(cast, "forecast")))
    assert "No chance can be told yet" in shown
    assert "3 deals are open" in shown
    assert text_of(vera.get(to(cast, "forecast_deals"))).count("–") >= 3


def test_a_tiny_team_is_told_that_the_sum_is_noise(cast: Cast, keys: dict[str, str]) -> None:
    shown = client_of(cast.vera).get(to(cast, "forecast"), {"of": "team:South"})
    assert "A sum of so few is noise. Go by which deal is likelier than which" in text_of(shown)
    assert "?team=South&amp;stalled=1" in main_of(shown)
    assert "noise." not in text_of(client_of(cast.vera).get(to(cast, "forecast")))


@pytest.mark.parametrize("name", ["forecast", "forecast_deals", "forecast_why", "forecast_past"])
def test_at_most_fifteen_queries_at_any_size(cast: Cast, name: str) -> None:
    keep(cast.workspace, huge_forecast(), NOW)
    alice = client_of(cast.alice)
    press(cast, alice, "500k")
    press(cast, client_of(cast.bob), "5k")
    alice.get(to(cast, "forecast"))  # the sentence of the call is shown once
    with CaptureQueriesContext(connection) as queries:
        page = alice.get(to(cast, name))
    assert page.status_code == 200
    assert len(queries) <= 15, "\n".join(one["sql"] for one in queries)
    assert "<script>alert" not in page.content.decode()
    if name == "forecast_deals":
        assert main_of(page).count('class="fc-title"') == 50
        assert alice.get(to(cast, name), {"page": "40"}).content.decode().count('class="fc-title"') == 50
        assert "There is nothing on this page" in text_of(alice.get(to(cast, name), {"page": "9999"}))


def test_the_place_is_in_the_navigation_and_the_palette(cast: Cast) -> None:
    page = client_of(cast.vera).get(to(cast, "home")).content.decode()
    assert re.search(rf'href="{to(cast, "forecast")}" data-key="g f"[^>]* data-command="Forecast"', page)
