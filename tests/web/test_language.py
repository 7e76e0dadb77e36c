"""Pages in German: by one's own setting or the browser's, and what people typed as they typed it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from headway.basics.language import speaking
from headway.store.actions.deals import add_deal
from headway.store.models import Deal, Person
from headway.web.language.backend import translated
from headway.web.language.markup import shown
from headway.web.language.messages import messages_in, rewritten
from tests.cast import NOW, Cast, client_of
from tests.web.pages import text_of, to

pytestmark = pytest.mark.django_db


def page(person: Person, address: str, asked: str = "") -> HttpResponse:
    return client_of(person).get(address, headers={"accept-language": asked} if asked else {})


def test_a_page_speaks_what_the_browser_asks_or_what_somebody_set(cast: Cast) -> None:
    settings = reverse("person_settings")
    assert '<html lang="en"' in page(cast.bob, settings).content.decode()
    german = page(cast.bob, settings, "de-AT,de;q=0.9")
    assert german.headers["Content-Language"] == "de"
    assert '<html lang="de"' in german.content.decode()
    assert "Ihre Einstellungen" in text_of(german)

    client = client_of(cast.bob)
    form = {"name": "Bob Adler", "zone": "Europe/Vienna", "language": "de", "theme": ""}
    assert client.post(settings, form).status_code == 302
    assert "Ihre Einstellungen" in text_of(client.get(settings, headers={"accept-language": "en"}))
    assert "Your settings" in text_of(page(cast.alice, settings, "en"))


def test_what_people_typed_is_shown_as_typed(cast: Cast) -> None:
    """Names that are, word for word, texts of ours."""
    for name in ("No decision", "Nothing was changed.", "Open"):
        add_deal(workspace=cast.workspace, name=name, account="Unknown", by=cast.alice, at=NOW, owner=None)
    seen = text_of(page(cast.alice, to(cast, "deals"), "de"))
    for name in ("No decision", "Nothing was changed.", "Open"):
        assert name in seen
    deal = Deal.objects.get(name="No decision")
    assert "No decision" in text_of(page(cast.alice, to(deal, "deal"), "de"))


def test_nothing_typed_becomes_markup(cast: Cast) -> None:
    with speaking("de"):
        assert not isinstance(shown("<b>deals</b>"), SafeString)
        assert shown(SafeString("<b>x</b>")) == "<b>x</b>"
        assert shown(12) == 12
        assert shown(None) is None
    add_deal(workspace=cast.workspace, name="<script>alert(1)</script>", account="", by=cast.alice, at=NOW, owner=None)
    assert "<script>alert" not in page(cast.alice, to(cast, "deals"), "de").content.decode()


def test_a_template_is_cut_into_texts() -> None:
    source = (
        '<p class="x">{% if a %}<b>{{ n|plural:"deal,deals" }}</b> are open{% endif %}</p>'
        '<button title="Close it">Go to {{ deal.name }}</button> <i>Now</i><textarea>{{ typed }} stays</textarea>'
    )
    assert list(messages_in(source)) == ["deal,deals", "<0>{0}</0> are open", "Close it", "Go to {0}", "Now"]
    assert rewritten(source, lambda _: "") == source.replace("{{ typed }}", "{{ typed }}")
    said = {"<0>{0}</0> are open": "offen: <0>{0:n}</0>", "Close it": 'Zu "machen"', "Go to {0}": "Zu {0}"}
    made = rewritten(source, lambda message: said.get(message, ""))
    assert '{% if a %}offen: <b>{{ n|plural:"deal,deals"|in_dative }}</b>{% endif %}' in made
    assert 'title="Zu &quot;machen&quot;"' in made
    assert "Zu {{ deal.name }}" in made
    assert "<textarea>{{ typed }} stays</textarea>" in made


def test_variables_are_told_but_for_what_people_type() -> None:
    made = translated("<p>{{ sentence }} {{ deal.name }} {{ rung.name|told }} {{ at|day }}</p>", "de")
    assert made == "<p>{{ sentence|told }} {{ deal.name }} {{ rung.name|told }} {{ at|day }}</p>"
    part = translated(
        "<p>{{ c.standing }} {{ c.name }} {{ day(c.at) }} {{ 'a' if c.b else 'b' }}</p>", "de", jinja=True
    )
    part = translated(part, "de", jinja=True)
    assert part == "<p>{{ c.standing|told }} {{ c.name }} {{ day(c.at) }} {{ ('a' if c.b else 'b')|told }}</p>"
