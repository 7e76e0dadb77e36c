"""The audit as people read it, and the check that nobody rewrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from headway.store.actions.audit import PRINT_SIGNS, read_heads
from headway.store.chain import audit_key, link_digest
from headway.store.guards import ALL, entered
from headway.store.models import Deal, Entry, Head, Invitation, Owner, Person, Trial, Workspace
from headway.store.models import Entry as EntryRow
from headway.store.queries.access import Access

__all__ = ["EntryFilter", "EntryRow", "Verdict", "list_entries", "list_verbs", "target_names", "verify_chains"]
AT_ONCE = 2_000
LATELY = 2_000


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries: of whom, doing what, to what (`deal KEY`, or a part of it), from when until when."""

    person: str = ""
    verb: str = ""
    target: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_entries(access: Access, wanted: EntryFilter, *, before: int | None, count: int) -> list[Entry]:
    """Entries, the newest first, with numbers below `before`. Who may not read the audit gets those about themselves:
    what they did, and who saw or changed what is said of them."""
    found = Entry.objects.select_related("by").filter(workspace=access.workspace)
    if not access.may("audit"):
        found = found.filter(Q(by=access.person) | Q(target=f"person {access.person.key}"))
    if wanted.person:
        found = found.filter(by__key=wanted.person)
    if wanted.verb:
        found = found.filter(verb=wanted.verb)
    if wanted.target:
        whole = " " in wanted.target
        found = found.filter(target=wanted.target) if whole else found.filter(target__endswith=" " + wanted.target)
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lt=wanted.until)
    if before is not None:
        found = found.filter(number__lt=before)
    return list(found.order_by("-number")[:count])


def list_verbs(access: Access) -> list[str]:
    """What was done lately (in the last 2,000 entries), in alphabetical order."""
    lately = Entry.objects.filter(workspace=access.workspace).order_by("-number").values_list("verb", flat=True)
    return sorted(set(lately[:LATELY]))


def target_names(access: Access, targets: set[str]) -> dict[str, str]:
    """Target to the name it has now, for those that still have one. Five queries at most."""
    keys: dict[str, set[str]] = {}
    for target in targets:
        kind, _, key = target.partition(" ")
        keys.setdefault(kind, set()).add(key)
    names: dict[str, str] = {}
    here = {"workspace": access.workspace}
    if "deal" in keys:
        rows = Deal.objects.filter(key__in=keys["deal"], **here).values_list("key", "name")
        names |= {f"deal {key}": name for key, name in rows}
    if "person" in keys:
        people = Person.objects.filter(key__in=keys["person"], memberships__workspace=access.workspace)
        names |= {f"person {key}": name or email for key, name, email in people.values_list("key", "name", "email")}
    if "owner" in keys:
        numbers = [int(key) for key in keys["owner"] if key.isdecimal()]
        owners = Owner.objects.filter(pk__in=numbers, **here).values_list("pk", "name")
        names |= {f"owner {number}": name for number, name in owners}
    if "trial" in keys:
        tried = Trial.objects.filter(key__in=keys["trial"], **here).values_list("key", "label")
        names |= {f"trial {key}": f"the trial of “{label}”" for key, label in tried}
    if "invitation" in keys and access.may("people"):
        sent = Invitation.objects.filter(key__in=keys["invitation"], **here).values_list("key", "email")
        names |= {f"invitation {key}": email for key, email in sent}
    return names


@dataclass(frozen=True, slots=True)
class Verdict:
    """A chain after the check. `wrong`: the first thing that is not as it was written, as a sentence; else empty."""

    workspace: str
    name: str
    entries: int
    wrong: str = ""


def verify_chains() -> list[Verdict]:
    """Every chain of the installation, and every chain that a line of the head file knows."""
    with entered(ALL):
        found = [verify_chain(workspace) for workspace in Workspace.objects.order_by("pk")]
        known = {verdict.workspace for verdict in found}
        gone = {line["workspace"]: line["number"] for line in read_heads() if line["workspace"] not in known}
        lost = "entry 1 is missing: the head file knows {} entries of this workspace, and the database none."
        return found + [Verdict(key, "", 0, lost.format(number)) for key, number in gone.items()]


