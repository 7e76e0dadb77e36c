"""All figures of the team's pages, from a study and its diagnosis."""

from __future__ import annotations

from headway.diagnosis.open_pipeline import Rates, SilenceLimit
from headway.diagnosis.study import Study
from headway.diagnosis.team.findings import ages_of, standing_findings
from headway.diagnosis.team.movement import moved_of
from headway.diagnosis.team.open_deals import Gathered, claims_of, gather_gaps, matrices_of, money_of, stage_money
from headway.diagnosis.team.people import owners_of
from headway.diagnosis.team.practice import practice_of
from headway.diagnosis.team.silence import past_shares, silence_of
from headway.diagnosis.team.value import Behind, Pipeline, TeamFigures
from headway.diagnosis.value import Diagnosis


def team_figures(study: Study, found: Diagnosis, rates: Rates) -> TeamFigures:
    """`rates`: as `stage_gap_rates` gave them for this diagnosis."""
    deals, gathered, behind = found.open_deals, Gathered(), dict[str, Behind]()
    limit = SilenceLimit(found.gap.silence_limit_days, found.gap.silence_from)
    past = past_shares(study)
    standing = standing_findings(study)
    gather_gaps(deals, gathered)
    moved, stages = moved_of(study, found, behind)
    pipeline = Pipeline(
        currency=study.currency,
        claims=claims_of(deals),
        matrices=matrices_of(study, deals, gathered),
        money=money_of(study, deals, rates),
        stage_money=stage_money(study, deals, rates, gathered),
        silence=silence_of(deals, limit, past, gathered),
        ages=ages_of(study, standing, behind),
        moved=moved,
        stages=stages,
        upper_bound=found.movement.upper_bound,
        reason=found.gap.reason,
    )
    practice = practice_of(study, found, behind)
    owners = owners_of(study, deals, standing, limit, rates, past)
    return TeamFigures(pipeline, practice, owners, gathered.behind() | behind)
