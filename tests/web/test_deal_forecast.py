"""Where a deal ends: what its page and its rows say of the newest forecast, and what they keep quiet about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.deals.events import Outcome
from headway.forecast.forecast_json import deal_to_json
from headway.forecast.value import DealForecast, ToCome
from headway.store.actions.deals import add_deal, claim_stage, decide_deal
from headway.store.actions.evidence import record_evidence
from headway.store.models import Analysis, Deal, ForecastTotal
from headway.store.models import DealForecast as DealForecastRow
from headway.store.queries.deal_chances import last_day
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, client_of
from tests.forecast.sample import empty_forecast, sample_forecast, without_model
from tests.web.pages import text_of, to

pytestmark = pytest.mark.django_db
AS_OF = datetime(2026, 5, 31, 23, 59, tzinfo=UTC)
WHOLE = sample_forecast()


def usual() -> DealForecast:
    """One of the model's, neither stalled nor with limits."""
    return next(one for one in WHOLE.deals if one.basis == "model" and not one.stalled and not one.limits)


def coming(cast: Cast, *, milestones: int = 3) -> tuple[ToCome, ...]:
    """What the process of the cast asks for first; the first of it is late."""
    asked = process_of(cast.version).milestones[:milestones]
    return tuple(
        ToCome(m.id, m.buyer, "Problem identified", "Ines Castell", date(2026, 5, 27 + 2 * place), place < 3, m.ask)
        for place, (_, m) in enumerate(asked)
    )


def foretell(deal: Deal, said: DealForecast, *, period: str = "2026-Q2", at: datetime = AS_OF) -> None:
    """As the analysis job stores it."""
    workspace = deal.workspace
    Analysis.objects.create(workspace=workspace, as_of=at, started_at=at, finished_at=at + timedelta(minutes=1))
    ForecastTotal.objects.create(
        workspace=workspace, period=period, kind="all", on=at.date(), recorded_at=at, basis=said.basis, booked=0,
        low=0, middle=1, high=2,
    )  # fmt: skip
    chances = {"by_end": said.by_end, "won": said.won, "lost": said.lost, "no_decision": said.no_decision}
    DealForecastRow.objects.create(
        workspace=workspace, deal=deal, basis=said.basis, expected=said.expected, stalled=said.stalled,
        text=deal_to_json(said), **{name: chance.value if chance else None for name, chance in chances.items()},
    )  # fmt: skip


