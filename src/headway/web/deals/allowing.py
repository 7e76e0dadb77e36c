"""Allow an exception: a departure from the process on one deal, with a reason, an owner, an end and a prediction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from headway.basics.errors import UserError
from headway.conformance.rules import RULES
from headway.store.actions.exceptions import Predicted, allow_exception
from headway.store.queries.deal_page import get_finding
from headway.web.deals.editing import day_of
from headway.web.deals.moment import today_of
from headway.web.deals.sheets import open_deal, sheet, to_deal
from headway.web.deals.words import PREDICTIONS
from headway.web.requests import Inside, inside
from headway.web.undo import done

TITLES = {rule.name: rule.title for rule in RULES}
USUAL_DAYS = 30


@inside()
def allow(request: Inside, key: str, finding: int) -> HttpResponse:
    """POST reason, owner, expires_on, predicted."""
    deal = open_deal(request, key)
    row = get_finding(deal, finding)
    today = today_of(request)
    context: dict[str, Any] = {
        "finding": row, "title": TITLES.get(row.rule, row.rule), "predictions": PREDICTIONS, "today": today.isoformat(),
        "reason": "", "owner": deal.owner.name if deal.owner else request.access.person.name,
        "expires_on": (today + timedelta(days=USUAL_DAYS)).isoformat(), "predicted": "",
    }  # fmt: skip
    if request.method != "POST":
        return sheet(request, "deals/allow.html", deal, context)
    posted = request.POST
    context |= {name: posted.get(name, "")[:2000] for name in ("reason", "owner", "expires_on", "predicted")}
    problems = {}
    for name, ask in ASKED.items():
        if not context[name].strip():
            problems[name] = ask
    if context["predicted"] and context["predicted"] not in PREDICTIONS:
        problems["predicted"] = ASKED["predicted"]
    expires_on = None
    try:
        expires_on = day_of(context["expires_on"])
        if expires_on is not None and expires_on < today:
            problems["expires_on"] = "An exception ends in the future: give a day from today on."
    except UserError as error:
        problems["expires_on"] = str(error)
    if problems or expires_on is None:
        return sheet(request, "deals/allow.html", deal, context | {"problems": problems}, status=422)
    event = allow_exception(
        deal=deal, rule=row.rule, reason=context["reason"], owner=context["owner"][:200], expires_on=expires_on,
        predicted=Predicted(context["predicted"]), by=request.access.person, at=request.now,
    )  # fmt: skip
    done(request, f"Allowed until {expires_on.day} {expires_on:%b %Y}.", event)
    return to_deal(request, deal, "findings")


ASKED = {
    "reason": "An exception needs a reason: write why the buyer goes another way.",
    "owner": "An exception needs somebody who answers for it: write a name.",
    "expires_on": "An exception ends: pick the day.",
    "predicted": "Choose what you expect to happen, so that it can be seen later whether you were right.",
}
