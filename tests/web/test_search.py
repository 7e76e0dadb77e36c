"""Search: by the beginnings of words, open deals first, in few queries, and never into another workspace."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from headway.deals.events import Outcome
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.events import take_back
from headway.store.actions.search import index_deal, words_of
from headway.store.models import Deal, Event
from headway.store.queries.changes import Seen, find_changes, last_seen, seen_from
from headway.store.queries.search import Narrowing, find_deals, search_deals
from tests.cast import NOW, Cast, client_of, make_cast

pytestmark = pytest.mark.django_db
WORDS = ("a", "ab", "abc", "b", "ba", "c", "éa", "ß")
TYPED = ("a", "ab", "b", "c", "e", "s", "ss", "abcd", "\U0010ffff", "%", "'")


def names(cast: Cast, text: str, **narrowing: object) -> list[str]:
    """What Bob finds."""
    found = find_deals(cast.access(cast.bob), text, Narrowing(**narrowing))  # type: ignore[arg-type]
    return [deal.name for deal in found.deals]


def some_deals(cast: Cast) -> dict[str, Deal]:
    """Three open deals and a decided one."""
    made = {}
    for name, account, owner in (
        ("Renewal 2026", "Zoë Åkerblom AB", "Bob Adler"),
        ("Renewals of the fleet", "Northwind", "Alice Adler"),
        ("Fleet renewal", "Zoetrope Ltd", "Bob Adler"),
        ("Old renewal", "Northwind", "Bob Adler"),
    ):
        made[name] = add_deal(workspace=cast.workspace, name=name, account=account, owner=owner, by=cast.bob, at=NOW)
        index_deal(deal=made[name])
    decide_deal(deal=made["Old renewal"], outcome=Outcome.LOST, by=cast.bob, at=NOW)
    return made


def test_every_word_typed_begins_a_word_of_the_deal() -> None:
    cast = make_cast()
    some_deals(cast)
    assert set(names(cast, "ren nor")) == {"Renewals of the fleet", "Old renewal"}
    assert names(cast, "akerb ZOE") == ["Renewal 2026"]
    assert names(cast, "newal") == []
    assert names(cast, "  ·–  ") == []
    assert names(cast, "%") == names(cast, "_en") == []


def test_open_deals_come_first_and_whole_words_before_beginnings() -> None:
    cast = make_cast()
    some_deals(cast)
    found = names(cast, "renewal")
    assert set(found[:2]) == {"Renewal 2026", "Fleet renewal"}
    assert found[2:] == ["Renewals of the fleet", "Old renewal"]


def test_a_search_is_narrowed_by_state_standing_and_owner() -> None:
    cast = make_cast()
    some_deals(cast)
    assert names(cast, "renewal", state="decided") == ["Old renewal"]
    assert len(names(cast, "renewal", state="open")) == 3
    assert len(names(cast, "renewal", standing="unseen")) == 3
    assert set(names(cast, "renewal", mine=True)) == {"Renewal 2026", "Fleet renewal", "Old renewal"}
    access = cast.access(cast.alice)
    assert find_deals(access, "renewal", Narrowing(mine=True)).total == 0  # Alice owns nothing in the CRM


def test_an_undone_deal_is_not_found() -> None:
    cast = make_cast()
    some_deals(cast)
    Deal.objects.filter(name="Renewal 2026").update(is_live=False)
    assert "Renewal 2026" not in names(cast, "renewal")


@pytest.mark.parametrize("text", ["r", "renewal", "ren nor", "ren nor flee zo old b", "zzz"])
def test_a_search_takes_three_queries_at_most(text: str) -> None:
    cast = make_cast()
    some_deals(cast)
    access = cast.access(cast.bob)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        search_deals(access, text)
    assert len(queries) <= 3


def test_more_matches_than_are_looked_through_are_said_to_be_more() -> None:
    cast = make_cast()
    some_deals(cast)
    found = find_deals(cast.access(cast.bob), "ren", reach=2)
    assert not found.complete
    assert found.deals
    assert find_deals(cast.access(cast.bob), "ren nor", reach=3).complete  # the rarer word decides


def test_the_database_reads_the_words_by_their_index() -> None:
    cast = make_cast()
    some_deals(cast)
    access = cast.access(cast.bob)
    with CaptureQueriesContext(connection) as queries:
        find_deals(access, "ren nor")
    for query in queries.captured_queries[:2]:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {query['sql']}")
            else:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(str(part) for row in cursor.fetchall() for part in row)
        assert "search_by_word" in plan
        assert "SCAN store_searchword" not in plan.replace("USING COVERING INDEX", "")


class AnySearch(TestCase):
    """The index of words against a plain reading of the definition."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        deals=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), max_size=12),
        typed=st.lists(st.sampled_from(TYPED), max_size=3),
    )
    def test_agrees_with_its_definition(self, deals: list[list[str]], typed: list[str]) -> None:
        cast = make_cast()
        for number, words in enumerate(deals):
            deal = Deal.objects.create(workspace=cast.workspace, name=" ".join(words), source_id=f"x{number}")
            index_deal(deal=deal)
        wanted = words_of(*typed)
        expected = {
            deal.pk
            for deal in Deal.objects.filter(workspace=cast.workspace)
            if wanted
            and all(any(have.startswith(want) for have in words_of(deal.name, deal.source_id or "")) for want in wanted)
        }
        found = find_deals(cast.access(cast.bob), " ".join(typed))
        assert {deal.pk for deal in found.deals} == expected
        assert found.total == len(expected)