def panel(cast: Cast, deal: Deal, **asked: Any) -> str:
    """The markup of the panel on the deal's page as Bob sees it; empty where there is none."""
    page = client_of(cast.bob).get(to(deal, "deal"), asked).content.decode()
    found = re.search(r'<section class="card foretold".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def said_in(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", markup, flags=re.DOTALL)))


def test_the_page_says_how_the_deal_ends_what_moves_it_and_what_has_to_come_true(cast: Cast, deal: Deal) -> None:
    said = replace(usual(), to_come=coming(cast))
    assert said.by_end and said.won and said.likely
    foretell(deal, said)
    markup = panel(cast, deal)
    text = said_in(markup)
    assert f"about {100 * said.by_end.value:.0f} are won by 30 Jun" in text
    assert f"{100 * said.by_end.low:.0f} to {100 * said.by_end.high:.0f}" in text
    assert f"Won {100 * said.won.value:.0f} %" in text
    assert f"between {said.likely.low_on.day} {said.likely.low_on:%b}" in text
    for fact in said.facts:
        assert fact.sentence[1:] in text
    first = process_of(cast.version).milestones[0][1]
    assert "late" in text and "was needed by 27 May" in text
    assert first.ask in text
    assert text.count("Ines Castell") == 3
    assert f'href="/w/{cast.workspace.key}/deals/{deal.key}/record/{first.id}/"' in markup
    assert "<svg" in markup


def test_the_picture_has_a_table_beside_it(cast: Cast, deal: Deal) -> None:
    said = usual()
    foretell(deal, said)
    table = panel(cast, deal).split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>([^<]+)<", row) for row in table.split("</tr>")[:-1]]
    assert len(rows) == len(said.weeks) == 13
    last = said.weeks[-1]
    assert rows[-1][0] == f"{last.ends_on.day} {last.ends_on:%b %Y}"
    assert [rows[-1][1], rows[-1][3]] == [f"{100 * last.won.value:.0f} %", f"{100 * last.lost:.0f} %"]


def test_the_first_open_question_is_ready_to_be_copied_and_sent(cast: Cast, deal: Deal) -> None:
    foretell(deal, replace(usual(), to_come=coming(cast)))
    markup = panel(cast, deal)
    assert f'data-copy="#mail-{deal.key}"' in markup and 'href="mailto:' in markup
    assert markup.count("come-ask") == 1


def test_when_the_period_is_over_the_weeks_ahead_are_told(cast: Cast, deal: Deal) -> None:
    said = replace(usual(), by_end=None)
    assert said.won
    foretell(deal, said)
    assert f"about {100 * said.won.value:.0f} are won by {said.weeks[-1].ends_on.day} Aug" in said_in(panel(cast, deal))
    assert "won by" not in text_of(client_of(cast.bob).get(to(cast, "my_deals")))


def test_what_was_shown_since_is_done_and_the_next_question_is_asked(cast: Cast, deal: Deal) -> None:
    foretell(deal, replace(usual(), to_come=coming(cast)))
    first, second = (m for _, m in process_of(cast.version).milestones[:2])
    assert "What was recorded on this deal since" not in said_in(panel(cast, deal))
    now = AS_OF + timedelta(hours=9)
    record_evidence(
        deal=deal, milestone=first.id, source="quote", grade=1, by=cast.bob, at=now, happened_at=now, quote="It hurts."
    )
    text = said_in(panel(cast, deal))
    assert "as of the last analysis, 31 May 2026, 23:59" in text
    assert "What was recorded on this deal since is not in it yet." in text
    assert "shown since" in text
    assert first.ask not in text and second.ask in text


def test_a_stalled_deal_says_so_in_words_here_and_on_my_deals(cast: Cast, deal: Deal) -> None:
    said = next(one for one in WHOLE.deals if one.stalled)
    assert said.by_end
    foretell(deal, said)
    assert "Stalled: likelier to end in no decision" in said_in(panel(cast, deal))
    mine = text_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert f"stalled , won by 30 Jun: {100 * said.by_end.value:.0f} %" in mine
    assert "stalled" in text_of(client_of(cast.bob).get(to(cast, "deals")))


def test_a_base_rate_says_that_it_is_one_and_why(cast: Cast, deal: Deal) -> None:
    said = without_model().deals[0]
    foretell(deal, said)
    text = said_in(panel(cast, deal))
    assert "from the base rate" in text and "Of 100 open deals" in text
    assert "The model needs 30 decided deals" in text
    assert "What moves it most" not in text
    assert "base rate" in text_of(client_of(cast.bob).get(to(cast, "my_deals")))


def test_without_any_decided_deal_no_chance_is_made_up(cast: Cast, deal: Deal) -> None:
    foretell(deal, empty_forecast().deals[0])
    text = said_in(panel(cast, deal))
    assert "nothing is known of how deals end" in text
    assert "%" not in text
    assert "won by" not in text_of(client_of(cast.bob).get(to(cast, "my_deals")))


@pytest.mark.parametrize("words", ["close date lies in the past", "no amount"])
def test_what_was_odd_about_the_deal_is_said(cast: Cast, deal: Deal, words: str) -> None:
    foretell(deal, next(one for one in WHOLE.deals if words in " ".join(one.limits)))
    assert words.lower() in said_in(panel(cast, deal)).lower()


def test_a_deal_of_which_nothing_was_forecast_shows_no_panel(cast: Cast, deal: Deal) -> None:
    assert panel(cast, deal) == ""
    assert "said with the next analysis" in text_of(client_of(cast.bob).get(to(deal, "deal")))
    foretell(deal, usual())
    assert panel(cast, deal, on="2026-05-30") == ""  # of a past day the forecast of today says nothing
    DealForecastRow.objects.update(text='{"of": "another version"}')
    assert panel(cast, deal) == ""


def test_a_decided_deal_is_forecast_no_more(cast: Cast, deal: Deal) -> None:
    foretell(deal, usual())
    decide_deal(deal=deal, outcome=Outcome.WON, by=cast.bob, at=NOW)
    assert panel(cast, deal) == ""
    assert "won by" not in text_of(client_of(cast.bob).get(to(cast, "deals"), {"outcome": "won"}))


def test_words_of_buyers_stay_words(cast: Cast, deal: Deal) -> None:
    evil = '<script>alert("1")</script>'
    come = ToCome('x"/><b>', evil, "Stage", evil, date(2026, 6, 1), False, evil)
    foretell(deal, replace(usual(), to_come=(come,), limits=(evil,)))
    markup = panel(cast, deal)
    assert "<script" not in markup and "<b>" not in said_in(markup)
    assert "&lt;script&gt;" in markup


def test_lists_say_the_chance_and_the_day_without_a_query_of_their_own(cast: Cast) -> None:
    client = client_of(cast.bob)
    deals = [
        add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW, owner="Bob Adler") for n in (1, 2)
    ]

    def counted(name: str) -> tuple[int, str]:
        client.get(to(cast, name))
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(to(cast, name))
        return len(asked), text_of(answer)

    without = {name: counted(name)[0] for name in ("my_deals", "deals")}
    said = usual()
    assert said.by_end
    for deal in deals:
        foretell(deal, said)
    for name in ("my_deals", "deals"):
        queries, text = counted(name)
        assert queries == without[name] <= 15
        assert text.count(f"won by 30 Jun: {100 * said.by_end.value:.0f} %") == 2
    found = text_of(client.get(to(cast, "deals"), {"q": "deal"}))
    assert f"won by 30 Jun: {100 * said.by_end.value:.0f} %" in found


