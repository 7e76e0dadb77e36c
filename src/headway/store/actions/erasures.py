"""Erase a person: names, addresses, what they said or wrote, files. Numbers stay, so that every figure stays.

What is erased is overwritten in the history too, through the one door that `guards.opened` is; the audit chain is not
touched, and holds no names. docs/how-to/data.md says what an erasure cannot reach.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.actions.placings import forget_quotes
from headway.store.actions.search import index_deal, words_of
from headway.store.erasing import in_content, replace_all
from headway.store.guards import ALL, entered, opened
from headway.store.models import (
    Attachment,
    Contact,
    Deal,
    Erasure,
    Event,
    ImportBatch,
    Job,
    Membership,
    NoticeChoice,
    OutMessage,
    Person,
    SearchWord,
    Upload,
    Wording,
    Workspace,
    WorkspaceExport,
)
from headway.store.needles import ERASED, Needles, needles, pseudonym, told_of
from headway.store.own_words import Own, Whom, files_of, own_of
from headway.store.queries.exports import file_of

AT_ONCE = 500
COPIES_AT_ONCE = 100
LEAST_COPIED = 12  # characters


@transaction.atomic
def erase_person(
    *, workspace: Workspace, whom: Whom, by: Person, at: datetime, kept: frozenset[str] = frozenset()
) -> Erasure:
    """Erase somebody from a workspace, for good. `kept`: marks of texts of others that stay as they are.

    UserError where they are the only leader, or nothing of them can be looked for.
    """
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    number = Erasure.objects.filter(workspace=workspace).count() + 1
    wanted = needles(told_of(whom.names, whom.emails, number))
    if wanted is None:
        raise UserError("This name is too short to be looked for: add how else they are called, or their address.")
    own = own_of(workspace, whom)
    counts = {"contacts": len(own.contacts), "words": len(own.words)}
    counts["placed"] = forget_quotes(deals=_quoted_on(own, kept))  # with names masked, so that no search finds them
    with opened():
        if whom.person is not None:
            _close_account(workspace, whom.person, number, at)
        said = clear_words(workspace, own.words | _marked(own.shared, kept))
        counts["files"] = _clear_files(workspace, own.files, wanted, kept)
        texts = sum(replace_all(workspace, wanted, kept).values()) + overwrite_copies(workspace, said, kept)
        _clear_contacts(own, number, at)
    words = SearchWord.objects.filter(workspace=workspace, word__in=words_of(*whom.names, *whom.emails))
    for deal in Deal.objects.filter(pk__in=words.values("deal")):
        index_deal(deal=deal)
    counts["texts"] = texts
    return _record(workspace, whom, counts, by, at)


def _quoted_on(own: Own, kept: frozenset[str]) -> set[int]:
    """Deals on which words that go were said."""
    gone = sorted(own.words | _marked(own.shared, kept))
    deals: set[int] = set()
    for start in range(0, len(gone), AT_ONCE):
        found = Event.objects.filter(note__in=gone[start : start + AT_ONCE], deal__isnull=False)
        deals.update(found.values_list("deal_id", flat=True))
    return deals


def _marked(shared: set[int], kept: frozenset[str]) -> set[int]:
    return {row for row in shared if f"wording.text.{row}" not in kept and f"shared.{row}" in kept}


def _record(workspace: Workspace, whom: Whom, counts: dict[str, int], by: Person, at: datetime) -> Erasure:
    """What is left of it: numbers. Copies elsewhere go: exports, messages that wait, what jobs were told."""
    made = Erasure.objects.create(workspace=workspace, kind=whom.kind, target=whom.target, counts=counts, by=by, at=at)
    append_entry(workspace=workspace, by=by, at=at, verb="erase person", target=whom.target, detail=counts)
    drop_copies(workspace, at)
    Job.objects.filter(workspace=workspace, kind__in=("look", "erase")).update(about={})
    return made


def drop_copies(workspace: Workspace, at: datetime) -> None:
    """Delete every export of the workspace, and the files of imports that wait."""
    exports = list(WorkspaceExport.objects.filter(workspace=workspace, expires_at__gt=at))
    WorkspaceExport.objects.filter(pk__in=[one.pk for one in exports]).update(expires_at=at)
    paths = [file_of(one) for one in exports]
    uploads = Upload.objects.filter(workspace=workspace)
    paths += [Path(path) for path in uploads.values_list("path", flat=True)]
    waiting = ImportBatch.objects.filter(workspace=workspace, state__in=("uploaded", "asking", "ready", "failed"))
    waiting.update(state="dropped", report={}, answers={})
    ImportBatch.objects.filter(workspace=workspace, state="done", report__has_key="tables").update(report={})
    uploads.exclude(batch__state="running").delete()

    def remove() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(remove)


def clear_words(workspace: Workspace, rows: set[int]) -> list[str]:
    """Overwrite what was said; what it was. The hash is hashed again: it still proves that, and meets no new text."""
    said, numbers = [], sorted(rows)
    for start in range(0, len(numbers), AT_ONCE):
        for row in Wording.objects.filter(workspace=workspace, pk__in=numbers[start : start + AT_ONCE]):
            again = hmac.new(bytes(workspace.secret), f"erased {row.digest}".encode(), hashlib.sha256).hexdigest()
            Wording.objects.filter(pk=row.pk).update(text=ERASED, digest=again)
            said.append(row.text or "")
    return said


def overwrite_copies(workspace: Workspace, said: Iterable[str], kept: frozenset[str] = frozenset()) -> int:
    """Overwrite what was said wherever it was copied to: agendas, messages, analyses. How many texts changed.

    Only what is long enough to be nobody else's words by chance.
    """
    long = sorted({text.strip() for text in said if len(text.strip()) >= LEAST_COPIED})
    changed = 0
    for start in range(0, len(long), COPIES_AT_ONCE):
        wanted = needles(dict.fromkeys(long[start : start + COPIES_AT_ONCE], ERASED))
        if wanted is not None:
            changed += sum(replace_all(workspace, wanted, kept).values())
    return changed


def _clear_files(workspace: Workspace, own: set[int], wanted: Needles, kept: frozenset[str]) -> int:
    gone = set(own)
    for row in files_of(workspace):
        file = Attachment.objects.get(pk=row)
        if f"attachment.content.{row}" not in kept and in_content(bytes(file.content or b""), wanted):
            gone.add(row)
    Attachment.objects.filter(pk__in=gone).update(content=None, name="")
    return len(gone)


def _clear_contacts(own: Own, number: int, at: datetime) -> None:
    """No name, no address, no longer shown. Their names were overwritten with all others, but for odd spellings."""
    rows = Contact.objects.filter(pk__in=own.contacts)
    rows.update(email="", removed_at=at)
    for row in rows.exclude(name=pseudonym(number)):
        same = Contact.objects.filter(deal=row.deal, name=pseudonym(number)).exists()
        rows.filter(pk=row.pk).update(name=f"{pseudonym(number)} ({row.pk})" if same else pseudonym(number))


def _close_account(workspace: Workspace, person: Person, number: int, at: datetime) -> None:
    """End the membership; where it was their last, the account goes: name, address, password, second factor."""
    mine = Membership.objects.filter(workspace=workspace, person=person)
    others = Membership.objects.filter(workspace=workspace, role="leader", ended_at=None).exclude(person=person)
    if mine.filter(role="leader", ended_at=None).exists() and not others.exists():
        raise UserError(f"{person} is the only leader here: hand the workspace over first.")
    mine.filter(ended_at=None).update(ended_at=at)
    OutMessage.objects.filter(workspace=workspace, person=person).delete()
    if Membership.objects.filter(person=person, ended_at=None).exists():
        return  # the account is theirs, and used elsewhere
    for model in (apps.get_model("account", "EmailAddress"), apps.get_model("mfa", "Authenticator")):
        model.objects.filter(user=person).delete()
    with entered(ALL):
        OutMessage.objects.filter(person=person).delete()
    NoticeChoice.objects.filter(person=person).delete()  # their member ID and hook in Slack
    person.name, person.email = pseudonym(number), f"erased-{person.key}@erased.invalid"
    person.is_active, person.operator = False, False
    person.set_unusable_password()
    person.save()
