"""The frame around every page: who sees which places, what the day shown is, and how a page looks for whom."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client, RequestFactory

from headway.store.actions.deals import add_deal
from headway.store.models import Event, Membership, Person
from headway.web.icons import ICONS
from headway.web.shell import MAP, find_url, list_places
from tests.cast import NOW, client_of, make_cast

pytestmark = pytest.mark.django_db


def places(html: str) -> list[str]:
    """The words of the navigation."""
    return re.findall(r'class="side-link"[^>]*data-key-words="([^"]+)"', html)


def test_everybody_is_led_to_what_their_role_may_use() -> None:
    cast = make_cast()
    seen = {}
    for person in (cast.alice, cast.bob, cast.olga, cast.vera):
        page = client_of(person).get(f"/w/{cast.workspace.key}/search/")
        assert page.status_code == 200
        seen[person.name.split()[0]] = places(page.content.decode())
    assert "Imports" in seen["Alice"]
    assert "Imports" in seen["Olga"]
    assert "Imports" not in seen["Bob"]
    assert "Imports" not in seen["Vera"]
    assert seen["Bob"][:2] == ["My deals", "Deals"]


def test_a_seller_who_owns_deals_begins_with_them_and_everybody_else_at_home() -> None:
    cast = make_cast()
    begins = {person: client_of(person).get("/")["Location"] for person in (cast.alice, cast.bob, cast.olga, cast.vera)}
    home = find_url("home", w=cast.workspace.key)
    assert begins[cast.bob] == find_url("my_deals", w=cast.workspace.key) != home
    assert {begins[person] for person in (cast.alice, cast.olga, cast.vera)} == {home}
    Membership.objects.filter(person=cast.bob).update(owner=None)
    assert client_of(cast.bob).get("/")["Location"] == home


def test_the_navigation_is_drawn_for_each_page_and_workspace_by_itself() -> None:
    cast = make_cast()
    pages = [(cast.alice, cast.workspace.key, place) for place in ("mine", "deals", "search")]
    pages.append((cast.carol, cast.elsewhere.key, "deals"))
    for person, key, place in pages * 2:
        html = client_of(person).get(f"/w/{key}/{place}/").content.decode()
        assert set(re.findall(r'class="side-link" href="/w/(\w+)/', html)) == {key}
        current = re.findall(r'class="side-link" href="([^"]+)"[^>]*aria-current="page"', html)
        assert current == ([] if place == "search" else [f"/w/{key}/{place}/"])


def test_every_link_of_the_navigation_opens() -> None:
    cast = make_cast()
    client = client_of(cast.alice)
    html = client.get(f"/w/{cast.workspace.key}/search/").content.decode()
    links = re.findall(r'class="side-link" href="([^"]+)"', html)
    assert len(links) >= 5
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_no_place_is_named_twice_and_no_keys_are_given_twice() -> None:
    everything = [place for _, group in MAP for place in group]
    assert len({place.keys for place in everything}) == len(everything)
    assert {place.icon for place in everything} <= set(ICONS)


def test_the_nearest_place_is_the_current_one() -> None:
    cast = make_cast()
    access = cast.access(cast.alice)

    def current(path: str) -> list[str]:
        groups = list_places(access, f"/w/{cast.workspace.key}/{path}")
        return [link.place.name for group in groups for link in group.links if link.current]

    assert current("") == ["home"]
    assert current("diagnosis/") == ["diagnosis"]
    assert current("people/abc/") == ["members"]
    assert current("search/") == []


def test_a_view_that_does_not_exist_has_no_address() -> None:
    assert find_url("no_such_view", w="x") == ""
    assert Template('{% url_if "no_such_view" as url %}[{{ url }}]').render(Context()) == "[]"


def test_a_workspace_that_shows_a_past_day_says_so() -> None:
    cast = make_cast()
    client, url = client_of(cast.bob), f"/w/{cast.workspace.key}/search/"
    assert "pages show that day" not in client.get(url).content.decode()
    cast.workspace.shows_at = datetime(2017, 12, 31, 23, 59, tzinfo=UTC)
    cast.workspace.save()
    assert "Your newest data is of <b>31 Dec 2017</b>" in client.get(url).content.decode()


def test_the_workspaces_of_a_person_are_listed_and_no_other() -> None:
    cast = make_cast()
    html = client_of(cast.carol).get(f"/w/{cast.elsewhere.key}/search/").content.decode()
    assert cast.elsewhere.key in html
    assert cast.workspace.key not in html
    assert "Acme Sales" not in html


def test_the_appearance_is_kept_and_is_in_the_page_before_any_script_runs() -> None:
    cast = make_cast()
    client, url = client_of(cast.bob), f"/w/{cast.workspace.key}/search/"
    assert '<html lang="en">' in client.get(url).content.decode()
    answer = client.post("/look/", {"theme": "dark", "back": url})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert '<html lang="en" data-theme="dark">' in client.get(url).content.decode()
    client.post("/look/", {"theme": "", "back": url})
    assert '<html lang="en">' in client.get(url).content.decode()


def test_an_unknown_appearance_is_refused_with_a_sentence() -> None:
    cast = make_cast()
    answer = client_of(cast.bob).post("/look/", {"theme": '"><script>'})
    assert answer.status_code == 422
    assert "choose light, dark or system" in answer.content.decode()
    assert Person.objects.get(pk=cast.bob.pk).theme == ""


def test_single_keys_are_switched_off_for_one_person() -> None:
    cast = make_cast()
    client, url = client_of(cast.bob), f"/w/{cast.workspace.key}/search/"
    assert 'data-keys="on"' in client.get(url).content.decode()
    client.post("/look/", {"keys": "off", "back": url})
    assert 'data-keys="on"' not in client.get(url).content.decode()
    assert 'data-keys="on"' in client_of(cast.vera).get(url).content.decode()


def test_the_look_leads_back_to_this_host_only_and_takes_no_get() -> None:
    cast = make_cast()
    client = client_of(cast.bob)
    assert client.post("/look/", {"theme": "light", "back": "https://evil.example/"})["Location"] == "/"
    assert client.get("/look/").status_code == 405
    assert Client().post("/look/", {"theme": "light"}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.bob)
    assert strict.post("/look/", {"theme": "light"}).status_code == 403


def test_what_is_not_there_and_what_is_not_yours_look_alike() -> None:
    cast = make_cast()
    client = client_of(cast.carol)
    answers = [client.get(path) for path in (f"/w/{cast.workspace.key}/search/", "/w/nowhere/search/", "/nowhere/")]
    assert [answer.status_code for answer in answers] == [404] * 3
    bodies = {re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode()) for answer in answers}
    assert len(bodies) == 1
    assert "There is nothing here" in bodies.pop()


def test_a_page_that_broke_says_so_without_the_database(settings: object) -> None:
    from django.views.defaults import server_error

    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_nothing_in_a_page_is_inline() -> None:
    cast = make_cast()
    html = client_of(cast.alice).get(f"/w/{cast.workspace.key}/search/?q=a").content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_the_charts_have_one_style_and_the_application_serves_it() -> None:
    import headway.charts

    served = finders.find("headway/css/charts.css")
    assert served
    assert Path(str(served)).samefile(Path(headway.charts.__path__[0]) / "charts.css")


def test_the_undo_in_a_toast_takes_back_what_was_done(rf: RequestFactory) -> None:
    cast = make_cast()
    deal = add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW)
    from django.contrib.messages.storage.cookie import CookieStorage

    from headway.web.undo import done

    request = rf.get("/")
    request.access, request._messages = cast.access(cast.bob), CookieStorage(request)  # type: ignore[attr-defined]
    event = Event.objects.filter(deal=deal).latest("pk")
    done(request, "Recorded <b>.", event)  # type: ignore[arg-type]
    html = Template('{% include "shell/toasts.html" %}').render(
        Context({"messages": get_messages(request), "workspace": cast.workspace, "request": request})
    )
    assert "Recorded &lt;b&gt;." in html
    token = re.search(r'name="token" value="([^"]+)"', html)
    assert token
    client = client_of(cast.bob)
    back = f"/w/{cast.workspace.key}/search/"
    answer = client.post(f"/w/{cast.workspace.key}/undo/", {"token": token[1], "back": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert "Undone." in client.get(back).content.decode()
    event.refresh_from_db()
    assert hasattr(event, "voiding")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ n|plural:'deal,deals' }}", "1,200 deals"),
        ("{{ one|plural:'deal' }}", "1 deal"),
        ("{{ n|number }} {{ none|number }}", "1,200 –"),
        ("{{ part|share }}", "42 %"),
        ("{{ down|signed }} {{ n|signed }} {{ zero|signed }}", "−2 +1,200 0"),
        ("{{ on|short_day:now }} {{ past|short_day:now }}", "3 Mar 9 Dec 2025"),
        ("{{ on|weekday }}", "Tue 3 Mar"),
        ("{{ now|at_zone:'Europe/Berlin' }}", "2 Mar 2026, 10:00"),
        ("{{ on|due:now }}|{{ past|due:now }}|{{ now|due:now }}", "tomorrow|9 Dec 2025|today"),
        ("{{ hour|ago:now }}|{{ now|ago:now }}|{{ past|ago:now }}|{{ none|ago:now }}", "2 h ago|now|9 Dec 2025|never"),
        ("{{ soon|ago:now }}|{{ yesterday|ago:now }}", "in 4 days|yesterday"),
        ("{{ 'Åsa von Berg'|initials }}{{ ''|initials }}", "ÅB?"),
        ("{{ 'no_decision'|outcome_words }}", "No decision"),
    ],
)
def test_words(template: str, expected: str) -> None:
    moments = {
        "now": NOW, "on": date(2026, 3, 3), "past": datetime(2025, 12, 9, tzinfo=UTC), "hour": NOW - timedelta(hours=2),
        "soon": NOW + timedelta(days=4), "yesterday": NOW - timedelta(days=1),
    }  # fmt: skip
    numbers = {"n": 1200, "one": 1, "none": None, "part": 0.42, "down": -2, "zero": 0}
    assert Template(template).render(Context(moments | numbers)) == expected