def test_the_page_shows_what_its_address_says() -> None:
    cast = make_cast()
    made = some_deals(cast)
    page = client_of(cast.bob).get(f"/w/{cast.workspace.key}/search/?q=renewal&state=open&mine=yes")
    assert page.status_code == 200
    text = page.content.decode()
    assert made["Fleet renewal"].key in text
    assert "Renewals of the fleet" not in text
    assert "1–2 of 2" in text


def test_pages_of_fifty() -> None:
    cast = make_cast()
    for number in range(53):
        deal = Deal.objects.create(workspace=cast.workspace, name=f"Fleet {number}", amount=Decimal(number))
        index_deal(deal=deal)
    client = client_of(cast.vera)
    first = client.get(f"/w/{cast.workspace.key}/search/?q=fleet").content.decode()
    assert "1–50 of 53" in first
    assert "page=2" in first
    assert "51–53 of 53" in client.get(f"/w/{cast.workspace.key}/search/?q=fleet&page=2").content.decode()
    assert "1–50 of 53" in client.get(f"/w/{cast.workspace.key}/search/?q=fleet&page=99").content.decode()


@pytest.mark.parametrize(
    "query", ["?q=", "?q=%00", "?q=zzz&page=-1", "?q=a&state=x&standing=y&page=ten", "?q=" + "a" * 3000]
)
def test_odd_addresses_are_answered(query: str) -> None:
    cast = make_cast()
    some_deals(cast)
    client = client_of(cast.vera)
    assert client.get(f"/w/{cast.workspace.key}/search/{query}").status_code == 200
    assert client.get(f"/w/{cast.workspace.key}/search/palette/{query}").status_code == 200


def test_the_palette_gets_eight_at_most_with_what_tells_them_apart() -> None:
    cast = make_cast()
    for number in range(9):
        deal = add_deal(workspace=cast.workspace, name=f"Fleet {number}", account="Northwind", by=cast.bob, at=NOW)
        index_deal(deal=deal)
    answer = client_of(cast.bob).get(f"/w/{cast.workspace.key}/search/palette/?q=flee").json()
    assert len(answer["deals"]) == 8
    assert answer["deals"][0]["sub"].startswith("Northwind")
    assert answer["deals"][0]["url"].startswith(f"/w/{cast.workspace.key}/deals/")


def test_an_outsider_finds_and_learns_nothing() -> None:
    cast = make_cast()
    made = some_deals(cast)
    carol = client_of(cast.carol)
    for path in ("search/?q=renewal", "search/palette/?q=renewal", "changes/?after=0"):
        assert carol.get(f"/w/{cast.workspace.key}/{path}").status_code == 404
        own = carol.get(f"/w/{cast.elsewhere.key}/{path}").content.decode()
        assert not any(deal.key in own or deal.name in own for deal in made.values())
        assert Client().get(f"/w/{cast.workspace.key}/{path}").status_code == 302


def test_nothing_new_is_no_answer_and_news_name_their_deals() -> None:
    cast = make_cast()
    made = some_deals(cast)
    access = cast.access(cast.bob)
    seen = last_seen(access)
    client, url = client_of(cast.vera), f"/w/{cast.workspace.key}/changes/"
    assert client.get(url, {"after": str(seen)}).status_code == 204
    deal = made["Fleet renewal"]
    decide_deal(deal=deal, outcome=Outcome.WON, by=cast.bob, at=NOW + timedelta(minutes=1))
    news = client.get(url, {"after": str(seen)}).json()
    assert news["deals"] == [deal.key]
    assert client.get(url, {"after": news["last"]}).status_code == 204
    assert client.get(url, {"after": str(seen), "deal": made["Old renewal"].key}).status_code == 204
    assert client.get(url, {"after": str(seen), "deal": deal.key}).json()["deals"] == [deal.key]


def test_an_undo_is_news_too() -> None:
    cast = make_cast()
    made = some_deals(cast)
    access = cast.access(cast.bob)
    seen = last_seen(access)
    event = Event.objects.filter(deal=made["Old renewal"]).latest("pk")
    take_back(event=event, by=cast.bob, at=NOW + timedelta(minutes=1))
    news = find_changes(access, seen)
    assert news is not None
    assert news.deals == (made["Old renewal"].key,)
    assert find_changes(access, news.last) is None
    since_event = find_changes(access, Seen(seen.event, None))  # a page that knows the event alone
    assert since_event is not None
    assert find_changes(access, since_event.last) is None


@pytest.mark.parametrize("text", ["", "x", "-1", "1.2.3", "9" * 40, "1e3"])
def test_what_is_no_place_in_history_has_seen_nothing(text: str) -> None:
    assert seen_from(text) == Seen(0, 0)


def test_changes_take_three_queries_at_most() -> None:
    cast = make_cast()
    some_deals(cast)
    access = cast.access(cast.bob)
    with CaptureQueriesContext(connection) as queries:
        find_changes(access, Seen())
    assert len(queries) <= 3
