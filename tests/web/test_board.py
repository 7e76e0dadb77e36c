"""The board: cards stand where the buyer is; a claim moves its marker, opens the missing proof, and is undone."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.deals.events import Outcome
from headway.process.starters import get_starter
from headway.process.text import process_text
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, set_amount
from headway.store.actions.evidence import record_evidence
from headway.store.models import Deal, Event, Gate, GatePassing, Person, Process, ProcessVersion
from tests.cast import NOW, Cast, client_of
from tests.web.pages import main_of, text_of, to, undo, words

pytestmark = pytest.mark.django_db
STAGES = [stage.name for stage in get_starter("buyer_terms").stages]
FIRST, SECOND, THIRD, FOURTH, LAST = STAGES
PART = {"HTTP_X_PART": "yes", "HTTP_HX_REQUEST": "true"}


def bob() -> Person:
    return Person.objects.get(email="bob@example.com")


def show(deal: Deal, *milestones: str) -> None:
    """The buyer did these."""
    for milestone in milestones:
        record_evidence(
            deal=deal, milestone=milestone, source="quote", grade=1, by=bob(), at=NOW, happened_at=NOW, quote="Yes"
        )


def says(deal: Deal, stage: str) -> None:
    """The seller claims this."""
    claim_stage(deal=deal, stage=stage, by=bob(), at=NOW)


def column_of(page: str, deal: Deal) -> str:
    """The name of the column that the card stands in."""
    before = page.split(f'id="card-{deal.key}"')[0]
    return unescape(re.findall(r'<h2 id="bname-[^"]+">([^<]+)<', before)[-1])


def card_of(page: str, deal: Deal) -> str:
    """The markup of a card with what is open below it."""
    after = page.split(f'id="card-{deal.key}"', 1)[1]
    return re.split(r'<li class="b(?:card|more)"|</ol>', after)[0]


def see(cast: Cast, *who: Person, **asked: str) -> str:
    """The main part of the board, as Bob sees it or who is named."""
    answer: Any = client_of(*(who or (cast.bob,))).get(to(cast, "board"), asked)
    assert answer.status_code == 200
    return main_of(answer)


def post(person: Person, deal: Deal, given: dict[str, str], query: str = "", **headers: Any) -> Any:
    return client_of(person).post(to(deal, "claim_on_board") + query, given, **headers)


def many(cast: Cast, count: int, **fields: Any) -> None:
    """Open deals as rows, without a history: for what only reads rows."""
    fields = {"version": cast.version, "evidenced_rank": 1, "claimed_rank": 2, "claimed": SECOND, "gap": 1} | fields
    Deal.objects.bulk_create(
        Deal(workspace=cast.workspace, name=f"Deal {number}", currency="EUR", amount=Decimal(1000), attention=number,
             **fields)
        for number in range(count)
    )  # fmt: skip


def gate(cast: Cast, rung: str, stage: str = THIRD) -> Gate:
    return Gate.objects.create(
        workspace=cast.workspace, process=cast.version.process, stage=stage, rung=rung, created_at=NOW
    )


def test_a_card_stands_where_its_buyer_is_and_says_what_is_claimed(cast: Cast, deal: Deal) -> None:
    says(deal, THIRD)
    page = see(cast)
    assert column_of(page, deal) == "Not observed"
    assert f"Claims {THIRD}" in words(card_of(page, deal))
    show(deal, "problem_stated")
    page = see(cast)
    assert column_of(page, deal) == "Nothing shown yet"
    assert "3 ahead" in words(card_of(page, deal))
    show(deal, "problem_confirmed")
    page = see(cast)
    assert column_of(page, deal) == FIRST
    assert "2 ahead" in words(card_of(page, deal))
    show(deal, *(m.id for s in get_starter("buyer_terms").stages[1:4] for m in s.milestones))
    page = see(cast)
    assert column_of(page, deal) == FOURTH
    assert "1 behind" in words(card_of(page, deal))
    says(deal, FOURTH)
    assert "as shown" in words(card_of(see(cast), deal))


def test_each_column_says_how_many_worth_what_and_how_many_claim_it(cast: Cast, deal: Deal) -> None:
    set_amount(deal=deal, amount=Decimal(40_000), by=cast.bob, at=NOW)
    says(deal, SECOND)
    show(deal, "problem_stated", "problem_confirmed")
    many(cast, 3, evidenced_rank=2, claimed_rank=2, gap=0)
    decided = add_deal(workspace=cast.workspace, name="Won long ago", by=cast.bob, at=NOW)
    decide_deal(deal=decided, outcome=Outcome.WON, by=cast.bob, at=NOW)
    page = see(cast)
    heads = {unescape(name): words(rest) for name, rest in re.findall(
        r'<h2 id="bname-[^"]+">([^<]+)</h2>(.*?)</header>', page, re.S)}  # fmt: skip
    assert heads[FIRST] == "1 €40 k 0 claim it"
    assert heads[SECOND] == "3 €3 k 4 claim it, €43 k"
    assert "Not observed" not in heads
    assert "Open 4 €43 k" in words(page)
    assert "Claimed ahead of the buyer 1 €40 k" in words(page)
    assert "Won long ago" not in page


def test_currencies_without_a_rate_stand_beside_the_sum(cast: Cast) -> None:
    many(cast, 2)
    Deal.objects.filter(name="Deal 0").update(currency="SEK")
    assert "2 €1 k + SEK 1 k" in words(see(cast))


def test_a_claim_moves_the_marker_and_opens_the_missing_proof_while_the_card_stays(cast: Cast, deal: Deal) -> None:
    show(deal, "problem_stated", "problem_confirmed", "budget_owner_named")
    answer = post(cast.bob, deal, {"value": THIRD, "was": ""}, **PART)
    assert answer.status_code == 200
    part = answer.content.decode()
    card = card_of(part, deal)
    assert 'data-column="1"' in part
    assert "2 ahead" in words(card)
    assert f"Missing for {THIRD}" in words(card)
    milestones = {m.id: m.buyer for s in get_starter("buyer_terms").stages for m in s.milestones}
    assert milestones["budget_confirmed"] in words(card)
    assert milestones["criteria_written"] in words(card)
    assert milestones["budget_owner_named"] not in words(card)
    assert to(deal, "record_evidence", milestone="budget_confirmed") in card
    assert "Ask next" in words(card) or "Ask " in words(card)
    assert f"{deal.name} claims {THIRD} now, 2 ahead of what its buyer has shown." in words(part)
    assert 'id="bhead-3"' in part  # how many claim it
    assert column_of(see(cast), deal) == FIRST


def test_proof_moves_the_card(cast: Cast, deal: Deal) -> None:
    says(deal, SECOND)
    show(deal, "problem_stated", "problem_confirmed")
    assert column_of(see(cast), deal) == FIRST
    show(deal, "budget_owner_named", "budget_confirmed")
    assert column_of(see(cast), deal) == SECOND


def test_without_javascript_the_menu_is_a_page_and_leads_back_to_the_same_board(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    page: Any = client.get(to(deal, "claim_on_board") + "?standing=unseen")
    assert page.status_code == 200
    assert all(stage in text_of(page) for stage in STAGES)
    action = re.findall(r'<form method="post" action="([^"]+)"', main_of(page))[0]
    answer = client.post(unescape(action), {"value": SECOND, "was": ""})
    assert answer.status_code == 302
    assert answer["Location"] == f"{to(cast, 'board')}?standing=unseen&open={deal.key}#card-{deal.key}"
    shown: Any = client.get(answer["Location"].split("#")[0])
    assert f"Missing for {SECOND}" in words(card_of(main_of(shown), deal))
    undo(client, cast, shown)
    deal.refresh_from_db()
    assert deal.claimed == ""


def test_the_same_claim_again_is_none(cast: Cast, deal: Deal) -> None:
    says(deal, SECOND)
    before = Event.objects.count()
    assert post(cast.bob, deal, {"value": SECOND, "was": SECOND}, **PART).status_code == 200
    assert Event.objects.count() == before


def test_what_is_no_stage_is_told_and_nothing_happens(cast: Cast, deal: Deal) -> None:
    for given, told in (({"value": "Champagne"}, "is no stage of this process"), ({}, "No stage was chosen")):
        answer = post(cast.bob, deal, given, **PART)
        assert answer.status_code == 422
        assert told in words(answer.content.decode())
    decide_deal(deal=deal, outcome=Outcome.LOST, by=cast.bob, at=NOW)
    answer = post(cast.bob, deal, {"value": SECOND})
    assert answer.status_code == 422
    assert "reopen it first" in text_of(answer)


def test_somebody_elses_claim_meanwhile_is_shown_and_can_be_overruled(cast: Cast, deal: Deal) -> None:
    says(deal, SECOND)
    answer = post(cast.alice, deal, {"value": FOURTH, "was": ""}, **PART)
    assert answer.status_code == 409
    card = card_of(answer.content.decode(), deal)
    assert f"Somebody else claimed {SECOND} meanwhile." in words(card)
    form = card.split('class="bpanel-part note')[1].split("</form>")[0]
    given = dict(re.findall(r'name="(value|was|reason)" value="([^"]*)"', form))
    assert post(cast.alice, deal, given, **PART).status_code == 200
    deal.refresh_from_db()
    assert deal.claimed == FOURTH


def test_a_gate_that_warns_lets_the_claim_through_and_says_so(cast: Cast, deal: Deal) -> None:
    gate(cast, "warn")
    answer = post(cast.bob, deal, {"value": THIRD, "was": ""}, **PART)
    assert answer.status_code == 200
    assert f"{THIRD} is claimed ahead of the buyer" in words(card_of(answer.content.decode(), deal))
    plain = post(cast.bob, deal, {"value": FIRST})
    assert plain.status_code == 302
    page = client_of(cast.bob)
    again = page.post(to(deal, "claim_on_board"), {"value": THIRD}, follow=True)
    assert f"{THIRD} is claimed ahead of the buyer" in words(again.content.decode())


@pytest.mark.parametrize("headers", [PART, {}])
def test_a_gate_that_asks_gets_its_reason_in_place_and_nothing_is_lost(
    cast: Cast, deal: Deal, headers: dict[str, str]
) -> None:
    gate(cast, "ask")
    answer = post(cast.bob, deal, {"value": THIRD, "was": ""}, "?team=North", **headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "record it, or say why" in words(page)
    assert '<textarea id="reason-' in page
    form = page.split('class="bpanel"', 1)[1].split("</form>")[0]
    assert "?team=North" in form
    given = dict(re.findall(r'name="(value|was)" value="([^"]*)"', form))
    assert given == {"value": THIRD, "was": ""}
    done = post(cast.bob, deal, {**given, "reason": "They agreed on the phone"}, **headers)
    assert done.status_code in (200, 302)
    deal.refresh_from_db()
    assert deal.claimed == THIRD
    passing = GatePassing.objects.get(event__isnull=False)
    assert (passing.path, passing.ended) == ("board", "reasoned")


def test_a_gate_that_blocks_says_what_is_missing_and_the_claim_stays(cast: Cast, deal: Deal) -> None:
    says(deal, FIRST)
    gate(cast, "block")
    answer = post(cast.bob, deal, {"value": THIRD, "was": FIRST}, **PART)
    card = words(card_of(answer.content.decode(), deal))
    assert answer.status_code == 422
    assert f"{THIRD} opens once something shows" in card
    assert f"It still claims {FIRST}." in card
    deal.refresh_from_db()
    assert deal.claimed == FIRST


def test_filters_stand_in_the_address(cast: Cast, deal: Deal) -> None:
    other = add_deal(workspace=cast.workspace, name="Somebody else's", by=cast.alice, at=NOW, owner="Zoe")
    Deal.objects.filter(pk=other.pk).update(team="North")
    deal.refresh_from_db()
    assert other.name in unescape(see(cast))
    for asked in ({"mine": "1"}, {"owner": str(deal.owner_id)}):
        page = see(cast, **asked)
        assert f"card-{deal.key}" in page
        assert f"card-{other.key}" not in page
    page = see(cast, team="North")
    assert f"card-{other.key}" in page
    assert f"card-{deal.key}" not in page
    assert f"card-{deal.key}" in see(cast, standing="unseen")
    assert "No deal is like that" in words(see(cast, standing="waiting"))
    for nonsense in ({"owner": "x"}, {"standing": "sleeping"}, {"page-1": "-3"}, {"open": "nobody"}, {"column": "%"}):
        assert f"card-{deal.key}" in see(cast, **nonsense)


def test_a_column_shows_twenty_and_more_on_request(cast: Cast) -> None:
    many(cast, 45)
    page = see(cast)
    shown = re.findall(r'class="bcard-name"[^>]*>([^<]+)<', page)
    assert shown == [f"Deal {number}" for number in range(44, 24, -1)]  # most worth an hour first
    assert "Show 20 more of 25" in words(page)
    more = unescape(re.findall(r'hx-get="([^"]+)"', page)[0])
    part = client_of(cast.bob).get(more).content.decode()
    assert re.findall(r'class="bcard-name"[^>]*>([^<]+)<', part) == [f"Deal {number}" for number in range(24, 4, -1)]
    assert "Show the last 5" in words(part)
    assert "<html" not in part
    whole = see(cast, **{"page-1": "3"})
    assert len(re.findall('class="bcard"', whole)) == 45
    assert "more of" not in words(whole)


def test_an_open_card_far_down_is_shown_all_the_same(cast: Cast) -> None:
    many(cast, 45)
    last = Deal.objects.get(name="Deal 0")
    page = see(cast, open=last.key)
    assert "Claim a stage" in words(card_of(page, last))
    assert page.count(f'id="card-{last.key}"') == 1


def test_of_several_processes_one_is_chosen_and_versions_alike_share_a_board(cast: Cast, deal: Deal) -> None:
    text = process_text(get_starter("buyer_terms"))
    process = cast.version.process
    alike = ProcessVersion.objects.create(
        workspace=cast.workspace, process=process, number=2, text=text, changed_at=NOW, published_at=NOW
    )
    many(cast, 1, version=alike)
    assert "Process" not in re.findall(r'aria-label="(\w+)"', see(cast))
    older = ProcessVersion.objects.create(
        workspace=cast.workspace, process=process, number=3, changed_at=NOW, published_at=NOW,
        text=text.replace(f"name: {FIRST}", "name: Pain felt"),
    )  # fmt: skip
    second = Process.objects.create(workspace=cast.workspace, name="Renewals", created_at=NOW)
    ProcessVersion.objects.create(
        workspace=cast.workspace, process=second, number=1, text=text, changed_at=NOW, published_at=NOW
    )
    page = see(cast)
    choices = dict(re.findall(r'<option value="([\w.]+)"[^>]*>([^<]+ \(\d+\))<', page))
    assert choices == {
        process.key: f"{process.name} (0)",
        f"{process.key}.2": f"{process.name}, version 2 (2)",
        second.key: "Renewals (0)",
    }
    assert f"card-{deal.key}" in page  # the fullest is shown
    empty = see(cast, process=second.key)
    assert "No open deals yet" in words(empty)
    Deal.objects.filter(pk=deal.pk).update(version=older)
    assert "Pain felt" in see(cast, process=process.key)
    assert "Pain felt" in see(cast, open=deal.key)  # the board of the deal that is open


def test_deals_that_match_no_process_are_counted(cast: Cast, deal: Deal) -> None:
    many(cast, 2, version=None, evidenced_rank=None, claimed_rank=None, gap=None)
    assert "2 open deals match no process" in words(see(cast))
    Deal.objects.filter(pk=deal.pk).update(version=None)
    answer = post(cast.bob, deal, {"value": SECOND})
    assert answer.status_code == 422
    assert "No process applies" in text_of(answer)


def test_with_nothing_it_says_how_to_begin(cast: Cast) -> None:
    assert "No open deals yet" in words(see(cast))
    page: Any = client_of(cast.carol).get(f"/w/{cast.elsewhere.key}/board/")
    assert "No process yet" in text_of(page)


def test_a_viewer_reads_only(cast: Cast, deal: Deal) -> None:
    page = see(cast, cast.vera, open=deal.key)
    assert 'draggable="true"' not in page
    assert "data-edits" not in page
    assert "Claim a stage" not in words(page)
    assert "Missing for" in words(page)
    assert to(deal, "record_evidence", milestone="problem_stated") not in page
    assert client_of(cast.vera).get(to(deal, "claim_on_board")).status_code == 200
    assert post(cast.vera, deal, {"value": SECOND}).status_code == 403
    deal.refresh_from_db()
    assert deal.claimed == ""


def test_an_outsider_finds_nothing(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.carol)
    for address in (to(cast, "board"), to(cast, "board_cards"), to(deal, "claim_on_board")):
        assert client.get(address).status_code == 404
        assert client.post(address, {"value": SECOND}).status_code == 404
    own = f"/w/{cast.elsewhere.key}/board/"
    assert client.get(f"{own}deals/{deal.key}/").status_code == 404
    assert client.post(f"{own}deals/{deal.key}/", {"value": SECOND}).status_code == 404
    shown = client.get(own, {"open": deal.key, "owner": str(deal.owner_id)})
    assert deal.name not in shown.content.decode()
    assert client.get(f"{own}cards/", {"column": "1"}).content == b""


def test_words_of_people_are_escaped(cast: Cast, deal: Deal) -> None:
    Deal.objects.filter(pk=deal.pk).update(name="<b>x</b>", account='"><i>', claimed="<u>", claimed_rank=None)
    page = see(cast, open=deal.key)
    assert "<b>x</b>" not in page
    assert '"><i>' not in page
    assert "no stage here" in words(page)
    assert "<u>" not in page


def test_at_most_fifteen_queries_however_many_and_whatever_is_asked(cast: Cast, deal: Deal) -> None:
    def counted(**asked: str) -> int:
        client = client_of(cast.bob)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(to(cast, "board"), asked).status_code == 200
        return sum("set_config" not in query["sql"] for query in queries)

    counted()
    few = counted(), counted(open=deal.key)
    for rank in (None, 0, 1, 2, 3):
        many(cast, 60, evidenced_rank=rank, gap=None if rank is None else 2 - rank, team=f"Team {rank}")
    Deal.objects.filter(name="Deal 7").update(currency="USD")
    asked: tuple[dict[str, str], ...] = (
        {},
        {"open": deal.key, "page-1": "3", "page-unseen": "2"},
        {"mine": "1"},
        {"team": "Team 1"},
    )
    counts = [counted(**one) for one in asked]
    assert max(*counts, *few) <= 15, (counts, few)


def test_stages_for_the_browser_are_data_not_code(cast: Cast, deal: Deal) -> None:
    stated = unescape(re.findall(r'data-stages="([^"]*)"', see(cast))[0])
    assert json.loads(stated) == STAGES


def test_what_others_did_is_asked_for_since_the_page(cast: Cast, deal: Deal) -> None:
    page = see(cast)
    url, after = re.findall(r'data-poll="([^"]+)" data-after="([^"]+)"', page)[0]
    client = client_of(cast.alice)
    assert client.get(url, {"after": after}).status_code == 204
    claim_stage(deal=deal, stage=SECOND, by=cast.bob, at=NOW + timedelta(hours=1))
    assert client.get(url, {"after": after}).json()["deals"] == [deal.key]
