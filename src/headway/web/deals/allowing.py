"""My way: leave out a rule or a step on one deal, because of something, and say what is expected.

An exception, allowed until a day and scored when the deal is decided. It begins at a finding, or before there is one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from headway.basics.errors import UserError
from headway.store.actions.exceptions import Predicted, allow_exception
from headway.store.queries.deal_page import DealRow, FindingRow, get_finding
from headway.store.queries.versions import process_of
from headway.web.deals.moment import today_of
from headway.web.deals.sheets import frozen, open_deal, sheet, to_deal
from headway.web.exception_words import KEPT_TO, PREDICTIONS, steps_of
from headway.web.requests import Inside, inside
from headway.web.typed import day_of
from headway.web.undo import done

USUAL_DAYS = 30
ASKED = {
    "rule": "Choose what you leave out, so that it can be seen how deals do without it.",
    "reason": "An exception needs a reason: write why the buyer goes another way.",
    "owner": "An exception needs somebody who answers for it: write a name.",
    "expires_on": "An exception ends: pick the day.",
    "predicted": "Choose what you expect to happen, so that it can be seen later whether you were right.",
}


@inside()
def allow(request: Inside, key: str, finding: int) -> HttpResponse:
    """At a finding. POST reason, owner, expires_on, predicted."""
    deal = open_deal(request, key)
    row = get_finding(deal, finding)
    here = reverse("allow_exception", kwargs={"w": request.access.workspace.key, "key": deal.key, "finding": row.pk})
    return _form(request, deal, {"here": here, "finding": row, "rule": row.rule}, row)


@inside()
def my_way(request: Inside, key: str) -> HttpResponse:
    """Before there is a finding. POST rule (or a step's id), reason, owner, expires_on, predicted."""
    deal = open_deal(request, key)
    here = reverse("my_way", kwargs={"w": request.access.workspace.key, "key": deal.key})
    return _form(request, deal, {"here": here, "rule": request.POST.get("rule", "")})


def _form(request: Inside, deal: DealRow, about: dict[str, Any], finding: FindingRow | None = None) -> HttpResponse:
    frozen(deal)
    today = today_of(request)
    steps = steps_of(process_of(deal.version) if deal.version else None, deal.claimed)
    context: dict[str, Any] = about | {
        "predictions": PREDICTIONS, "today": today.isoformat(), "steps": steps, "rules": KEPT_TO,
        "kept_to": KEPT_TO.get(about["rule"], about["rule"]),
        "reason": "", "owner": deal.owner.name if deal.owner else request.access.person.name,
        "expires_on": (today + timedelta(days=USUAL_DAYS)).isoformat(), "predicted": "",
    }  # fmt: skip
    if request.method != "POST":
        return sheet(request, "deals/allow.html", deal, context)
    posted = request.POST
    context |= {name: posted.get(name, "")[:2000] for name in ("reason", "owner", "expires_on", "predicted")}
    problems, expires_on = _problems(context, today)
    if finding is None and context["rule"] not in KEPT_TO and context["rule"] not in dict(steps):
        problems["rule"] = ASKED["rule"]
    if problems or expires_on is None:
        return sheet(request, "deals/allow.html", deal, context | {"problems": problems}, status=422)
    event = allow_exception(
        deal=deal, rule=context["rule"], reason=context["reason"], owner=context["owner"][:200], expires_on=expires_on,
        predicted=Predicted(context["predicted"]), by=request.access.person, at=request.now,
    )  # fmt: skip
    done(request, f"Allowed until {expires_on.day} {expires_on:%b %Y}. You will see whether it came true.", event)
    return to_deal(request, deal, "findings")


def _problems(context: dict[str, Any], today: date) -> tuple[dict[str, str], date | None]:
    """What is missing or cannot be, by field; and the day on which it ends, where that is one."""
    problems = {name: ask for name, ask in ASKED.items() if name != "rule" and not context[name].strip()}
    if context["predicted"] and context["predicted"] not in PREDICTIONS:
        problems["predicted"] = ASKED["predicted"]
    expires_on = None
    try:
        expires_on = day_of(context["expires_on"])
        if expires_on is not None and expires_on < today:
            problems["expires_on"] = "An exception ends in the future: give a day from today on."
    except UserError as error:
        problems["expires_on"] = str(error)
    return problems, expires_on
