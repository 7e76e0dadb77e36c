"""People: by name and nothing else; and of each, what they see first and alike with whoever leads."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from headway.basics.figures import count_text
from headway.reviews.kept import KeptRate, kept_rate
from headway.store.queries.clock import shown_at
from headway.store.queries.commitments import fates_of
from headway.store.queries.people import MembershipRow, get_member
from headway.store.queries.team import (
    AGAIN,
    Figures,
    Look,
    OwnerRow,
    deals_of,
    find_of_owner,
    findings_of,
    get_owner,
    list_looks,
    list_people,
)
from headway.web.requests import Inside, inside, saw_first
from headway.web.team.pipeline import claims_head, findings_head
from headway.web.team.shown import (
    Head,
    Line,
    Link,
    Table,
    Told,
    age_lines,
    deal_line,
    money_figure,
    rule_lines,
    silence_lines,
    silent_head,
)
from headway.web.team.views import asked_number, stages_of

USUAL = "findings"
CLAIMS = (("ahead", "Claim ahead of the buyer"), ("agree", "In agreement"), ("behind", "Buyer ahead of the claim"))


@inside()
def people(request: Inside) -> HttpResponse:
    """GET page: who owns deals, alphabetically, for who leads; everybody else finds their own page."""
    leads = request.access.may("team")
    page = asked_number(request, "page", 1)
    rows, more = list_people(request.access, page) if leads else ([], False)
    context = {"here": "people", "leads": leads, "rows": rows, "page": page, "more": more}
    return render(request, "team/people.html", context)


@inside()
def of_person(request: Inside, key: str) -> HttpResponse:
    """GET show: one's own figures, or for who leads somebody else's, who sees them alike, and that they looked."""
    member = get_member(request.access, key)
    own = member.person_id == request.access.person.pk
    if not own:
        request.access.need("team")
    targets = [f"person {member.person.key}"]
    if member.owner_id:
        targets.append(f"owner {member.owner_id}")
    return _page(request, member.owner, member, own=own, targets=targets)


@inside("team")
def of_owner(request: Inside, key: int) -> HttpResponse:
    """GET show: of an owner who has no account here yet; with one, their page is `of_person`."""
    owner, person = get_owner(request.access, key)
    if person:
        return redirect("team_person", w=request.access.workspace.key, key=person)
    return _page(request, owner, None, own=False, targets=[f"owner {owner.pk}"])


def _page(
    request: Inside, owner: OwnerRow | None, member: MembershipRow | None, *, own: bool, targets: list[str]
) -> HttpResponse:
    """The same rows for whoever opens it: nothing on it hangs on who looks but how they are addressed."""
    found = find_of_owner(request.access.workspace, owner.pk) if owner else None
    show = request.GET.get("show", USUAL)
    looks = list_looks(request.access, targets)
    if not own:
        looks = _looked(request, targets[0], looks)
    context: dict[str, Any] = {
        "here": "people", "own": own, "owner": owner, "member": member, "found": found,
        "name": member.person.name if member else owner.name if owner else "",
        "looks": looks, "promises": _promises(request, member) if member else None,
    }  # fmt: skip
    if found:
        context |= figures_of(found, _link(request, found)) | _listed(request, found, show)
    return render(request, "team/person.html", context)


def _looked(request: Inside, target: str, looks: list[Look]) -> list[Look]:
    """With this look, which is recorded once an hour; `looks` say whether it is already, so nobody asks again."""
    me = request.access.person
    known = any(look.by == me.pk and look.target == target and request.now - look.at < AGAIN for look in looks)
    if known or not saw_first(request, target):
        return looks
    return [Look(str(me), request.now, me.pk, target), *looks]


def figures_of(found: Figures, link: Link) -> dict[str, Any]:
    """What is said of a person: of their open deals, their buyers' silence, findings by age. Nobody beside them."""
    told, currency = found.told, found.told["currency"]
    claims, silence, ages = told["claims"], told["silence"], told["ages"]
    figure, grounds = money_figure(told["money"], currency)
    url = link("gap:ahead") if claims["ahead"] else ""
    return {
        "heads": [
            claims_head(claims, link), Head("Inflation", figure, grounds, url), silent_head(silence, link),
            findings_head(ages, link),
        ],
        "claims": Table("Claims against buyers", "Open deals", "", "Deals", _claim_lines(claims, link), ""),
        "silence": Table("Silence of the buyers", "Silence", "Deals", "Deals",
                         silence_lines(silence, currency, link), "Won of past ones as silent"),
        "ages": Table("Open findings by age", "Age", "Findings", "Findings", age_lines(ages, link), "Deals"),
        "rules": Table("Open findings by rule", "Rule", "Findings", "Findings", rule_lines(ages, link),
                       "Deals, median age"),
    }  # fmt: skip


def _claim_lines(claims: Told, link: Link) -> tuple[Line, ...]:
    unseen = claims["open"] - claims["observed"]
    lines = [
        Line(words, count_text(claims[kind]), url=link(f"gap:{kind}") if claims[kind] else "") for kind, words in CLAIMS
    ]
    return (*lines, Line("Cannot be told", count_text(unseen), url=link("gap:unseen") if unseen else ""))


def _link(request: Inside, found: Figures) -> Link:
    known = {one["name"] for one in found.told["lists"]}
    return lambda name: f"{request.path}?show={name}#deals" if name in known else ""


def _listed(request: Inside, found: Figures, show: str) -> dict[str, Any]:
    """The deals behind the figure that was pressed; at first those with the oldest open findings."""
    lists = {each["name"]: each for each in found.told["lists"]}
    one = lists.get(show) or lists.get(USUAL)
    if one is None:
        return {"listed": None}
    deals = deals_of(request.access, one["deals"])
    about = (
        findings_of(request.access, one["deals"]) if one["name"].split(":")[0] in ("findings", "age", "rule") else {}
    )
    at, stages = shown_at(request.access.workspace, request.now), stages_of(request)
    lines = [
        deal_line(deal, at, stages, tuple(finding.what for finding in about.get(deal.key, ())[:3])) for deal in deals
    ]
    return {"listed": one, "deals": lines}


def _promises(request: Inside, member: MembershipRow) -> dict[str, Any]:
    """Kept in time, of those whose day is over; with the page that has them all."""
    access = request.access
    today = request.now.astimezone(ZoneInfo(access.workspace.zone)).date()
    fates = [fate for _, fate in fates_of(access.workspace, request.now, person=member.person_id)]
    rate: KeptRate = kept_rate(fates, today)
    url = reverse("promises_of_person", kwargs={"w": access.workspace.key, "key": member.person.key})
    if rate.n == 0:
        return {"big": "None due", "grounds": "in 400 days", "url": url}
    if rate.value is None:
        more = f"kept by their day; about {rate.lacking} more until a share can be told"
        return {"big": f"{rate.kept} of {rate.n}", "grounds": more, "url": url}
    grounds = f"kept by their day ({100 * rate.low:.0f} to {100 * rate.high:.0f} %, {rate.kept} of {rate.n})"
    return {"big": f"{100 * rate.value:.0f} %", "grounds": grounds, "url": url}
