"""Record what a buyer did: milestone, what they did, when. Then withdraw it, or fetch the file behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from headway.basics.errors import UserError
from headway.deals.events import EventKind
from headway.evidence.deal_about import Choice
from headway.evidence.kinds import Grade
from headway.evidence.provenance import GRADES as GRADE_BY_SOURCE
from headway.evidence.provenance import Source
from headway.evidence.question import Reason, chosen_contact
from headway.process.definition import Milestone
from headway.store.actions.contacts import add_contact
from headway.store.actions.evidence import HandedFile, dispute_evidence, new_ref, record_by_hand, retract_evidence
from headway.store.queries.access import NotFoundError, get_deal
from headway.store.queries.deal_page import DealFacts, DealRow, Record, deal_facts, get_attachment
from headway.store.queries.versions import process_of
from headway.web.deals.choices import choices_of, what_was_done
from headway.web.deals.milestones import needs_words
from headway.web.deals.moment import moment_of, moment_on, today_of
from headway.web.deals.picture import DealPicture, deal_picture
from headway.web.deals.sheets import frozen, open_deal, sheet, to_deal
from headway.web.deals.words import GRADES, RAISES, grade_words
from headway.web.requests import Inside, inside
from headway.web.typed import day_of
from headway.web.undo import done

LONGEST_QUOTE = 4_000
LONGEST_LINK = 2_000
LONGEST_NAME = 200
MOST_CONTACTS = 12
# Types under which a browser may keep a file; everything else is bytes. None is ever shown inside a page.
SAFE_TYPES = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "txt": "text/plain",
    "eml": "message/rfc822", "csv": "text/csv",
}  # fmt: skip
TYPED = ("act", "contact", "new_contact", "quote", "link", "on")


@inside()
def record_evidence(request: Inside, key: str, milestone: str) -> HttpResponse:
    """GET: the sheet. POST act, contact or new_contact, quote, link, file, when or on: saves."""
    deal = open_deal(request, key)
    process = process_of(deal.version) if deal.version else None
    wanted = next((m for _, m in process.milestones if m.id == milestone), None) if process else None
    if wanted is None or process is None:
        raise NotFoundError(milestone)
    frozen(deal)
    facts = deal_facts(deal)
    picture = deal_picture(deal, facts, process, moment_of(request, deal))
    about = _about(request, deal, wanted, facts, picture)
    if request.method != "POST":
        return sheet(request, "deals/record.html", deal, about)
    problems, record = _posted(request, about)
    if problems or record is None:
        typed = {name: request.POST.get(name, "")[:LONGEST_QUOTE] for name in TYPED}
        return sheet(request, "deals/record.html", deal, about | typed | {"problems": problems}, status=422)
    event = record_by_hand(
        deal=deal, milestone=wanted.id, by=request.access.person, at=request.now, ref=about["ref"], **record
    )
    known = {contact.name for contact in facts.contacts}
    if request.POST.get("new_contact", "").strip() and record["contact"] not in known:
        add_contact(deal=deal, name=record["contact"], by=request.access.person, at=request.now)
    done(request, _said(wanted, event.grade or 0), event)
    return to_deal(request, deal, f"m-{wanted.id}")


def _about(request: Inside, deal: DealRow, wanted: Milestone, facts: DealFacts, picture: DealPicture) -> dict[str, Any]:
    """What the sheet shows; begun from an older record (`from`), it adds to that one."""
    earlier = _earlier(request, wanted, facts)
    today = today_of(request)
    names = [contact.name for contact in picture.contacts]
    likely = earlier.event.contact if earlier else _likely(picture, wanted)
    if likely in names:
        names = [likely, *(name for name in names if name != likely)]
    view = next(view for stage in picture.stages for view in stage.milestones if view.id == wanted.id)
    given = request.POST.get("ref", "")
    return {
        "milestone": view,
        "did": what_was_done(wanted),
        "needs": needs_words(wanted),
        "needed": wanted.proof.grade,
        "choices": choices_of(wanted),
        "contacts": names[:MOST_CONTACTS],
        "contact": likely or "",
        "act": earlier.shown.act if earlier else "",
        "earlier": earlier,
        "today": today,
        "yesterday": today - timedelta(days=1),
        "on": earlier.event.happened_at.date().isoformat() if earlier else "",
        "ref": given if _is_ref(given) else new_ref(),
        "word_grade": grade_words(Grade.WORD),
        "grade_hints": grade_hints(wanted),
        "limit_mb": settings.EXHIBIT_LIMIT_BYTES // 1024**2,
    }


def grade_hints(milestone: Milestone) -> dict[str, str]:
    """What the sheet says below the fields, by the source of what is handed in so far."""
    hints = {}
    for source in (Source.WORD, Source.QUOTE, Source.LINK, Source.FILE, Source.MAIL):
        grade = GRADE_BY_SOURCE[source]
        counts = "proves it" if grade >= milestone.proof.grade else "shows as weak"
        hints[source.value] = f"{_capital(GRADES[grade])}: {counts}. {RAISES.get(grade, '')}".strip()
    return hints


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_ref(text: str) -> bool:
    return text.startswith("e-") and len(text) == 14 and text[2:].isalnum()


def _earlier(request: Inside, wanted: Milestone, facts: DealFacts) -> Record | None:
    asked = request.GET.get("from", "") or request.POST.get("from", "")
    if not asked:
        return None
    kinds = (EventKind.EVIDENCE_RECORDED,)
    return next(
        (r for r in facts.records if str(r.id) == asked and r.event.kind in kinds and r.event.name == wanted.id), None
    )


def _likely(picture: DealPicture, wanted: Milestone) -> str | None:
    """Who there most likely did this: by their part, else who acted last."""
    if picture.standing is None or not picture.contacts:
        return None
    proof = next((p for p in picture.standing.proofs if p.milestone.id == wanted.id), None)
    if proof is None:
        return None
    found = chosen_contact(picture.about, picture.standing, Choice(Reason.OPEN, proof))
    return found.name if found else None


def _posted(request: Inside, about: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any] | None]:
    """(problems by field, what to record)."""
    posted, problems = request.POST, {}
    act, link, words = posted.get("act", ""), posted.get("link", "").strip(), posted.get("quote", "").strip()
    if act and act not in about["choices"] and act != about["act"]:
        problems["act"] = "Choose one of what they may have done."
    if len(words) > LONGEST_QUOTE:
        problems["quote"] = f"That is {len(words):,} characters: keep what matters, at most {LONGEST_QUOTE:,}."
    if link and not link.startswith(("http://", "https://")):
        problems["link"] = "A link begins with https:// – paste it as the browser shows it."
    elif len(link) > LONGEST_LINK:
        problems["link"] = f"That link is longer than {LONGEST_LINK:,} characters: paste a shorter one."
    contact = " ".join((posted.get("new_contact", "").strip() or posted.get("contact", "")).split())
    if len(contact) > LONGEST_NAME:
        problems["new_contact"] = f"A name has at most {LONGEST_NAME} characters."
    file = _file(request, problems)
    happened_at = None
    try:
        when = posted.get("when", "")
        day = {"today": about["today"], "yesterday": about["yesterday"]}.get(when) or day_of(posted.get("on", ""))
        if day is None:
            problems["when"] = "Say when it happened: press Today or Yesterday, or pick a day."
        elif day > about["today"]:
            problems["when"] = "That lies in the future: give the day on which it happened, today at the latest."
        else:
            same = about["earlier"] and about["earlier"].event.happened_at.date() == day
            happened_at = about["earlier"].event.happened_at if same else moment_on(request, day)
    except UserError as error:
        problems["when"] = str(error)
    if problems or happened_at is None:
        return problems, None
    return {}, {
        "happened_at": happened_at, "act": act, "contact": contact, "quote": words, "link": link, "file": file,
    }  # fmt: skip


def _file(request: Inside, problems: dict[str, str]) -> HandedFile | None:
    handed = request.FILES.get("file")
    if handed is None:
        return None
    size = handed.size or 0
    if size > settings.EXHIBIT_LIMIT_BYTES:
        limit = settings.EXHIBIT_LIMIT_BYTES // 1024**2
        problems["file"] = f"That file has {size / 1024**2:.0f} MB; at most {limit} MB: hand in the page that matters."
        return None
    if size == 0:
        problems["file"] = "That file is empty: choose another one."
        return None
    return HandedFile(handed.name or "file", handed.read(), handed.content_type or "")


def _said(milestone: Milestone, grade: int) -> str:
    if grade >= milestone.proof.grade:
        return f"Recorded, {GRADES[Grade(grade)]}: it counts."
    return "Recorded as your word: shows as weak. Add their words and it counts."


@inside()
def withdraw(request: Inside, key: str, event: int, how: str) -> HttpResponse:
    """POST reason: retract (it did not happen) or dispute (somebody doubts it) one record of evidence."""
    if how not in ("retract", "dispute"):
        raise NotFoundError(how)
    deal = open_deal(request, key)
    record = next((r for r in deal_facts(deal).records if r.id == event), None)
    if record is None or record.event.kind is not EventKind.EVIDENCE_RECORDED:
        raise NotFoundError(event)
    frozen(deal)
    reason = request.POST.get("reason", "")[:2000]
    context = {"record": record, "how": how, "reason": reason}
    if request.method != "POST":
        return sheet(request, "deals/withdraw.html", deal, context)
    action = retract_evidence if how == "retract" else dispute_evidence
    try:
        made = action(
            deal=deal, milestone=record.event.name or "", ref=record.event.ref, reason=reason,
            by=request.access.person, at=request.now,
        )  # fmt: skip
    except UserError as error:
        return sheet(request, "deals/withdraw.html", deal, context | {"problem": str(error)}, status=422)
    done(request, "Retracted." if how == "retract" else "Disputed: it counts again when they show it anew.", made)
    return to_deal(request, deal, f"m-{record.event.name}")


@inside()
def attachment(request: Inside, key: str, file: str) -> HttpResponse:
    """The file behind a piece of evidence: handed out to be saved, never shown inside a page."""
    found = get_attachment(request.access, get_deal(request.access, key), file)
    ending = found.name.rpartition(".")[2].lower() if "." in found.name else ""
    response = HttpResponse(
        bytes(found.content or b""), content_type=SAFE_TYPES.get(ending, "application/octet-stream")
    )
    response["Content-Disposition"] = content_disposition_header(True, found.name or "file")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
