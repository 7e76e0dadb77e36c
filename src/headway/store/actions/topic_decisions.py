"""Decide on a topic of a process review: a change in a draft of the process, a trial, or nothing, with the reason.

`Decision.about`: {"way", "process", "new_draft", "was"} of a change (`headway.reviews.process_change`); {"trial"}.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from headway.basics.errors import UserError
from headway.process.form import form_of
from headway.reviews.decisions import Promised, Terms
from headway.reviews.kinds import What
from headway.reviews.process_change import WAYS, put_back, with_change
from headway.reviews.process_topics import About, Topic, topic_from
from headway.store.actions.decisions import decide, take_back_decision
from headway.store.actions.processes import drop_draft, save_draft
from headway.store.actions.reviews import CLOSED, OVER, hold, hold_running
from headway.store.actions.trials import drop_trial, start_trial
from headway.store.models import AgendaItem, Decision, DecisionVoiding, Person, Process, Trial, Workspace
from headway.store.queries.processes import find_draft, get_draft
from headway.store.queries.topic_counts import newest_versions
from headway.store.queries.versions import process_of


@transaction.atomic
def decide_topic(
    *,
    item: AgendaItem,
    what: What,
    reason: str,
    by: Person,
    at: datetime,
    way: str = "",
    words: str = "",
    promise: Promised | None = None,
) -> Decision:
    """End a topic. `way`, `words`: of a change, as in `headway.reviews.process_change`; `words` of a trial: the other
    words that half of the new deals are asked in, empty to leave the step out.

    UserError where the review is not open, the reason is missing, the topic was decided (take that back first), or
    the change or trial cannot be made; nothing is written then. StaleDraftError never: the newest draft is changed.
    """
    hold_running(item.review)  # two presses at once wait for each other
    topic = topic_from(item.facts)
    if Decision.objects.filter(item=item, voiding=None).exists():
        raise UserError("This topic was decided meanwhile: take that decision back first, or go on to the next.")
    reason = " ".join(reason.split())
    if not reason:
        raise UserError("Write why in a few words: next time it is read again.")
    about: dict[str, Any] = {}
    said = reason
    if What(what) is What.CHANGE:
        about, does = _change(item.workspace, topic, way, words, by, at)
        said = f"{does}: {reason}" if does else reason
    elif What(what) is What.TRIAL:
        about = {"trial": _trial(item.workspace, topic, words, by, at).key}
    return decide(item=item, what=What(what), by=by, at=at, note=said, terms=Terms(about=about), promise=promise)


@transaction.atomic
def take_back_topic(*, decision: Decision, by: Person, at: datetime) -> None:
    """Undo, as long as the review is open: the draft is as it was before, the trial is not begun. Twice is once.

    UserError where deals were assigned to the trial meanwhile.
    """
    review = hold(decision.review)
    if DecisionVoiding.objects.filter(decision=decision).exists():
        return
    if review.state in OVER:
        raise UserError(CLOSED)
    about = decision.about
    trial = Trial.objects.filter(workspace=decision.workspace_id, key=about.get("trial", "")).first()
    if trial is not None:
        drop_trial(trial=trial, by=by, at=at)
    process = Process.objects.filter(workspace=decision.workspace_id, key=about.get("process", "")).first()
    if process is not None:
        _restore(process, about, by, at)
    take_back_decision(decision=decision, by=by, at=at)


def process_for(workspace: Workspace, topic: Topic) -> Process | None:
    """The process a topic is in: by its name and by what it has; of a rule or an exception the one named, or the only
    one there is. None where it is in no published process any more."""
    versions = newest_versions(workspace)
    named = [one for one in versions if process_of(one).name == topic.process] or (
        versions if not topic.process and len(versions) == 1 else []
    )
    kinds = {About.STEP: "steps", About.MILESTONE: "milestones"}
    if topic.about in kinds:
        named = [
            one
            for one in named or versions
            if topic.id in {piece.id for _, piece in getattr(process_of(one), kinds[topic.about])}
        ]
    return named[0].process if named else None


def _change(
    workspace: Workspace, topic: Topic, way: str, words: str, by: Person, at: datetime
) -> tuple[dict[str, Any], str]:
    """Into the draft; of a field or a habit, which no process holds, the decision's own words are the change."""
    ways = dict(WAYS.get(topic.about, ()))
    if not ways:
        return {}, ""
    if way not in ways:
        raise UserError("Choose what is changed.")
    process = process_for(workspace, topic)
    if process is None:
        raise UserError("No published process has it any more: leave it as it is.")
    draft = get_draft(process)
    changed = with_change(draft.form, topic.about, topic.id, way, words)
    if changed.was is not None or draft.row is None:
        save_draft(process=process, form=changed.form, revision=draft.revision, by=by, at=at)
    about = {"way": way, "process": process.key, "new_draft": draft.row is None, "was": changed.was}
    return about, ways[way]


def _trial(workspace: Workspace, topic: Topic, words: str, by: Person, at: datetime) -> Trial:
    process = process_for(workspace, topic)
    if topic.about is not About.STEP or process is None:
        raise UserError("A trial is of a step that a published process asks of sellers: decide something else.")
    return start_trial(workspace=workspace, process=process, step=topic.id, other=words, by=by, at=at)


def _restore(process: Process, about: dict[str, Any], by: Person, at: datetime) -> None:
    """Take the change out of the draft; a draft that holds nothing else any more is thrown away."""
    row = find_draft(process)
    if row is None:
        return  # published or thrown away meanwhile: what was decided is taken back all the same
    draft = get_draft(process)
    form = put_back(draft.form, about["was"]) if about.get("was") else draft.form
    if about.get("new_draft") and draft.process is not None and form == form_of(draft.process):
        drop_draft(process=process, by=by, at=at)
    elif form != draft.form:
        save_draft(process=process, form=form, revision=row.revision, by=by, at=at)