def test_the_page_asks_at_most_fifteen_queries(cast: Cast, deal: Deal) -> None:
    claim_stage(deal=deal, stage=process_of(cast.version).stages[1].name, by=cast.bob, at=NOW)
    foretell(deal, replace(usual(), to_come=coming(cast)))
    client = client_of(cast.bob)
    client.get(to(deal, "deal"))
    with CaptureQueriesContext(connection) as asked:
        assert "Where this ends" in text_of(client.get(to(deal, "deal")))
    assert len([query for query in asked.captured_queries if "set_config" not in query["sql"]]) <= 15


def test_a_viewer_reads_the_panel_and_is_offered_nothing_to_record(cast: Cast, deal: Deal) -> None:
    foretell(deal, replace(usual(), to_come=coming(cast)))
    page = client_of(cast.vera).get(to(deal, "deal")).content.decode()
    assert "Where this ends" in page and "Record it" not in page
    assert client_of(cast.carol).get(to(deal, "deal")).status_code == 404


@pytest.mark.parametrize(
    ("period", "ends"),
    [
        ("2026-Q4", date(2026, 12, 31)),
        ("2027-Q2", date(2027, 6, 30)),
        ("2026-11", date(2026, 11, 30)),
        ("lately", None),
        ("", None),
    ],
)
def test_a_period_is_said_by_its_last_day(cast: Cast, deal: Deal, period: str, ends: date | None) -> None:
    assert last_day(period) == ends
    foretell(deal, usual(), period=period)
    by = f"won by {ends.day} {ends:%b}" if ends else "won by the end of the period"
    assert by in text_of(client_of(cast.bob).get(to(cast, "my_deals")))
