"""The audit: who did and who saw what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from headway.store.queries.audit import EntryFilter, EntryRow, list_entries, list_verbs, target_names
from headway.store.queries.people import list_members
from headway.web.requests import Inside, inside
from headway.web.shell import find_url

A_PAGE = 50
# Verb to what was done; the target stands at the …, or at the end.
DONE = {
    "saw": "saw",
    "make workspace": "made this workspace",
    "add member": "added … as {role}",
    "change role": "made … {to}, no longer {from}",
    "link owner": "changed who … is in the CRM",
    "end membership": "ended the membership of",
    "restore membership": "made … a member again",
    "invite": "invited … as {role}",
    "resend invitation": "made a new link for",
    "revoke invitation": "revoked the invitation of",
    "restore invitation": "restored the invitation of",
    "accept invitation": "accepted the invitation of",
    "show today": "had pages show today",
    "show day": "had pages show {day}",
    "set margin": "changed the margin from {from} to {to} points",
    "set truths": "said what is really so in this simulated firm",
    "add deal": "added",
    "take back": "took back an entry of",
    "drop deal": "removed",
    "look at deal": "looked at",
    "claim stage": "changed the claimed stage of",
    "set amount": "changed the amount of",
    "set close date": "changed the close date of",
    "set owner": "changed the owner of",
    "decide deal": "closed",
    "reopen deal": "reopened",
    "record evidence": "recorded evidence for",
    "retract evidence": "retracted evidence of",
    "dispute evidence": "disputed evidence of",
    "record activity": "recorded what the seller did for",
    "record buyer act": "recorded what the buyer did for",
    "agree act": "put down the agreed act of",
    "allow exception": "allowed an exception for",
    "start trial": "began",
    "end trial": "ended",
    "resume trial": "went on with",
    "drop trial": "took back",
    "make promise": "made",
    "take back promise": "took back",
    "end promise": "said how it ended:",
    "take back end of promise": "took back what was said of",
    "settle promises": "settled promises by evidence and calendar",
    "review own week": "did the self-review of the week",
    "settle before review": "settled before the meeting a point of",
    "unsettle before review": "put back on the agenda a point of",
    "open review": "opened",
    "join review": "joined",
    "turn to": "turned to another point of",
    "answer question": "answered a question in",
    "call deal": "made a blind call on",
    "open calls": "opened the blind calls in",
    "pass over": "passed over a point of",
    "take up": "took up a point again in",
    "decide in review": "decided in",
    "take back decision": "took back a decision of",
    "close review": "closed",
    "make call": "made",
    "take back call": "took back",
    "replay message": "sent again",
    "drop message": "kept back",
    "keep message": "put back into the outbox",
    "set slack hook": "set the Slack channel for minutes",
    "remove slack hook": "removed the Slack channel for minutes",
    "make process": "began",
    "edit draft": "edited the draft of",
    "drop draft": "dropped the draft of",
    "bring back process": "brought back",
    "publish process": "published a version of",
    "withdraw version": "took back a version of",
    "begin import": "handed in",
    "import": "imported",
    "drop import": "dropped",
    "undo import": "undid",
    "correct finding": "ended a finding on",
    "take back correction": "opened a finding again on",
    "look again": "looked whether the next deals changed after",
    "set gate": "set",
    "move gate": "moved",
    "end gate": "ended",
    "resume gate": "set again",
    "begin placing": "asked people for",
    "place deal": "placed a deal in",
    "finish placing": "finished",
    "resume placing": "went on with",
    "close placing": "opened the results of",
    "drop placing": "took back",
    "export workspace": "asked for",
    "download export": "downloaded",
    "delete export": "deleted",
    "load workspace": "loaded this workspace from an export",
    "look for person": "looked for the words of",
    "erase person": "erased",
    "erase old words": "erased words on deals decided long ago",
    "set retention": "changed how long words are kept",
    "offer workspace": "offered this workspace to",
    "accept workspace": "took this workspace over from",
    "decline workspace": "declined this workspace from",
    "withdraw offer": "withdrew the offer of this workspace to",
    "give workspace back": "gave this workspace back to",
    "ask for second factor": "changed whether everybody needs a second factor",
    "lift second factor": "took away the second factor of",
    "set rhythm": "set",
    "change rhythm": "changed",
    "end rhythm": "ended",
    "resume rhythm": "went on with",
    "begin baseline": "began",
    "read baseline": "read",
    "end baseline": "ended",
    "resume baseline": "went on with",
    "guide install": "was guided through the install of",
    "mark step": "marked a step of the install of",
    "unmark step": "unmarked a step of the install of",
    "prepare agenda": "prepared the agenda of",
    "prepare topics": "prepared the topics of",
    "make calendar link": "made a calendar link for",
    "revoke calendar link": "ended the calendar link of",
    "restore calendar link": "restored the calendar link of",
}
KINDS = {
    "deal": "a deal",
    "person": "a person",
    "invitation": "an invitation",
    "process": "a process",
    "import": "an import",
    "trial": "a trial",
    "call": "a call",
    "message": "a message",
    "promise": "a promise",
    "review": "a review",
    "owner": "an owner of deals",
    "contact": "somebody at a buyer",
    "gate": "a gate",
    "placing": "a placing",
    "export": "an export",
    "rhythm": "a rhythm",
    "baseline": "a baseline",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as people read it."""

    number: int
    at: datetime
    who: str
    who_key: str
    what: str
    then: str
    target: str
    name: str
    url: str


