"""The team's pages: each figure opens its deals, and what a leader sees of a person is what that person sees."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from headway.demo.company import simulate
from headway.jobs.analysis import analyse
from headway.jobs.importing import load_files
from headway.store.actions.deals import add_deal, claim_stage
from headway.store.models import Analysis, Deal, Entry, Membership, Owner, ProcessVersion, TeamFigure
from tests.cast import Cast, client_of, make_cast
from tests.web.pages import main_of, text_of, to

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGES = ("team", "team_practice", "team_people")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.web.middleware.timezone.now", lambda: NOW)


@pytest.fixture
def cast() -> Cast:
    return make_cast(NOW - timedelta(days=400))


@pytest.fixture
def filled(cast: Cast, tmp_path: Path) -> Cast:
    """A small simulated firm, analysed; Bob is one of its sellers."""
    text = (files("headway.demo") / "process.yaml").read_text()
    ProcessVersion.objects.filter(pk=cast.version.pk).update(text=text)
    exports = simulate(7, date(2026, 3, 1), sellers=3, months=9).write(tmp_path)
    load_files(cast.workspace, [one for one in exports if one.suffix == ".csv"], cast.alice, NOW)
    assert analyse(cast.workspace, at=NOW)
    owner = Owner.objects.filter(workspace=cast.workspace, deal__outcome="").order_by("name").first()
    Membership.objects.filter(workspace=cast.workspace, person=cast.bob).update(owner=owner)
    return cast


@pytest.fixture
def few(cast: Cast) -> Cast:
    """Three open deals of Bob's and one of somebody who is not here, analysed."""
    for n, owner in enumerate(("Bob Adler", "Bob Adler", "Bob Adler", "Zoe Away")):
        deal = add_deal(
            workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW - timedelta(days=9), owner=owner
        )
        claim_stage(deal=deal, stage="Problem", by=cast.bob, at=NOW - timedelta(days=8))
    assert analyse(cast.workspace, at=NOW)
    return cast


