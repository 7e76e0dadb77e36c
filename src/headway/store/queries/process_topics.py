"""Topics of process reviews: what there would be to talk about, those of one review, what came of earlier ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from headway.reviews.definition_topics import stage_topics, wish_topics
from headway.reviews.process_topics import Topic, topic_from
from headway.reviews.topic_sources import (
    criterion_topics,
    field_topics,
    habit_topics,
    verdict_topics,
    way_topics,
)
from headway.store.models import AgendaItem as ItemRow
from headway.store.models import Decision as DecisionRow
from headway.store.models import ProcessVersion, Review, Trial, Workspace
from headway.store.models import Review as ReviewRow
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.analyses import get_report
from headway.store.queries.clock import shown_at
from headway.store.queries.topic_counts import (
    allowed_a_year,
    criteria_seen,
    fields_seen,
    firm_of,
    habits_seen,
)
from headway.store.queries.topic_definitions import stages_seen, wishes_seen
from headway.verdict.value import Interval, OwnWay, Signal, Verdict

__all__ = ["Before", "DecisionRow", "ItemRow", "ReviewRow", "RoomTopic"]

MOST_BEFORE = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """What the newest analysis says of the process; all empty before the first."""

    verdicts: tuple[Verdict, ...] = ()
    signals: tuple[Signal, ...] = ()
    ways: tuple[OwnWay, ...] = ()
    signs: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What was decided on the same topic in an earlier review: `then`: the topic as it stood; `came`: what came of it.
    `trial`, `process`: keys of what it began or changed, empty where nothing."""

    decision: DecisionRow
    then: Topic
    came: str
    trial: str = ""
    process: str = ""


@dataclass(frozen=True, slots=True)
class RoomTopic:
    """A topic on an agenda, the decision that stands (None: none yet), and what was decided on it before."""

    item: ItemRow
    topic: Topic
    decision: DecisionRow | None
    before: Before | None


def judged_of(workspace: Workspace) -> Judged:
    """From the newest analysis. One query, and the reading of its JSON: for a job, not for a page."""
    text = get_report(workspace, "json")
    told = (json.loads(text) if text else {}).get("judged") or {}
    if not told:
        return Judged()
    return Judged(
        verdicts=tuple(_read(Verdict, one) for one in told["verdicts"]),
        signals=tuple(_read(Signal, one) for one in told["signals"]),
        ways=tuple(_read(OwnWay, one) for one in told["own_ways"]),
        signs={one["kind"]: one["sentence"] for one in told["theatre"]["signs"] if one["found"]},
    )


def topics_now(workspace: Workspace, at: datetime) -> list[Topic]:
    """Everything there would be to talk about, in no order. For a job: a few queries for each milestone."""
    shown = shown_at(workspace, at)
    judged, firm = judged_of(workspace), firm_of(workspace, shown)
    return [
        *verdict_topics(judged.verdicts, firm),
        *way_topics(judged.ways, firm, allowed_a_year(workspace, shown)),
        *criterion_topics(criteria_seen(workspace, shown), judged.signals, firm),
        *field_topics(fields_seen(workspace, shown, judged.signs or {}), firm),
        *stage_topics(stages_seen(workspace), firm),
        *wish_topics(wishes_seen(workspace, at), firm),
        *habit_topics(habits_seen(workspace, at, shown), firm),
    ]


def room_topics(review: Review) -> list[RoomTopic]:
    """The topics of a review in their order. At most five queries."""
    items = list(ItemRow.objects.filter(review=review, deal=None).order_by("place", "pk"))
    topics = {item.pk: topic_from(item.facts) for item in items if item.facts}
    decisions = DecisionRow.objects.filter(review=review, voiding=None).select_related("by", "note")
    standing = {decision.item_id: decision for decision in decisions.order_by("pk")}
    before = earlier_decisions(review, [item.subject for item in items])
    return [
        RoomTopic(item, topics[item.pk], standing.get(item.pk), before.get(item.subject))
        for item in items
        if item.pk in topics
    ]


def earlier_decisions(review: Review, subjects: Iterable[str]) -> dict[str, Before]:
    """Subject -> the newest decision on it in another review before this one. At most three queries."""
    rows = DecisionRow.objects.filter(
        workspace=review.workspace_id, voiding=None, item__subject__in=list(subjects), review__due_at__lt=review.due_at
    ).exclude(review=review)
    newest: dict[str, DecisionRow] = {}
    for row in rows.select_related("item", "note", "by").order_by("-at", "-pk")[:MOST_BEFORE]:
        if row.item.facts:
            newest.setdefault(row.item.subject, row)
    trials = {
        trial.key: trial
        for trial in Trial.objects.filter(workspace=review.workspace_id, key__in=_keys(newest.values(), "trial"))
    }
    versions = ProcessVersion.objects.filter(
        workspace=review.workspace_id, process__key__in=_keys(newest.values(), "process"), withdrawn_at=None
    ).select_related("process")
    by_process: dict[str, list[ProcessVersion]] = {}
    for version in versions.order_by("number"):
        by_process.setdefault(version.process.key, []).append(version)
    return {
        subject: Before(
            row, topic_from(row.item.facts), _came(row, trials, by_process),
            row.about.get("trial", "") if row.about.get("trial") in trials else "", row.about.get("process", ""),
        )
        for subject, row in newest.items()
    }  # fmt: skip


def get_topic(access: Access, review: Review, key: str) -> RoomTopic:
    """One topic of the review. NotFoundError where it has none of this key."""
    found = next((one for one in room_topics(review) if one.item.key == key), None)
    if found is None or review.workspace_id != access.workspace.pk:
        raise NotFoundError(key)
    return found


def get_topic_decision(access: Access, key: str) -> DecisionRow:
    """A decision on a topic of this workspace, also one taken back."""
    found = DecisionRow.objects.select_related("item", "review__workspace", "workspace")
    row = found.filter(workspace=access.workspace, key=key, item__deal=None).first()
    if row is None:
        raise NotFoundError(key)
    return row


def _keys(rows: Iterable[DecisionRow], name: str) -> list[str]:
    return [row.about[name] for row in rows if row.about.get(name)]


def _came(row: DecisionRow, trials: Mapping[str, Trial], versions: Mapping[str, list[ProcessVersion]]) -> str:
    if row.what == "trial":
        trial = trials.get(row.about.get("trial", ""))
        if trial is None:
            return "The trial was not begun after all."
        return f"The trial ended: {trial.reason}" if trial.ended_at else "The trial is running."
    if row.what != "change" or not row.about.get("process"):
        return ""
    found = versions.get(row.about["process"], [])
    published = next((one for one in found if one.published_at and one.published_at > row.at), None)
    if published is not None:
        return f"Published with version {published.number}."
    return (
        "The change waits in the draft." if any(one.number is None for one in found) else "The draft was thrown away."
    )


def _read(kind: type[Any], told: Mapping[str, Any]) -> Any:
    """A value of `headway.verdict.value` from its JSON; what is not needed here (comparison, trial, truth) is left."""
    known = {field.name: told[field.name] for field in fields(kind) if field.name in told}
    for name in ("left_out", "effect", "share"):
        if known.get(name) is not None:
            known[name] = Interval(**known[name])
    return kind(**{name: value for name, value in known.items() if name not in ("comparison", "trial", "truth")})
