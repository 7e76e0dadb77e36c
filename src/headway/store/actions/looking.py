"""Look before an erasure: ask for it, keep what was found, and ask for the erasure itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from headway.store.actions.audit import append_entry
from headway.store.actions.jobs import ask_for
from headway.store.erasing import excerpt, find_places, in_content
from headway.store.models import Attachment, Job, Person, Wording, Workspace
from headway.store.needles import needles, told_of
from headway.store.own_words import Whom, files_of, own_of

SHOWN = 200
LONGEST = 200
MOST_NAMES = 10


@transaction.atomic
def ask_to_look(*, workspace: Workspace, kind: str, key: str, also: tuple[str, ...], by: Person, at: datetime) -> Job:
    """The job that looks for somebody. Looking for them is recorded."""
    about = {"kind": kind, "key": key, "also": [text.strip()[:LONGEST] for text in also if text.strip()][:MOST_NAMES]}
    job = ask_for(kind="look", workspace=workspace, by=by, at=at, about=about)
    Job.objects.filter(pk=job.pk).update(about=about | {"look": job.key})
    target = f"{'person' if kind == 'member' else 'contact'} {key}"
    append_entry(workspace=workspace, by=by, at=at, verb="look for person", target=target)
    job.refresh_from_db()
    return job


@transaction.atomic
def ask_to_erase(*, look: Job, kept: tuple[str, ...], by: Person, at: datetime) -> Job:
    """The job that erases, after what was found was seen. `kept`: marks of texts of others that stay."""
    about = {name: look.about[name] for name in ("kind", "key", "also")} | {"kept": list(kept)}
    return ask_for(
        kind="erase", workspace=look.workspace, by=by, at=at, about=about, once=f"erase {about['kind']} {about['key']}"
    )


@transaction.atomic
def tell_found(*, workspace: Workspace, whom: Whom, job: str) -> dict[str, Any]:
    """Look everywhere and keep on the job what was found: counts, and each text of others with the words around."""
    found = look_for(workspace, whom)
    row = Job.objects.select_for_update().get(workspace=workspace, key=job)
    Job.objects.filter(pk=row.pk).update(about=row.about | {"found": found})
    return found


def look_for(workspace: Workspace, whom: Whom) -> dict[str, Any]:
    """`counts`: contacts, events, words, files, texts; `places`: [{mark, where, text}] of others, `shared` likewise."""
    wanted = needles(told_of(whom.names, whom.emails, 1))
    own = own_of(workspace, whom)
    places: list[dict[str, str]] = []
    texts = 0
    if wanted is not None:
        for place in find_places(workspace, wanted):
            theirs = place.table == "wording" and place.row in own.words
            if place.table == "job" or (place.table == "contact" and place.row in own.contacts):
                continue
            texts += 1
            if place.written and not place.whole and not theirs and len(places) < SHOWN:
                places.append({"mark": place.mark, "where": place.table, "text": place.excerpt})
        for row in files_of(workspace):
            file = Attachment.objects.get(pk=row)
            if row not in own.files and in_content(bytes(file.content or b""), wanted) and len(places) < SHOWN:
                text = excerpt(bytes(file.content or b"").decode("utf-8", "replace"), wanted)
                places.append({"mark": f"attachment.content.{row}", "where": "file", "text": text})
    shared = Wording.objects.filter(pk__in=own.shared).order_by("pk")[:SHOWN]
    return {
        "counts": {"contacts": len(own.contacts), "events": own.events, "words": len(own.words),
                   "files": len(own.files), "texts": texts},
        "places": places,
        "shared": [{"mark": f"shared.{row.pk}", "text": (row.text or "")[:LONGEST]} for row in shared],
    }  # fmt: skip
