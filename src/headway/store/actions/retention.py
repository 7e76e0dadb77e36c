"""Keep people's words on decided deals for so many months, and erase them then. Numbers stay, so every figure stays.

Words that a younger or open deal uses as well stay until that one is old too.
"""

from __future__ import annotations

import calendar
import hashlib
import hmac
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.actions.erasures import clear_words, drop_copies
from headway.store.actions.jobs import ask_for
from headway.store.actions.placings import forget_quotes
from headway.store.guards import opened
from headway.store.models import (
    AgendaItem,
    Attachment,
    Contact,
    Deal,
    Erasure,
    Event,
    Job,
    Person,
    Wording,
    Workspace,
)  # fmt: skip
from headway.store.needles import ERASED, needles
from headway.store.own_words import wording_columns

FEWEST_MONTHS, MOST_MONTHS = 6, 240
DEALS_AT_ONCE = 300
SELLERS = ("owner_id", "actor_id")  # who sold it is a member's name, and stays until they are erased
NOBODY = "Erased person"


@transaction.atomic
def set_keeping(*, workspace: Workspace, months: int | None, by: Person, at: datetime) -> int | None:
    """From tonight on words on deals decided longer ago are erased; None: never. Returns what was set before.

    UserError for months that are not 6 to 240.
    """
    if months is not None and not FEWEST_MONTHS <= months <= MOST_MONTHS:
        raise UserError(f"Words are kept {FEWEST_MONTHS} to {MOST_MONTHS} months: write how many, or leave it empty.")
    held = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    was = held.keep_months
    if was != months:
        Workspace.objects.filter(pk=workspace.pk).update(keep_months=months)
        workspace.keep_months = months
        append_entry(workspace=workspace, by=by, at=at, verb="set retention", detail={"from": was, "to": months})
    return was


def ask_for_retention(workspace: Workspace, at: datetime) -> Job:
    """The nightly job that erases what is old by then."""
    return ask_for(kind="retention", workspace=workspace, by=None, at=at, once=f"retention {workspace.key}")


def months_before(at: datetime, months: int) -> datetime:
    """The same day so many months before, or the last of that month."""
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = min(at.day, calendar.monthrange(years, month + 1)[1])
    return at.replace(year=years, month=month + 1, day=day)


def old_deals(workspace: Workspace, before: datetime) -> QuerySet[Deal]:
    """Deals decided before that moment."""
    return Deal.objects.filter(workspace=workspace, is_live=True, decided_at__lt=before).exclude(outcome="")


@transaction.atomic
def erase_old_words(*, workspace: Workspace, at: datetime) -> Erasure | None:
    """Erase what is older than the workspace keeps; None where nothing was. Done again it finds nothing more."""
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if workspace.keep_months is None:
        return None
    before = months_before(at, workspace.keep_months)
    old = list(old_deals(workspace, before).order_by("pk").values_list("pk", flat=True))
    counts: dict[str, int] = defaultdict(int)
    with opened():
        for start in range(0, len(old), DEALS_AT_ONCE):
            _erase_of(workspace, old[start : start + DEALS_AT_ONCE], before, at, counts)
    if not any(counts.values()):
        return None
    counts = {what: number for what, number in counts.items() if number}
    target = f"deals decided before {before.date().isoformat()}"
    made = Erasure.objects.create(workspace=workspace, kind="deal", target=target, counts=counts, at=at)
    append_entry(workspace=workspace, by=None, at=at, verb="erase old words", detail=counts)
    drop_copies(workspace, at)
    return made