def verify_chain(workspace: Workspace) -> Verdict:
    """Compute every link anew, then compare the end with the head's row and with every line of the head file.

    What is found: an entry edited, deleted, inserted or moved; a tail cut off; with the head file also a tail cut off
    or written anew together with the head's row. Method page: docs/methods/audit.md.
    """
    marks = _marks(workspace)
    number, digest = 0, ""
    while True:  # entries that are written meanwhile are read in a further round
        began = number
        entries = Entry.objects.filter(workspace=workspace, number__gt=number) if number else _all(workspace)
        for entry in entries.order_by("number", "pk").iterator(chunk_size=AT_ONCE):
            wrong = _wrong_with(entry, number, digest) or _unmarked(entry, marks)
            if wrong:
                return Verdict(workspace.key, workspace.name, number, wrong)
            number, digest = entry.number, entry.digest
        head = Head.objects.filter(workspace=workspace).first()
        if number == began or (head and head.number == number):
            return Verdict(workspace.key, workspace.name, number, _wrong_at_the_end(head, number, digest, marks))


def _all(workspace: Workspace) -> QuerySet[Entry]:
    return Entry.objects.filter(workspace=workspace)


def _wrong_with(entry: Entry, before: int, digest: str) -> str:
    if entry.number > before + 1:
        return f"entry {before + 1} is missing: the one after entry {before} says it is {entry.number}."
    if entry.number != before + 1:
        return f"entry {entry.number} (row {entry.pk}) was put in: its number is taken, or below 1."
    expected = link_digest(
        audit_key(settings.SECRET_KEY), digest, workspace=entry.workspace_id, number=entry.number, at=entry.at,
        by=entry.by_id, verb=entry.verb, target=entry.target, detail=entry.detail,
    )  # fmt: skip
    if expected != entry.digest:
        return f"entry {entry.number} (row {entry.pk}) is not what was written: it was changed, moved or put in."
    return ""


def _marks(workspace: Workspace) -> Marks:
    """What the head file knows of this chain."""
    marks: dict[int, str] = {}
    prints: dict[int, str] = {}
    for line in read_heads():
        if line["workspace"] == workspace.key:
            marks[line["number"]] = str(line["digest"])
            text = str(line.get("prints", ""))
            if text:
                prints[line["number"] - len(text) // PRINT_SIGNS + 1] = text
    return Marks(marks, prints)


class Marks:
    """Digests by number, and the beginnings of every digest, which are read along with the chain."""

    def __init__(self, digests: dict[int, str], prints: dict[int, str]) -> None:
        self.digests, self._prints = digests, prints
        self._start, self._text = 0, ""

    def agree(self, entry: Entry) -> bool:
        """Whether the head file knows this entry as it is, or does not know it. To be asked in order."""
        if entry.number in self._prints:
            self._start, self._text = entry.number, self._prints[entry.number]
        place = PRINT_SIGNS * (entry.number - self._start)
        known = self._text[place : place + PRINT_SIGNS] if place >= 0 else ""
        if len(known) == PRINT_SIGNS and not entry.digest.startswith(known):
            return False
        return self.digests.get(entry.number, entry.digest) == entry.digest


def _unmarked(entry: Entry, marks: Marks) -> str:
    if marks.agree(entry):
        return ""
    return f"entry {entry.number} (row {entry.pk}) differs from the head file: the chain was written anew."


def _wrong_at_the_end(head: Head | None, number: int, digest: str, marks: Marks) -> str:
    highest = max([head.number if head else 0, *marks.digests])
    if highest > number:
        where = "the head's row" if head and head.number == highest else "the head file"
        return f"entry {number + 1} is missing: {where} knows {highest} entries."
    if head is None and number:
        return f"entry {number} is the last, and the head's row is missing."
    if head and (head.number, head.digest) != (number, digest):
        return f"entry {head.number + 1} was put in: the head's row ends with {head.number}."
    return ""
