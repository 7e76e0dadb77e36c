"""Which words and files are somebody's own: what a buyer said, what a member wrote. Shared ones are told apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django.apps import apps
from django.db.models import Model, Q

from headway.deals.events import EventKind
from headway.store.models import Attachment, Contact, Event, Exhibit, Membership, Person, Wording, Workspace

AT_ONCE = 400
SAID = (EventKind.EVIDENCE_RECORDED.value, EventKind.BUYER_ACTED.value, EventKind.ACT_AGREED.value)


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody to be erased. `kind`: contact or member; `target`: as in "contact KEY", never a name."""

    kind: str
    target: str
    names: tuple[str, ...]
    emails: tuple[str, ...]
    person: Person | None = None


@dataclass(slots=True)
class Own:
    """Numbers of rows: `words` only they said or wrote, `shared` which others said too, files, contacts."""

    words: set[int] = field(default_factory=set)
    shared: set[int] = field(default_factory=set)
    files: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    events: int = 0


@lru_cache(maxsize=1)
def wording_columns() -> tuple[tuple[type[Model], str], ...]:
    """Every foreign key to a wording: the table, and its attribute."""
    return tuple(
        (model, one.attname)
        for model in apps.get_app_config("store").get_models()
        for one in model._meta.concrete_fields
        if one.related_model is Wording
    )


def own_of(workspace: Workspace, whom: Whom) -> Own:
    """What is theirs in the workspace."""
    return _of_contact(workspace, whom) if whom.kind == "contact" else _of_member(workspace, whom)


def _folded(names: tuple[str, ...], column: str) -> Q:
    found = Q(pk__in=[])
    for name in names:
        found |= Q(**{f"{column}__iexact": name})
    return found


def _of_contact(workspace: Workspace, whom: Whom) -> Own:
    own = Own()
    mine = _folded(whom.names, "name")
    if whom.emails:
        mine |= _folded(whom.emails, "email")
    own.contacts = set(Contact.objects.filter(mine, workspace=workspace).values_list("pk", flat=True))
    called = list(Wording.objects.filter(_folded(whom.names, "text"), workspace=workspace).values_list("pk", flat=True))
    events = Event.objects.filter(workspace=workspace, contact_id__in=called, kind__in=SAID)
    own.events = events.count()
    quotes = set(events.exclude(note=None).values_list("note_id", flat=True))
    refs = set(events.exclude(ref=None).values_list("ref", flat=True))
    links = set()
    for part in _parts(sorted(refs)):
        shown = Exhibit.objects.filter(workspace=workspace, ref__in=part)
        links |= set(shown.exclude(link=None).values_list("link_id", flat=True))
        own.files |= set(shown.exclude(attachment=None).values_list("attachment_id", flat=True))
    own.words, own.shared = _told_apart(
        workspace, quotes | links, {"Event.note_id": Q(contact_id__in=called), "Exhibit.link_id": Q(ref__in=refs)}
    )
    return own


def _of_member(workspace: Workspace, whom: Whom) -> Own:
    """What they wrote themselves; not what a buyer said and they noted down."""
    own = Own()
    theirs: dict[str, Q] = {}
    found: set[int] = set()
    for model, name in wording_columns():
        fields = {one.name for one in model._meta.concrete_fields}
        who = Q(pk__in=[])
        for column in ("by", "person"):
            if column in fields:
                who |= Q(**{column: whom.person})
        if model is Event:
            who &= ~Q(kind__in=SAID)
        if name in ("contact_id", "owner_id", "actor_id") or not fields & {"by", "person"}:
            continue
        theirs[f"{model.__name__}.{name}"] = who
        rows = model._default_manager.filter(who, workspace=workspace).exclude(**{name: None})
        found |= set(rows.values_list(name, flat=True))
    own.events = Event.objects.filter(workspace=workspace, by=whom.person).count()
    own.words, own.shared = _told_apart(workspace, found, theirs)
    return own


def _told_apart(workspace: Workspace, wanted: set[int], theirs: dict[str, Q]) -> tuple[set[int], set[int]]:
    """Those that nobody else uses, and those that others use too."""
    shared: set[int] = set()
    for part in _parts(sorted(wanted)):
        for model, name in wording_columns():
            rows = model._default_manager.filter(**{"workspace": workspace, f"{name}__in": part})
            mine = theirs.get(f"{model.__name__}.{name}")
            if mine is not None:
                rows = rows.exclude(pk__in=model._default_manager.filter(mine, workspace=workspace).values("pk"))
            shared |= set(rows.values_list(name, flat=True))
    return wanted - shared, wanted & shared


def _parts(rows: list) -> list[list]:  # type: ignore[type-arg]
    return [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]


def whom_of_contact(contact: Contact, also: tuple[str, ...] = ()) -> Whom:
    """Everybody of this contact's name in the workspace, with every address they have."""
    same = Contact.objects.filter(workspace=contact.workspace_id, name__iexact=contact.name).exclude(email="")
    emails = dict.fromkeys(email for email in same.values_list("email", flat=True))
    return Whom("contact", f"contact {contact.key}", (contact.name, *_names(also)), (*emails, *_emails(also)))


def whom_of_member(membership: Membership, also: tuple[str, ...] = ()) -> Whom:
    """A member, by the name of their account and the one they own deals under."""
    person = membership.person
    names = dict.fromkeys([person.name, *([membership.owner.name] if membership.owner else []), *_names(also)])
    return Whom("member", f"person {person.key}", tuple(names), (person.email, *_emails(also)), person)


def _names(also: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in also if "@" not in text)


def _emails(also: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in also if "@" in text)


def files_of(workspace: Workspace) -> list[int]:
    """The numbers of all files handed in that still have a content."""
    return list(Attachment.objects.filter(workspace=workspace, content__isnull=False).values_list("pk", flat=True))
