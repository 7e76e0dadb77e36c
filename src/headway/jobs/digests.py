"""One digest a day for each person over all their workspaces, at the hour they chose where they are."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.conf import settings

from headway.reviews.digest import Part, digest_blocks, digest_html, digest_subject, digest_text, find_digest
from headway.reviews.quiet import digest_day, zone_of
from headway.reviews.reminders import left_to_tell
from headway.store.actions.outbox import MAIL, SLACK, Letter
from headway.store.actions.reminders import settle_digest
from headway.store.guards import ALL, entered
from headway.store.notice_links import notices_address
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.reminders import Asked, Reader, list_readers, matters_of, told_of

log = logging.getLogger("headway.jobs.digests")


def put_due_digests(at: datetime) -> int:
    """Put out every digest whose hour has come and that was not settled yet; how many were settled, empty ones too.

    Asking again settles nothing anew, and two who ask at once settle each digest once between them.
    """
    settled = 0
    with entered(ALL):
        for reader in list_readers():
            day = due_day(reader, at)
            if day is None:
                continue
            try:
                settled += put_digest(reader, day, at)
            except Exception:
                log.exception("the digest of person %s could not be put out", reader.person.key)
    return settled


def due_day(reader: Reader, at: datetime) -> date | None:
    """The local day whose digest is to be settled now; None where it is not its hour, or it was settled."""
    choice = reader.choice
    if not way_of(reader):
        return None
    day = digest_day(at, zone_of(reader.person.zone), choice.digest_at, choice.weekdays)
    return None if day == choice.digest_on else day


def way_of(reader: Reader) -> str:
    """mail or slack; empty where they want nothing, or what they chose is not set up."""
    channel = reader.choice.channel
    works = settings.MAIL_WORKS if channel == MAIL else channel == SLACK and bool(reader.choice.slack_hook)
    return channel if works else ""


def put_digest(reader: Reader, on: date, at: datetime) -> bool:
    """Settle one digest; False where another did so meanwhile."""
    parts: list[Part] = []
    marks: list[tuple[WorkspaceRow, str]] = []
    for member in reader.memberships:
        workspace = member.workspace
        matters = matters_of(Asked(member, on, reader.choice.weekdays, at, way_of(reader)))
        left = left_to_tell(matters, told_of(workspace, reader.person), on) if matters else []
        parts.append(Part(workspace.name, tuple(left)))
        marks += [(workspace, matter.about) for matter in left]
    digest = find_digest(reader.person.first_name, on, parts, notices_address())
    letter, shown = None, set[str]()
    if digest is not None:
        shown = {matter.about for matter in digest.matters}
        letter = Letter(digest_subject(digest), digest_text(digest), digest_html(digest))
        if way_of(reader) == SLACK:
            letter = Letter(letter.subject, digest_text(digest, replies=False), blocks=digest_blocks(digest))
    told = [(workspace, about) for workspace, about in marks if about in shown]
    return settle_digest(person=reader.person, on=on, letter=letter, channel=way_of(reader), told=told, at=at)
