"""For a process review: stages that placings convict, and corrections that ended with the process to change."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from headway.conformance.rules import RULES
from headway.reviews.correction import How
from headway.reviews.definition_topics import StageSeen, WishSeen
from headway.store.models import Correction, Workspace
from headway.store.queries.placings import convicted_stages, names_of
from headway.store.queries.topic_counts import newest_versions
from headway.store.queries.versions import process_of

YEAR = timedelta(days=365)
TITLES = {rule.name: rule.title for rule in RULES}


def stages_seen(workspace: Workspace) -> list[StageSeen]:
    """Of the newest version of each process. At most five queries."""
    found = []
    for one in convicted_stages(workspace):
        stage, names = one.stage, ("", *names_of(one.version))
        other = ""
        if one.confused is not None:
            rank = one.confused.second if one.confused.first == stage.rank else one.confused.first
            other = names[rank]
        found.append(
            StageSeen(
                stage.name if stage.rank else names[1], process_of(one.version).name, one.version.process.key, one.n,
                len(stage.deals), stage.beyond.value or 0.0, other,
            )
        )  # fmt: skip
    return found


def wishes_seen(workspace: Workspace, at: datetime) -> list[WishSeen]:
    """Of every process in use. One query for each, and one for the versions."""
    found = []
    for version in newest_versions(workspace):
        since = max(at - YEAR, version.published_at or at - YEAR)
        rows = Correction.objects.filter(
            workspace=workspace, how=How.PROCESS.value, voiding=None, at__gt=since, deal__is_live=True,
            deal__version__process=version.process_id,
        )  # fmt: skip
        counts = rows.values_list("rule", "stage").annotate(times=Count("pk"), deals=Count("deal", distinct=True))
        found += [
            WishSeen(rule, TITLES.get(rule, rule), stage, process_of(version).name, version.process.key, times, deals)
            for rule, stage, times, deals in counts.order_by("rule", "stage")
        ]
    return found