@inside()
def audit(request: Inside) -> HttpResponse:
    """Entries, the newest first, by person, verb, target and day. Who may not read all of it reads about themselves."""
    wanted, problem = read_filter(request)
    before = request.GET.get("before", "")
    found = list_entries(request.access, wanted, before=int(before) if before.isdigit() else None, count=A_PAGE + 1)
    names = target_names(request.access, {entry.target for entry in found if entry.target})
    zone = ZoneInfo(request.access.person.zone)
    context = {
        "lines": [line_of(request, entry, names, zone) for entry in found[:A_PAGE]],
        "older": with_page(request.GET, found[A_PAGE - 1].number) if len(found) > A_PAGE else "",
        "newest": with_page(request.GET, None) if before else "",
        "members": list_members(request.access),
        "verbs": sorted({*list_verbs(request.access), *filter(None, [wanted.verb])}),
        "problem": problem,
        "filtered": any(request.GET.get(name) for name in ("person", "verb", "target", "day")),
        "all_of_it": request.access.may("audit"),
    }
    return render(request, "people/audit.html", context, status=422 if problem else 200)


def read_filter(request: Inside) -> tuple[EntryFilter, str]:
    """What the address asks for, and a sentence where its day is none."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("person", "verb", "target", "day")}
    since = until = None
    problem = ""
    if asked["day"]:
        try:
            day = datetime.combine(date.fromisoformat(asked["day"]), time(), ZoneInfo(request.access.person.zone))
            since, until = day.astimezone(UTC), (day + timedelta(days=1)).astimezone(UTC)
        except (ValueError, OverflowError):
            problem = "This is no day: write it as in 2026-03-31."
    return EntryFilter(asked["person"], asked["verb"], asked["target"], since, until), problem


def line_of(request: Inside, entry: EntryRow, names: dict[str, str], zone: ZoneInfo) -> Line:
    """An entry with the names that its person and its target have now."""
    kind, _, key = entry.target.partition(" ")
    name = names.get(entry.target, KINDS.get(kind, entry.target))
    url = find_url("deal", w=request.access.workspace.key, key=key) if kind == "deal" and entry.target in names else ""
    what, _, then = words_of(entry).partition("…")
    return Line(
        number=entry.number,
        at=entry.at.astimezone(zone),
        who=str(entry.by) if entry.by else "Headway",
        who_key=entry.by.key if entry.by else "",
        what=what.strip(),
        then=then.strip(),
        target=entry.target,
        name=name,
        url=url,
    )


def words_of(entry: EntryRow) -> str:
    """What was done; a verb we have no better words for stands as it is."""
    try:
        return DONE.get(entry.verb, entry.verb).format_map(entry.detail)
    except (KeyError, ValueError, IndexError):
        return entry.verb


def with_page(asked: QueryDict, before: int | None) -> str:
    """The same filters on another page, as the query of a link."""
    kept = {name: asked[name] for name in ("person", "verb", "target", "day") if asked.get(name)}
    return "?" + urlencode({**kept, **({"before": before} if before is not None else {})})
