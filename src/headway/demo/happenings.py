"""What happens in the firm beside the deals' own course: reviews, inspections, hand-overs, exceptions, the trial."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from headway.deals.events import EventKind
from headway.deals.predictions import Predicted, ref_of
from headway.demo.records import Act

if TYPE_CHECKING:
    from headway.demo.company import Company, SimulatedDeal

LEADER = "Sigrid Aasen"
EXCEPTION_DAYS = 90
EXCEPTIONS = (
    ("overstay", "One more month instead of an end because their financial year begins late", Predicted.PROVEN),
    ("jump", "A visit instead of the usual order because they have bought like this before", Predicted.WON),
    ("pushed_close_date", "A later date instead of an end because they moved their board meeting", Predicted.ENDED),
)


def firm_rows(company: Company) -> Iterator[tuple[str, Act]]:
    """(deal id or nothing, what happened), for every review due and every deal it touched."""
    for review in company.rhythm.reviews:
        kind = EventKind.REVIEW_HELD if review.held else EventKind.REVIEW_MISSED
        yield "", Act(kind, review.name, review.moment, review.moment, LEADER)
    for deal in company.deals:
        yield from ((deal.id, act) for act in _about(company, deal))


def _about(company: Company, deal: SimulatedDeal) -> Iterator[Act]:
    name = f"Pipeline review {deal.owner.team}"
    created = deal.changes[0].moment
    yield Act(EventKind.OWNER_SET, deal.owner.name, created, created, deal.owner.name)
    if deal.final_owner is not deal.owner:
        yield Act(EventKind.OWNER_SET, deal.final_owner.name, deal.handed_over, deal.handed_over, LEADER)
    for place, moment in enumerate(deal.inspections):
        looked = moment + 0.004 * (1 + deal.number % 9)
        yield Act(EventKind.DEAL_INSPECTED, name, looked, looked, LEADER)
        if place == 4 and deal.number % 4 == 0 and not company.truth.own_ways:
            rule, why, predicted = EXCEPTIONS[deal.number % len(EXCEPTIONS)]
            until = company.calendar.day(looked) + timedelta(days=45)
            yield Act(
                EventKind.EXCEPTION_ALLOWED, rule, looked, looked, LEADER, "", None, until, ref_of(predicted), why
            )
    if deal.own_way is not None and (allowed := deal.allowed_at) is not None:
        way, until = deal.own_way, company.calendar.day(allowed) + timedelta(days=EXCEPTION_DAYS)
        ref = ref_of(way.predicted)
        yield Act(EventKind.EXCEPTION_ALLOWED, way.rule, allowed, allowed, LEADER, "", None, until, ref, way.why)
    if deal.arm is not None:
        arm = "asked" if deal.arm else "left out"
        yield Act(EventKind.TRIAL_ASSIGNED, f"{company.truth.trial_step}: {arm}", created, created, LEADER)