def _erase_of(workspace: Workspace, deals: list[int], before: datetime, at: datetime, counts: dict[str, int]) -> None:
    words, names = _words_of(workspace, deals, before)
    called = dict(Wording.objects.filter(pk__in=names).values_list("text", "pk"))
    _name_anew(workspace, names)
    for contact in Contact.objects.filter(deal__in=deals).exclude(name__startswith=NOBODY):
        called.setdefault(contact.name, contact.pk)
        instead = f"{NOBODY} {called[contact.name]}"
        taken = Contact.objects.filter(deal=contact.deal_id, name=instead).exists()
        instead = f"{NOBODY} {contact.pk}-{contact.deal_id}" if taken else instead
        Contact.objects.filter(pk=contact.pk).update(name=instead, email="", removed_at=contact.removed_at or at)
        counts["contacts"] += 1
    counts["files"] += Attachment.objects.filter(deal__in=deals, content__isnull=False).update(content=None, name="")
    said = clear_words(workspace, words)
    counts["words"] += len(words) + len(names)
    counts["placed"] += forget_quotes(deals=deals)  # quoted there with names masked, so that no search finds them
    _within(deals, {str(text): f"{NOBODY} {row}" for text, row in called.items() if text} | dict.fromkeys(said, ERASED))


def _words_of(workspace: Workspace, deals: list[int], before: datetime) -> tuple[set[int], set[int]]:
    """The words that only old deals hold: what was said, and the names of buyers."""
    words: set[int] = set()
    names: set[int] = set()
    for model, name in wording_columns():
        way = _way_to_deal(model)
        if way is None or name in SELLERS:
            continue
        rows = model._default_manager.filter(**{f"{way}__in": deals}).exclude(**{name: None})
        (names if name == "contact_id" else words).update(rows.values_list(name, flat=True))
    found = Wording.objects.filter(pk__in=words | names).exclude(text=ERASED).exclude(text__startswith=NOBODY)
    left = set(found.values_list("pk", flat=True)) - _used_elsewhere(workspace, words | names, before)
    return words & left - names, names & left


def _used_elsewhere(workspace: Workspace, wanted: set[int], before: datetime) -> set[int]:
    """Those that something holds which is not about an old deal."""
    used: set[int] = set()
    rows_of = sorted(wanted)
    for start in range(0, len(rows_of), DEALS_AT_ONCE):
        part = rows_of[start : start + DEALS_AT_ONCE]
        for model, name in wording_columns():
            rows = model._default_manager.filter(**{"workspace": workspace, f"{name}__in": part})
            way = _way_to_deal(model)
            if way is not None and name not in SELLERS:
                old = old_deals(workspace, before).values("pk")
                rows = rows.filter(Q(**{f"{way}__isnull": True}) | ~Q(**{f"{way}__in": old}))
            used |= set(rows.values_list(name, flat=True))
    return used


def _way_to_deal(model: type[Model]) -> str | None:
    fields = {one.name for one in model._meta.concrete_fields}
    ways = {"deal": "deal", "item": "item__deal", "commitment": "commitment__deal"}
    return next((way for name, way in ways.items() if name in fields), None)


def _name_anew(workspace: Workspace, names: set[int]) -> None:
    """A number in place of each name: who was one person stays one."""
    for row in Wording.objects.filter(pk__in=names):
        again = hmac.new(bytes(workspace.secret), f"erased {row.digest}".encode(), hashlib.sha256).hexdigest()
        Wording.objects.filter(pk=row.pk).update(text=f"{NOBODY} {row.pk}", digest=again)


def _within(deals: list[int], told: dict[str, str]) -> None:
    """What was said of these deals goes where it was copied to: agendas, and the words of what was agreed."""
    wanted = needles(told)
    if wanted is None:
        return
    for item in AgendaItem.objects.filter(deal__in=deals).only("pk", "why", "facts"):
        new: dict[str, Any] = {"why": wanted.replaced_within(item.why), "facts": wanted.replaced_within(item.facts)}
        if (new["why"], new["facts"]) != (item.why, item.facts):
            AgendaItem.objects.filter(pk=item.pk).update(**new)
    for model, name in ((Event, "name"), (Deal, "agreed_act"), (Deal, "question"), (Deal, "question_to")):
        way = "deal__in" if model is Event else "pk__in"
        rows = model._default_manager.filter(**{way: deals}).exclude(**{name: ""}).exclude(**{f"{name}__isnull": True})
        for pk, text in rows.values_list("pk", name).iterator(5_000):
            if wanted.finds(text):
                model._default_manager.filter(pk=pk).update(**{name: wanted.replaced(text)[:300]})
