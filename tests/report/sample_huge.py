# ruff: noqa: E501 - tables of made-up figures read better in long lines
"""A log that is too much of everything: thousands of open deals, forty stages, hostile and very long names."""

from __future__ import annotations

import dataclasses

from headway.diagnosis.value import (
    Adherence,
    AdherenceRow,
    Diagnosis,
    Dwell,
    Edge,
    Finding,
    Flow,
    Path,
    ProcessSummary,
    Sentence,
    StageGap,
    StageSummary,
)
from tests.report import sample_company as company
from tests.report.sample import usual
from tests.report.sample_company import share
from tests.report.sample_judged import crowded

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltungsrahmenvertragsverlängerung"
NAMES = (
    "<script>alert('x')</script> & Söhne \"GmbH\"",
    "شركة الابتكار للحلول المتقدمة – تجديد العقد",
    "🚀🦄 Moonshot 👩‍👩‍👧‍👦 rollout",
    LONG,
    "株式会社北海道精密計測・全社導入プロジェクト",
    "a" * 180,
    "javascript:alert(1)//--></style><img src=x onerror=alert(2)>",
)
STAGES = tuple(f"{place:02d} {NAMES[place % 7][:60]}" for place in range(1, 41))
PROCESS = "A very long name of a process that nobody shortened: renewals, upsells, tenders and frame contracts"


def huge() -> Diagnosis:
    """4,000 open deals in 9 processes, the first with 40 stages."""
    whole = usual()
    deals = tuple(
        dataclasses.replace(
            deal, id=f"{deal.id}/ø {place} \"'<&", name=f"{NAMES[place % 7]} {place}", owner=NAMES[(place + 1) % 7],
            account=NAMES[(place + 2) % 7], process=PROCESS, claimed_rank=1 + place % 40, claimed=STAGES[place % 40],
            evidenced_rank=place % 25, evidenced=STAGES[place % 25 - 1] if place % 25 else None,
            gap=1 + place % 40 - place % 25, amount=(deal.amount or 7.0) * 1e4,
        )
        for place, deal in enumerate(company.open_deals(4000))
    )  # fmt: skip
    process = ProcessSummary(PROCESS, "2026-05-very-long-version-label", False, None, 3000, tuple(
        StageSummary(rank, name, 4000 - 80 * rank, 100, 3e9) for rank, name in enumerate(STAGES, 1)))  # fmt: skip
    others = tuple(
        dataclasses.replace(whole.processes[0], name=f"Pipeline {NAMES[place % 7]} {place}") for place in range(8)
    )
    movement = dataclasses.replace(whole.movement, stages=tuple(
        dataclasses.replace(whole.movement.stages[rank % 5], process=PROCESS, rank=rank, stage=name)
        for rank, name in enumerate(STAGES, 1)))  # fmt: skip
    ids = [deal.id for deal in deals[:3]]
    names = " and ".join(deal.name for deal in deals[:3])
    return dataclasses.replace(
        whole,
        title=f"{NAMES[0]} {LONG}",
        sentences=(*whole.sentences[:1], Sentence(f"Ask in {names}.", tuple(ids)), *whole.sentences[2:]),
        log=dataclasses.replace(whole.log, deals=1_204_332, events=52_440_118, open=len(deals), open_amount=3.1e11),
        processes=(process, *others),
        movement=movement,
        findings=tuple(
            dataclasses.replace(rule, examples=tuple(_example(rule.rule, deals[place]) for place in range(8))) for rule in whole.findings
        ),
        gap=dataclasses.replace(
            whole.gap,
            stages=tuple(StageGap(PROCESS, rank, name, 4000 - 90 * rank, 9e9 - 2e8 * rank, max(3000 - 110 * rank, 0), max(6e9 - 2e8 * rank, 0))
                         for rank, name in enumerate(STAGES, 1)),
        ),
        open_deals=deals,
        adherence=Adherence(
            whole.adherence.overall,
            stages=tuple(AdherenceRow(name, 100, 200, share(0.5, 200), PROCESS) for name in STAGES),
            steps=whole.adherence.steps, versions=whole.adherence.versions, weeks=whole.adherence.weeks,
            teams=tuple(AdherenceRow(f"Team {name}", 30, 40, share(0.75, 40)) for name in NAMES),
        ),
        flow=Flow(
            98_211,
            tuple(Path(STAGES[: 3 + place % 37], 900 - place, 300, 300, 100, 100, 100 - place, 1e8) for place in range(20)),
            _edges(),
            tuple(Dwell(PROCESS, rank, name, 2000, 3.0 * rank, 6.0 * rank, 9.0 * rank, 7.0 * rank, 90) for rank, name in enumerate(STAGES, 1)),
        ),
        traces=tuple(
            dataclasses.replace(trace, deal=deal.id, name=deal.name, owner=deal.owner, amount=deal.amount)
            for trace, deal in zip(whole.traces, deals, strict=False)
        ),
        judged=crowded(NAMES, PROCESS),
    )  # fmt: skip


def _example(rule: str, deal: company.OpenDeal) -> Finding:
    return Finding(
        rule,
        deal.id,
        deal.name,
        deal.amount,
        PROCESS,
        "2",
        deal.claimed,
        None,
        f"{deal.name}: {NAMES[6]}",
        "Ask " * 30,
        True,
    )


def _edges() -> tuple[Edge, ...]:
    on = [Edge(STAGES[place], STAGES[place + 1], 3900 - 80 * place, 3000, 4.0, 1e8) for place in range(39)]
    over = [Edge(STAGES[place], STAGES[(place * 7 + 3) % 40], 300 - place, 200, 9.0, 1e7) for place in range(40)]
    ends = [
        Edge(STAGES[place], end, 60 + place, 50, 3.0, 1e7)
        for place in range(40)
        for end in ("won", "lost", "no_decision")
    ]
    return (*on, *over, *ends)
