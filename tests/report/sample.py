# ruff: noqa: E501 - tables of made-up figures read better in long lines
"""Diagnoses made by hand, to look at reports without reading a file: their figures are chosen, and hang together."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from headway.diagnosis.value import (
    Adherence,
    Consistency,
    CurvePoint,
    Diagnosis,
    Dwell,
    Fade,
    Flow,
    Gap,
    LogSummary,
    Movement,
    OrderPair,
    ProcessSummary,
    Repair,
    Sentence,
    SourceFile,
    StageGap,
    StageMovement,
    StageSummary,
)
from tests.report import sample_company as company
from tests.report import sample_judged as judged
from tests.report import sample_practice as practice
from tests.report.sample_company import AS_OF, STAGES, share

EMPTY_LOG = LogSummary(0, 0, 0, 0, 0, 0, 0, 0, 0, None, None, None, 0.0, 0, 0, 0, 0, 0, ())
LOG = LogSummary(
    deals=812, events=14_203, won=212, lost=248, no_decision=134, withdrawn=29, open=189, owners=12, accounts=655,
    first_at=datetime(2024, 12, 2, 8, 14, tzinfo=UTC), last_at=datetime(2026, 5, 31, 17, 40, tzinfo=UTC), currency="EUR",
    open_amount=0.0, open_without_amount=6, other_currency_deals=4, buyer_acts=3_918, activities=7_406,
    without_process=7, unknown_claims=(("Parked", 5), ("Legal review", 3)),
    sources=(
        SourceFile("opportunities.csv", "Salesforce opportunity report", 0.99, 812),
        SourceFile("opportunity_history.csv", "Salesforce Opportunity History report", 0.97, 5_031),
        SourceFile("mail_and_calendar.csv", "mapping file crm_mapping.yaml", 1.0, 8_360),
    ),
    repairs=(
        Repair("repaired", "Amounts written with a currency sign were read as numbers.", 34, "opportunities.csv", (18, 44, 61)),
        Repair("repaired", "Dates before the deal was created were moved to its creation.", 9, "opportunity_history.csv", (307, 308, 1120)),
        Repair("missing", "Deals without an expected close date.", 23, "opportunities.csv", (9, 30, 77)),
        Repair("missing", "Lost deals without a reason: they are counted as decisions.", 41, "opportunities.csv", (12, 15, 90)),
        Repair("dropped", "The footer of the report is no deal.", 5, "opportunities.csv", (814, 815, 816)),
        Repair("dropped", "Rows that repeat an earlier row word for word.", 12, "opportunity_history.csv", (64, 65, 912)),
    ),
)  # fmt: skip


def usual() -> Diagnosis:
    """Twelve sellers, 812 deals, buyer acts observed, one process in two versions."""
    deals = company.open_deals()
    amount = sum(deal.amount or 0.0 for deal in deals)
    log = dataclasses.replace(LOG, open=len(deals), open_amount=amount, open_without_amount=_unpriced(deals))
    stages = tuple(_stage_summary(rank, name, deals) for rank, name in enumerate(STAGES, 1))
    named = tuple(
        sorted((deal for deal in deals if deal.standing == "quiet"), key=lambda deal: -(deal.amount or 0))[:3]
    )
    observed = [deal for deal in deals if deal.gap is not None]
    return Diagnosis(
        as_of=AS_OF,
        title="Northwind Instruments",
        sentences=company.sentences(deals, named),
        log=log,
        processes=(ProcessSummary("New business", "2", False, None, 805, stages),),
        movement=Movement(_movement(0, "all stages", 805), tuple(map(_stage_movement, range(1, 6))), True),
        findings=company.findings(deals),
        gap=Gap(
            open_deals=len(deals),
            observed_deals=len(observed),
            inflated=sum((deal.gap or 0) > 0 for deal in observed),
            even=sum(deal.gap == 0 for deal in observed),
            sandbagged=sum((deal.gap or 0) < 0 for deal in observed),
            amount=(gap := sum(deal.gap_amount or 0.0 for deal in observed)),
            amount_low=gap * 0.58,
            amount_high=gap * 1.44,
            amount_deals=sum(deal.gap_amount is not None and deal.gap != 0 for deal in observed),
            amount_n=214,
            stages=tuple(_stage_gap(rank, name, observed) for rank, name in enumerate(STAGES, 1)),
            standings=company.standings(deals),
            silence_limit_days=21,
            silence_from="own past",
        ),
        open_deals=deals,
        adherence=practice.adherence(),
        flow=Flow(variants=143, paths=practice.paths(), edges=practice.edges(), dwell=tuple(map(_dwell, range(1, 6)))),
        consistency=practice.consistency(),
        fade=Fade(78, -3.1, -4.6, -1.6, datetime(2025, 11, 10, tzinfo=UTC).date(), datetime(2025, 10, 20, tzinfo=UTC).date(),
                  datetime(2025, 12, 1, tzinfo=UTC).date(), share(0.71, 1890), share(0.58, 1221)),
        pressure=practice.pressure(),
        traces=company.traces(deals, named),
        judged=judged.judged(),
    )  # fmt: skip


def unobserved() -> Diagnosis:
    """A plain export: no buyer acts and no process file. The order is the practised one, two pairs are uncertain."""
    whole = usual()
    blind = tuple(
        dataclasses.replace(
            deal, process="Your process as practised", evidenced_rank=None, evidenced=None, gap=None, gap_amount=None, silence_days=None, standing="unseen",
            milestones=(), past_won=None, past_n=None, question="What did someone at the buyer last do, and on which day?",
        )
        for deal in whole.open_deals
    )  # fmt: skip
    pairs = (
        OrderPair("Evaluation", "Business case", share(0.57, 212), False),
        OrderPair("Discovery", "Evaluation", share(0.93, 421), True),
        OrderPair("Business case", "Negotiation", share(0.88, 265), True),
        OrderPair("Negotiation", "Signature", share(0.96, 219), True),
    )
    process = ProcessSummary("Your process as practised", "", True, 0.86, 812, whole.processes[0].stages, pairs)
    stages = tuple(dataclasses.replace(stage, basis="claimed") for stage in whole.movement.stages)
    overall = whole.movement.overall
    kept = tuple(
        rule for rule in whole.findings if rule.rule in {"skip", "jump", "regression", "overstay", "pushed_close_date"}
    )
    not_asked = tuple(
        dataclasses.replace(rule, findings=0, deals=0, amount=0.0, open_deals=0, open_amount=0.0, stages=(), examples=(),
                            reason="No buyer act was observed, so nothing can be proven or lapse.")
        for rule in whole.findings if rule.rule in {"unproven_claim", "lapsed_evidence"}
    )  # fmt: skip
    reason = "No process file was given, so nothing was asked of anyone."
    return dataclasses.replace(
        whole,
        title="Pipeline export",
        sentences=company.unobserved_sentences(blind),
        log=dataclasses.replace(whole.log, buyer_acts=0, activities=0, without_process=0, unknown_claims=(), sources=LOG.sources[:2]),
        processes=(process,),
        movement=dataclasses.replace(
            whole.movement, overall=dataclasses.replace(overall, basis="claimed", n=812) if overall else None, stages=stages
        ),
        findings=kept + not_asked,
        gap=Gap(len(blind), 0, 0, 0, 0, None, (), (("unseen", len(blind), whole.log.open_amount),), 30, "process",
                "No buyer act was observed in this log."),
        open_deals=blind,
        adherence=Adherence(None, reason=reason),
        consistency=Consistency(0.07, 0.01, 0.16, 12, 623),
        fade=Fade(0, None, None, None, None, None, None, None, None, reason),
        traces=company.without_buyers(whole.traces),
        judged=judged.nothing_to_judge(),
    )  # fmt: skip


def empty() -> Diagnosis:
    """A file with headers and no deal."""
    reason = "There are no deals."
    return Diagnosis(
        as_of=AS_OF,
        title="Pipeline export",
        sentences=(
            Sentence("The buyer is not observed: the file holds no deals."),
            Sentence("Check that the export has rows below its headers, then run the same command again."),
        ),
        log=dataclasses.replace(EMPTY_LOG, sources=(SourceFile("deals.csv", "HubSpot deals export", 0.95, 0),)),
        processes=(),
        movement=Movement(None, (), False, reason),
        findings=(),
        gap=Gap(0, 0, 0, 0, 0, None, (), (), 30, "process", reason),
        open_deals=(),
        adherence=Adherence(None, reason=reason),
        flow=Flow(0, (), (), ()),
        consistency=Consistency(None, None, None, 0, 0, reason=reason),
        fade=Fade(0, None, None, None, None, None, None, None, None, reason),
        pressure=(),
        traces=(),
    )


def one_deal() -> Diagnosis:
    """One open deal without an amount or a close date: almost everything is unknown."""
    whole = usual()
    deal = dataclasses.replace(
        whole.open_deals[0], amount=None, currency=None, close_on=None, owner=None, account=None, gap_amount=None,
        past_won=None, past_n=None, evidenced_rank=None, evidenced=None, gap=None, silence_days=None,
    )  # fmt: skip
    reason = "One deal is too few; about 30 decided deals are needed."
    log = dataclasses.replace(EMPTY_LOG, deals=1, events=3, open=1, owners=0, first_at=AS_OF - timedelta(days=9), last_at=AS_OF,
                              open_without_amount=1)  # fmt: skip
    trace = tuple(trace for trace in whole.traces if trace.deal == deal.id)[:1]
    return dataclasses.replace(
        empty(),
        title="One deal",
        sentences=(Sentence(f"The only deal, {deal.name}, is open and the buyer is not observed.", (deal.id,)),),
        log=log,
        processes=(dataclasses.replace(whole.processes[0], deals=1),),
        movement=Movement(None, (), False, reason),
        gap=Gap(
            1, 0, 0, 0, 0, None, (), (("unseen", 1, 0.0),), 30, "process", "No buyer act was observed in this log."
        ),
        open_deals=(deal,),
        adherence=Adherence(None, reason=reason),
        consistency=Consistency(None, None, None, 0, 1, reason=reason),
        fade=Fade(0, None, None, None, None, None, None, None, None, reason),
        traces=tuple(dataclasses.replace(one, amount=None, currency=None, owner=None) for one in trace),
    )


def _unpriced(deals: tuple[object, ...]) -> int:
    return sum(getattr(deal, "amount", None) is None for deal in deals)


def _stage_summary(rank: int, name: str, deals: company.Deals) -> StageSummary:
    here = [deal for deal in deals if deal.claimed_rank == rank]
    milestones = tuple(buyer for _, place, buyer, _ in company.MILESTONES if place == rank)
    return StageSummary(
        rank, name, company.ENTERED[rank - 1], len(here), sum(deal.amount or 0 for deal in here), milestones
    )


def _stage_gap(rank: int, name: str, deals: list[company.OpenDeal]) -> StageGap:
    claimed = [deal for deal in deals if (deal.claimed_rank or 0) >= rank]
    proven = [deal for deal in deals if (deal.evidenced_rank or 0) >= rank]
    return StageGap("New business", rank, name, len(claimed), sum(deal.amount or 0 for deal in claimed),
                    len(proven), sum(deal.amount or 0 for deal in proven))  # fmt: skip


def _movement(rank: int, name: str, n: int) -> StageMovement:
    usual, won, lost, ended = ((96, 0.31, 0.33, 0.2), (88, 0.27, 0.34, 0.22), (61, 0.36, 0.3, 0.18), (44, 0.49, 0.26, 0.13),
                               (31, 0.66, 0.2, 0.07), (14, 0.86, 0.08, 0.02))[rank]  # fmt: skip
    pace = [1 - 0.5 ** ((day / usual) ** 1.3 * 1.6) for day in range(0, 2 * usual + 1, max(usual // 20, 1))]
    curve = tuple(
        CurvePoint(float(2 * usual * index / (len(pace) - 1)), won * part, lost * part**0.8, ended * part**1.5)
        for index, part in enumerate(pace)
    )
    at_usual = curve[len(curve) // 2]
    decided = at_usual.won + at_usual.lost
    return StageMovement("New business", rank, name, "evidenced", n, float(usual), "own past", share(decided, n),
                         share(at_usual.won, n), share(1 - decided - at_usual.ended, n), share(at_usual.ended, n),
                         usual * 0.68, usual * 0.6, usual * 0.77, curve)  # fmt: skip


def _stage_movement(rank: int) -> StageMovement:
    return _movement(rank, STAGES[rank - 1], company.ENTERED[rank - 1])


def _dwell(rank: int) -> Dwell:
    median, p75, p90, won = ((12, 24, 47, 31), (21, 38, 66, 49), (17, 33, 71, 40), (11, 26, 52, 24), (6, 12, 29, 15))[
        rank - 1
    ]
    return Dwell("New business", rank, STAGES[rank - 1], company.ENTERED[rank - 1] + 30, median, p75, p90, won, 212)
