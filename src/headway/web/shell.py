"""What stands around every page: the workspace, its navigation, the moment shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.safestring import SafeString

from headway.basics.language import language
from headway.store.queries.access import Access, list_memberships
from headway.store.queries.clock import shown_at
from headway.web.second_factor import asked_from


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the navigation. `verb`: who may use it (a key of `MAY`), empty for every member."""

    name: str
    words: str
    icon: str
    keys: str
    verb: str = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A place this person may go to."""

    place: Place
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Places under one heading; the first group has none."""

    words: str
    links: tuple[NavLink, ...]


MAP: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("my_deals", "My deals", "mine", "g m"),
            Place("deals", "Deals", "deals", "g d"),
            Place("board", "Board", "board", "g b"),
        ),
    ),
    (
        "Where we are",
        (
            Place("home", "First page", "home", "g h"),
            Place("forecast", "Forecast", "forecast", "g f"),
            Place("team", "Team", "team", "g s"),
            Place("diagnosis", "Diagnosis", "diagnosis", "g i"),
            Place("rewind", "Rewind", "rewind", "g r"),
        ),
    ),
    (
        "Our rhythm",
        (
            Place("rhythm", "Rhythm", "rhythm", "g y"),
            Place("reviews", "Reviews", "reviews", "g v"),
            Place("promises", "Promises", "promises", "g c"),
            Place("findings", "Findings", "findings", "g n"),
            Place("health", "Rhythm health", "health", "g k", "rhythm"),
        ),
    ),
    (
        "How we work",
        (
            Place("processes", "Process", "process", "g p"),
            Place("gates", "Gates", "gates", "g j"),
            Place("placings", "Expectations", "placings", "g o"),
            Place("trials", "Trials", "trials", "g l"),
            Place("imports", "Imports", "imports", "g t", "import"),
            Place("members", "People", "people", "g e"),
            Place("audit", "Audit", "audit", "g a"),
            Place("data", "Data", "data", "g x", "workspace"),
        ),
    ),
)


def find_url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a view, or nothing where there is no such view. Known ones are not worked out again."""
    return _found_url(get_script_prefix(), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=4_096)
def _found_url(prefix: str, name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    """`prefix`: under which the application stands, which `reverse` puts before every address."""
    try:
        return reverse(name, args=args, kwargs=dict(kwargs))
    except NoReverseMatch:
        return ""


def list_places(access: Access, path: str) -> tuple[NavGroup, ...]:
    """The navigation of this person; the link that leads nearest to `path` is the current one."""
    urls = {
        place.name: find_url(place.name, w=access.workspace.key)
        for _, places in MAP
        for place in places
        if not place.verb or access.may(place.verb)
    }
    start = urls.get("home", "")
    near = [url for url in urls.values() if url and (path == url or (url != start and path.startswith(url)))]
    here = max(near, key=len, default="")
    return _groups(tuple(urls.items()), here)


@lru_cache(maxsize=1_024)
def _groups(urls: tuple[tuple[str, str], ...], here: str) -> tuple[NavGroup, ...]:
    found = dict(urls)
    groups = []
    for words, places in MAP:
        links = tuple(
            NavLink(place, found[place.name], found[place.name] == here) for place in places if found.get(place.name)
        )
        if links:
            groups.append(NavGroup(words, links))
    return tuple(groups)


def drawn_places(template: str, groups: tuple[NavGroup, ...]) -> SafeString:
    """The navigation as HTML: most pages of a workspace have one that was drawn before."""
    return _drawn_places(template, groups, language())


@lru_cache(maxsize=1_024)
def _drawn_places(template: str, groups: tuple[NavGroup, ...], _language: str) -> SafeString:
    return render_to_string(template, {"places": groups})


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; what only the frame needs is asked for when the frame is drawn."""
    access = cast(Access | None, getattr(request, "access", None))
    now = getattr(request, "now", None)
    person = getattr(request, "user", None)
    context: dict[str, Any] = {
        "access": access,
        "workspace": access.workspace if access else None,
        "now": shown_at(access.workspace, now) if access and now else now,
        "paste_open": settings.PASTE_FOR_STRANGERS,
        "language": language(),
        "theme": getattr(person, "theme", "") if person and person.is_authenticated else "",
    }
    if access and now:
        context["places"] = cast(Callable[[], Any], lambda: list_places(access, request.path))
        context["second_factor_from"] = cast(Callable[[], Any], lambda: asked_from(request, access.workspace, now))
        context["memberships"] = cache(lambda: list_memberships(access.person))  # asked for in two places
    return context