def figures_of(answer: Any) -> list[str]:
    """Every figure of a page with what it rests on."""
    found = re.findall(r"data-figure>(.*?)</(?:b|small|td)>", main_of(answer), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


def links_of(answer: Any) -> list[str]:
    """Where the figures of a page lead, each once."""
    return list(dict.fromkeys(re.findall(r'href="([^"]*/team/figures/[^"]+)"', main_of(answer))))


def owner_of(cast: Cast) -> Owner:
    owner = Membership.objects.get(workspace=cast.workspace, person=cast.bob, ended_at=None).owner
    assert owner is not None
    return owner


# --- an empty workspace ---


@pytest.mark.parametrize("name", PAGES[:2])
def test_before_there_are_deals_it_says_how_to_begin(cast: Cast, name: str) -> None:
    leader, seller = (text_of(client_of(who).get(to(cast, name))) for who in (cast.alice, cast.bob))
    assert "No deals yet" in leader
    assert "Import" in leader
    assert "Import" not in seller


def test_with_deals_and_no_analysis_it_can_be_asked_for(cast: Cast) -> None:
    add_deal(workspace=cast.workspace, name="One", by=cast.bob, at=NOW, owner="Bob Adler")
    assert "Analyse now" in text_of(client_of(cast.bob).get(to(cast, "team")))
    viewer = text_of(client_of(cast.vera).get(to(cast, "team")))
    assert "Nothing is worked out yet" in viewer
    assert "Analyse now" not in viewer


# --- figures and the deals behind them ---


def test_the_matrix_counts_every_open_deal_by_claimed_and_evidenced_stage(filled: Cast) -> None:
    told = TeamFigure.objects.get(analysis=Analysis.objects.latest("pk"), name="pipeline").value
    stored = Counter(
        Deal.objects.filter(workspace=filled.workspace, is_live=True, outcome="", version__isnull=False).values_list(
            "claimed_rank", "evidenced_rank"
        )
    )
    cells = {(c["claimed"], c["evidenced"]): c["deals"] for m in told["matrices"] for c in m["cells"]}
    assert cells == {(claimed or 0, evidenced): n for (claimed, evidenced), n in stored.items()}
    claims = told["claims"]
    assert claims["ahead"] + claims["agree"] + claims["behind"] == claims["observed"] <= claims["open"]


def test_every_figure_opens_the_deals_behind_it_and_they_are_as_many_as_it_says(filled: Cast) -> None:
    client = client_of(filled.vera)
    kept = {row.name: row.value for row in TeamFigure.objects.filter(name__startswith="behind:")}
    seen = 0
    for name in PAGES[:2]:
        links = links_of(client.get(to(filled, name)))
        assert len(links) > 15
        for link in links:
            answer = client.get(link)
            assert answer.status_code == 200, link
            part = kept[f"behind:{link.split('/figures/')[1].rstrip('/')}"]["parts"][0]
            assert main_of(answer).count('<li class="row">') == min(part["n"], 50), link
            seen += part["n"]
    assert seen > 100


def test_a_cell_of_the_matrix_lists_exactly_its_deals(filled: Cast) -> None:
    client = client_of(filled.alice)
    cells = re.findall(
        r'<td class="cell [^"]*"><a href="([^"]+)"><b>(\d+)</b>', main_of(client.get(to(filled, "team")))
    )
    assert cells
    for link, n in cells:
        listed = re.findall(r'class="row-title" href="[^"]*/deals/(\w+)/"', main_of(client.get(link)))
        assert len(set(listed)) == int(n)
        assert Deal.objects.filter(key__in=listed, outcome="").count() == int(n)


def test_estimates_say_their_interval_and_n_and_what_cannot_be_told_says_how_much_is_missing(filled: Cast) -> None:
    page = text_of(client_of(filled.alice).get(to(filled, "team_practice")))
    assert re.search(r"of what fell due was kept \(\d+\D+\d+\s%, n [\d,]+\)", page)
    teams = TeamFigure.objects.get(analysis=Analysis.objects.latest("pk"), name="practice").value["teams"]
    for team in teams:  # a figure of a team of two would be one about a person
        assert Deal.objects.filter(team=team["label"]).values("owner").distinct().count() >= 3
    pipeline = text_of(client_of(filled.alice).get(to(filled, "team")))
    assert re.search(r"Unknown .{0,60}about \d+ more decided deals needed", pipeline)


def test_parts_and_pages_of_a_list(few: Cast) -> None:
    analysis = Analysis.objects.latest("pk")
    deals = [
        add_deal(workspace=few.workspace, name=f"More {n}", by=few.bob, at=NOW, owner="Bob Adler").key
        for n in range(60)
    ]
    parts = [
        {"words": "Left out", "n": 400, "deals": deals, "chosen": "newest"},
        {"words": "Kept", "n": 1, "deals": deals[:1], "chosen": "newest"},
    ]
    TeamFigure.objects.create(
        workspace=few.workspace, analysis=analysis, name="behind:item:9", value={"title": "A step", "parts": parts}
    )
    client, where = client_of(few.bob), to(few, "team_figure", figure="item:9")
    first, second = client.get(where), client.get(where, {"page": "2"})
    assert "The 60 newest of 400 deals" in text_of(first)
    assert (main_of(first).count('<li class="row">'), main_of(second).count('<li class="row">')) == (50, 10)
    assert main_of(client.get(where, {"part": "1"})).count('<li class="row">') == 1
    assert client.get(where, {"part": "7", "page": "-1"}).status_code == 200
    assert "nothing on this page" in text_of(client.get(where, {"page": "99"}))
    Deal.objects.filter(key=deals[0]).update(is_live=False)
    assert "1 deal of this page is no more" in text_of(client.get(where))


@pytest.mark.parametrize("figure", ["item:99", "nothing", "x" * 300, "owner:1"])
def test_a_figure_that_there_is_not_is_not_found(few: Cast, figure: str) -> None:
    assert client_of(few.alice).get(to(few, "team_figure", figure=figure)).status_code == 404


# --- people ---


def test_a_leader_sees_of_a_person_exactly_what_that_person_sees(filled: Cast) -> None:
    where = to(filled, "team_person", key=filled.bob.key)
    own, leader = client_of(filled.bob).get(where), client_of(filled.alice).get(where)
    assert own.status_code == leader.status_code == 200
    assert len(figures_of(own)) > 20
    assert figures_of(own) == figures_of(leader)
    for show in re.findall(r'href="[^"]*\?show=([^"#]+)', main_of(own)):
        pages = [client_of(who).get(where, {"show": show}) for who in (filled.bob, filled.olga)]
        listed = [re.findall(r'/deals/(\w+)/"', main_of(page)) for page in pages]
        assert listed[0] == listed[1] != []
        assert figures_of(pages[0]) == figures_of(pages[1])
        owners = set(Deal.objects.filter(key__in=listed[0]).values_list("owner_id", flat=True))
        assert owners == {owner_of(filled).pk}


def test_figures_are_those_of_an_analysis_that_the_person_could_open_already(filled: Cast) -> None:
    """No figure of a person is worked out while a leader looks: what a deal becomes later is on neither page."""
    where = to(filled, "team_person", key=filled.bob.key)
    before = figures_of(client_of(filled.bob).get(where))
    Deal.objects.filter(owner=owner_of(filled)).update(gap=9, standing="quiet", last_buyer_act_at=None)
    assert figures_of(client_of(filled.alice).get(where)) == before


def test_who_looked_is_recorded_and_the_person_sees_it(few: Cast) -> None:
    where = to(few, "team_person", key=few.bob.key)
    bob = client_of(few.bob)
    assert "Nobody yet" in text_of(bob.get(where))
    assert not Entry.objects.filter(verb="saw", target=f"person {few.bob.key}").exists()
    client_of(few.alice).get(where)
    client_of(few.alice).get(where)
    assert Entry.objects.filter(verb="saw", target=f"person {few.bob.key}", by=few.alice).count() == 1
    assert "Alice Adler looked on 2 Mar 2026, 09:00" in text_of(bob.get(where))


def test_of_an_owner_without_an_account_it_says_to_invite_them_and_looks_wait_for_them(few: Cast) -> None:
    zoe = Owner.objects.get(name="Zoe Away")
    where = to(few, "team_owner", key=zoe.pk)
    page = client_of(few.alice).get(where)
    assert "Zoe Away is not here yet. Invite them" in text_of(page)
    assert "of 0 open deals" in text_of(page)
    assert client_of(few.bob).get(where).status_code == 403
    Membership.objects.filter(workspace=few.workspace, person=few.vera).update(owner=zoe)
    own = to(few, "team_person", key=few.vera.key)
    assert client_of(few.alice).get(where)["Location"] == own
    assert "Alice Adler looked" in text_of(client_of(few.vera).get(own))
    assert figures_of(client_of(few.vera).get(own))[:8] == figures_of(page)[:8]


def test_people_stand_by_name_and_no_figure_stands_beside_them(few: Cast) -> None:
    page = client_of(few.alice).get(to(few, "team_people"))
    names = re.findall(r'class="row-title"[^>]*>([^<]+)<', main_of(page))
    assert names == ["Bob Adler", "Zoe Away"]
    assert not re.search(r"\d", text_of(page).split("Whoever owns deals")[1].split("Page 1")[0])
    seller = text_of(client_of(few.bob).get(to(few, "team_people")))
    assert "Your page" in seller
    assert "Zoe Away" not in seller


def test_somebody_without_deals_reads_that_nothing_is_linked(few: Cast) -> None:
    own = text_of(client_of(few.vera).get(to(few, "team_person", key=few.vera.key)))
    assert "No deals are linked to you" in own


def test_promises_stand_on_the_page_with_their_share(few: Cast) -> None:
    assert "Promises None due" in text_of(client_of(few.bob).get(to(few, "team_person", key=few.bob.key)))


# --- roles and walls ---


def test_everybody_sees_the_team_and_only_leading_roles_somebody_elses_page(few: Cast) -> None:
    for who in (few.alice, few.bob, few.olga, few.vera):
        for name in PAGES:
            assert client_of(who).get(to(few, name)).status_code == 200
    where = to(few, "team_person", key=few.alice.key)
    assert [client_of(who).get(where).status_code for who in (few.olga, few.bob, few.vera)] == [200, 403, 403]


def test_an_outsider_finds_nothing(few: Cast) -> None:
    figure = TeamFigure.objects.filter(name__startswith="behind:").values_list("name", flat=True)[0][7:]
    owner = Owner.objects.filter(workspace=few.workspace)[0].pk
    keys: list[tuple[str, dict[str, Any]]] = [
        *((name, {}) for name in PAGES), ("team_figure", {"figure": figure}), ("team_owner", {"key": owner}),
        ("team_person", {"key": few.bob.key}),
    ]  # fmt: skip
    carol = client_of(few.carol)
    for name, more in keys:
        assert carol.get(to(few, name, **more)).status_code == 404
        if more:
            assert carol.get(reverse(name, kwargs={"w": few.elsewhere.key, **more})).status_code == 404


# --- few queries at any size ---


def test_a_page_costs_the_same_few_queries_at_any_size(few: Cast) -> None:
    counts = []
    for more in (0, 70):
        for n in range(more):
            deal = add_deal(workspace=few.workspace, name=f"New {n}", by=few.bob, at=NOW, owner=f"Owner {n}")
            claim_stage(deal=deal, stage="Problem", by=few.bob, at=NOW)
        analyse(few.workspace, at=NOW + timedelta(seconds=more))
        figure = to(few, "team_figure", figure="gap:unseen")
        addresses = [*(to(few, name) for name in PAGES), figure, to(few, "team_person", key=few.bob.key)]
        client = client_of(few.alice)
        asked = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked.append(len([one for one in queries if "set_config" not in one["sql"]]))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 15


def test_the_first_look_at_an_owner_costs_few_queries_too_though_it_is_recorded(few: Cast) -> None:
    client, where = client_of(few.alice), to(few, "team_owner", key=Owner.objects.get(name="Zoe Away").pk)
    client.get(to(few, "team_people"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(where)
    assert "Alice Adler looked" in text_of(page)
    assert Entry.objects.filter(verb="saw", by=few.alice).count() == 1
    assert len([one for one in queries if "set_config" not in one["sql"]]) <= 15
