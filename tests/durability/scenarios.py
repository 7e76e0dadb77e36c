"""One call of every action on a small workspace: what has to be there first, and the call itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from headway.deals.event_log import EventLog
from headway.deals.events import Outcome
from headway.process.form import form_of
from headway.process.starters import get_starter
from headway.store.actions import (
    baselines,
    batches,
    calls,
    commitments,
    contacts,
    deals,
    events,
    evidence,
    exceptions,
    imports,
    invitations,
    jobs,
    members,
    process_files,
    processes,
    publishing,
    trials,
    uploads,
    visits,
    workspaces,
)
from headway.store.actions.uploads import Incoming
from headway.store.models import (
    Baseline,
    Call,
    Commitment,
    Contact,
    Deal,
    Event,
    ImportBatch,
    Invitation,
    Membership,
    Person,
    Process,
    ProcessVersion,
    Trial,
    Workspace,
)
from headway.store.queries.calls import ALL_DEALS
from tests.cast import NOW, Cast
from tests.durability.before_scenarios import BEFORE
from tests.durability.correction_scenarios import CORRECTIONS
from tests.durability.gate_scenarios import GATES
from tests.durability.keeping_scenarios import KEEPING
from tests.durability.notice_scenarios import NOTICES
from tests.durability.placing_scenarios import PLACINGS
from tests.durability.rate_scenarios import RATES
from tests.durability.rhythm_scenarios import RHYTHM
from tests.durability.room_scenarios import ROOM
from tests.durability.second_factor_scenarios import SECOND_FACTOR
from tests.durability.topic_scenarios import TOPICS

AT = NOW + timedelta(hours=1)
TODAY = date(2026, 3, 2)
STEP, LONG_AGO = "ask_for_second_voice", NOW - timedelta(days=365)
FILE = Incoming("deals.csv", Path("/nowhere/deals.csv"), 10, "0" * 64)


class Ground:
    """The cast, a deal of Bob's, and what is on it; everything is read anew at each use."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.workspace = cast, cast.workspace
        self.who: dict[str, Any] = {"by": cast.alice, "at": AT}
        made = deals.add_deal(workspace=self.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
        self._deal = made.pk

    @property
    def deal(self) -> Deal:
        """Bob's deal."""
        return Deal.objects.select_related("workspace", "version").get(pk=self._deal)

    def last(self, model: Any) -> Any:
        """The newest row of a table."""
        return model.objects.order_by("-pk")[0]

    def on_deal(self) -> dict[str, Any]:
        """Arguments of every action on a deal."""
        return {"deal": self.deal, **self.who}


Step = Callable[[Ground], object]


def shown(g: Ground) -> object:
    """A piece of evidence on the deal."""
    return evidence.record_evidence(
        **g.on_deal(), milestone="problem_stated", source="quote", grade=1, happened_at=AT, quote="Yes", contact="Petra"
    )


def called(g: Ground) -> object:
    """A call for all deals."""
    return calls.record_call(
        workspace=g.workspace, period="2026-Q1", scope=ALL_DEALS, commit=Decimal(5), best_case=None, **g.who
    )


def promised(g: Ground, milestone: str = "") -> object:
    """A promise of Bob's on the deal, which its maker may end."""
    return commitments.make_commitment(
        workspace=g.workspace, owner="Bob Adler", person=g.cast.bob, what="Send the sheet", shows="signs the plan",
        contact="Petra Purchase", milestone=milestone, due_on=TODAY, deal=g.deal, **g.who,
    )  # fmt: skip


def let_go(g: Ground) -> object:
    """The promise is let go."""
    return commitments.end_commitment(commitment=g.last(Commitment), how="let_go", note="Not needed", **g.who)


def draft(g: Ground) -> object:
    """A changed draft of the published process."""
    form = form_of(get_starter("buyer_terms"))
    stages = (*form.stages[:-1], replace(form.stages[-1], usual_days="77"))
    return processes.save_draft(process=g.last(Process), form=replace(form, stages=stages), revision=0, **g.who)


def publish(g: Ground) -> object:
    """Publish the draft, and move open deals."""
    row = ProcessVersion.objects.get(number=None)
    return publishing.publish(
        process=g.last(Process), revision=row.revision, valid_from=None, move=True, mapping={}, **g.who
    )


def handed_in(g: Ground) -> object:
    """An import of one file, waiting."""
    return uploads.hand_in(workspace=g.workspace, files=[FILE], mapping="", processes=[], **g.who)


def two_files(g: Ground) -> object:
    """An import of two files, waiting."""
    handed_in(g)
    return uploads.add_files(batch=g.last(ImportBatch), files=[replace(FILE, name="b.csv")], **g.who)


def invited(g: Ground) -> object:
    """An open invitation."""
    return invitations.invite(workspace=g.workspace, email="new@example.com", role="seller", **g.who)


def member(g: Ground, name: str = "bob") -> Membership:
    """Somebody's membership."""
    return Membership.objects.select_related("workspace", "person").get(person__email=f"{name}@example.com")


def checked(g: Ground) -> None:
    """An import that may be started."""
    handed_in(g)
    ImportBatch.objects.update(state="ready", report={"compared": {}})


def imported(g: Ground) -> object:
    """An import of two deals, written."""
    batch = batches.begin_import(workspace=g.workspace, **g.who)
    batches.tell_batch(batch=batch, known_at=AT)
    return write_import(g)


def write_import(g: Ground) -> object:
    """Write the newest import."""
    with EventLog(in_memory=True) as log:
        log.connection.execute("INSERT INTO source_deals (deal, name) VALUES ('a', 'Imported a'), ('b', 'Imported b')")
        log.connection.execute(
            "INSERT INTO source_events (deal, kind, happened_at, recorded_how, ordinal)"
            " VALUES ('a', 'deal_created', '2026-01-05', 'snapshot', 1),"
            " ('b', 'deal_created', '2026-01-06', 'snapshot', 1)"
        )
        batch = ImportBatch.objects.select_related("workspace").order_by("-pk")[0]
        return imports.import_batch(batch=batch, log=log, **g.who)


def on_trial(g: Ground) -> Trial:
    """A running trial of a step of the published process."""
    return trials.start_trial(workspace=g.workspace, process=g.last(Process), step=STEP, **g.who)


def ended_trial(g: Ground) -> object:
    """One that has ended."""
    return trials.end_trial(trial=on_trial(g), reason="Enough", **g.who)


def nothing(g: Ground) -> None:
    """The ground as it is."""


# name of the action -> (what has to be there, the call)
def begun(g: Ground) -> None:
    """The start of a comparison, frozen."""
    baselines.begin_baseline(workspace=g.workspace, guided=True, **g.who)


def step_marked(g: Ground) -> None:
    """A step of an install, ticked off with a note."""
    baselines.mark_step(baseline=g.last(Baseline), step="buyers", note="Five of them", **g.who)


SCENARIOS: dict[str, tuple[Step, Step]] = {
    **BEFORE,
    **CORRECTIONS,
    **GATES,
    **KEEPING,
    **NOTICES,
    **RHYTHM,
    **ROOM,
    **SECOND_FACTOR,
    **TOPICS,
    **PLACINGS,
    **RATES,
    "deals.add_deal": (nothing, lambda g: deals.add_deal(workspace=g.workspace, name="New", owner="Bob", **g.who)),
    "deals.add_deal on trial": (
        on_trial, lambda g: deals.add_deal(workspace=g.workspace, name="New", owner="Bob", **g.who),
    ),
    "deals.drop_deal": (nothing, lambda g: deals.drop_deal(**g.on_deal())),
    "deals.name_deal": (nothing, lambda g: deals.name_deal(**g.on_deal(), field="name", value="Other")),
    "deals.claim_stage": (nothing, lambda g: deals.claim_stage(**g.on_deal(), stage="Problem")),
    "deals.set_amount": (nothing, lambda g: deals.set_amount(**g.on_deal(), amount=5)),
    "deals.set_close_date": (nothing, lambda g: deals.set_close_date(**g.on_deal(), due_on=TODAY)),
    "deals.set_owner": (nothing, lambda g: deals.set_owner(**g.on_deal(), owner="Somebody New")),
    "deals.decide_deal": (nothing, lambda g: deals.decide_deal(**g.on_deal(), outcome=Outcome.LOST, reason="Price")),
    "deals.reopen_deal": (
        lambda g: deals.decide_deal(**g.on_deal(), outcome=Outcome.LOST),
        lambda g: deals.reopen_deal(**g.on_deal()),
    ),
    "calls.record_call": (nothing, called),
    "calls.take_back_call": (called, lambda g: calls.take_back_call(call=g.last(Call), **g.who)),
    "contacts.add_contact": (nothing, lambda g: contacts.add_contact(**g.on_deal(), name="Petra")),
    "contacts.change_contact": (
        lambda g: contacts.add_contact(**g.on_deal(), name="Petra"),
        lambda g: contacts.change_contact(contact=g.last(Contact), name="Paula", part="", email="", **g.who),
    ),
    "contacts.remove_contact": (
        lambda g: contacts.add_contact(**g.on_deal(), name="Petra"),
        lambda g: contacts.remove_contact(contact=g.last(Contact), **g.who),
    ),
    "events.take_back": (shown, lambda g: events.take_back(event=g.last(Event), **g.who)),
    "evidence.record_evidence": (nothing, shown),
    "evidence.record_by_hand": (
        nothing,
        lambda g: evidence.record_by_hand(
            **g.on_deal(), milestone="problem_stated", happened_at=AT, act="wrote", contact="Petra", quote="Yes",
            link="https://example.com/x", file=evidence.HandedFile("a.txt", b"text", "text/plain"),
        ),
    ),
    "evidence.retract_evidence": (
        shown,
        lambda g: evidence.retract_evidence(
            **g.on_deal(), milestone="problem_stated", ref=g.last(Event).ref, reason="No"
        ),
    ),
    "evidence.dispute_evidence": (
        shown,
        lambda g: evidence.dispute_evidence(
            **g.on_deal(), milestone="problem_stated", ref=g.last(Event).ref, reason="No"
        ),
    ),
    "evidence.record_activity": (
        nothing, lambda g: evidence.record_activity(**g.on_deal(), what="call", happened_at=AT),
    ),
    "evidence.record_buyer_act": (
        nothing, lambda g: evidence.record_buyer_act(**g.on_deal(), what="reply", happened_at=AT, contact="Petra"),
    ),
    "evidence.agree_act": (nothing, lambda g: evidence.agree_act(**g.on_deal(), what="sign", due_on=TODAY)),
    "exceptions.allow_exception": (
        nothing,
        lambda g: exceptions.allow_exception(
            **g.on_deal(), rule="skip", reason="Why not", owner="Bob Adler", expires_on=date(2026, 9, 1),
            predicted=exceptions.Predicted.WON,
        ),
    ),
    "visits.find_nothing": (nothing, lambda g: visits.find_nothing(**g.on_deal())),
    "processes.make_process": (
        nothing,
        lambda g: processes.make_process(
            workspace=g.workspace, form=replace(form_of(get_starter("buyer_terms")), name="Another"), **g.who
        ),
    ),
    "processes.save_draft": (nothing, draft),
    "processes.drop_draft": (draft, lambda g: processes.drop_draft(process=g.last(Process), **g.who)),
    "processes.bring_back": (
        lambda g: processes.make_process(
            workspace=g.workspace, form=replace(form_of(get_starter("buyer_terms")), name="Another"), **g.who
        ) and processes.drop_draft(process=g.last(Process), **g.who),
        lambda g: processes.bring_back(process=g.last(Process), **g.who),
    ),
    "publishing.publish": (draft, publish),
    "publishing.withdraw": (
        lambda g: (draft(g), publish(g)),
        lambda g: publishing.withdraw(version=ProcessVersion.objects.get(number=2), **g.who),
    ),
    "process_files.publish_process": (
        nothing,
        lambda g: process_files.publish_process(workspace=g.workspace, process=get_starter("buyer_terms"), **g.who),
    ),
    "invitations.invite": (nothing, invited),
    "invitations.resend_invitation": (
        invited, lambda g: invitations.resend_invitation(invitation=g.last(Invitation), **g.who),
    ),
    "invitations.revoke_invitation": (
        invited, lambda g: invitations.revoke_invitation(invitation=g.last(Invitation), **g.who),
    ),
    "invitations.restore_invitation": (
        lambda g: (invited(g), invitations.revoke_invitation(invitation=g.last(Invitation), **g.who)),
        lambda g: invitations.restore_invitation(invitation=g.last(Invitation), **g.who),
    ),
    "invitations.join": (
        invited, lambda g: invitations.join(invitation=g.last(Invitation), person=g.cast.carol, at=AT),
    ),
    "invitations.join_anew": (
        invited, lambda g: invitations.join_anew(invitation=g.last(Invitation), name="N", password="x" * 20, at=AT),
    ),
    "members.change_role": (nothing, lambda g: members.change_role(membership=member(g), role="leader", **g.who)),
    "members.link_owner": (nothing, lambda g: members.link_owner(membership=member(g, "olga"), owner="Olga", **g.who)),
    "members.end_membership": (nothing, lambda g: members.end_membership(membership=member(g), **g.who)),
    "members.restore_membership": (
        lambda g: members.end_membership(membership=member(g), **g.who),
        lambda g: members.restore_membership(membership=member(g), **g.who),
    ),
    "jobs.ask_for": (
        nothing, lambda g: jobs.ask_for(kind="analyse", workspace=g.workspace, by=g.cast.bob, at=AT, once="x"),
    ),
    "jobs.take_job": (
        lambda g: jobs.ask_for(kind="analyse", workspace=g.workspace, by=g.cast.bob, at=NOW),
        lambda g: jobs.take_job(at=AT),
    ),
    "batches.begin_import": (nothing, lambda g: batches.begin_import(workspace=g.workspace, **g.who)),
    "batches.add_upload": (
        handed_in,
        lambda g: batches.add_upload(batch=g.last(ImportBatch), name="b.csv", path=Path("/b"), size=1, sha256="1"),
    ),
    "batches.tell_batch": (handed_in, lambda g: batches.tell_batch(batch=g.last(ImportBatch), title="Other")),
    "batches.start_import": (checked, lambda g: batches.start_import(batch=g.last(ImportBatch), **g.who)),
    "batches.drop_batch": (handed_in, lambda g: batches.drop_batch(batch=g.last(ImportBatch), **g.who)),
    "uploads.hand_in": (nothing, handed_in),
    "uploads.add_files": (handed_in, lambda g: uploads.add_files(batch=g.last(ImportBatch), files=[FILE], **g.who)),
    "uploads.answer": (
        handed_in, lambda g: uploads.answer(batch=g.last(ImportBatch), told={"day_order": "month_first"}, **g.who),
    ),
    "uploads.leave_out": (
        two_files, lambda g: uploads.leave_out(batch=g.last(ImportBatch), name="b.csv", **g.who),
    ),
    "uploads.settle_columns": (
        two_files, lambda g: uploads.settle_columns(batch=g.last(ImportBatch), out=["b.csv"], told={}, **g.who),
    ),
    "uploads.start": (checked, lambda g: uploads.start(batch=g.last(ImportBatch), **g.who)),
    "imports.import_batch": (
        lambda g: batches.tell_batch(batch=batches.begin_import(workspace=g.workspace, **g.who), known_at=AT),
        write_import,
    ),
    "imports.import_batch on trial": (
        lambda g: (
            trials.start_trial(workspace=g.workspace, process=g.last(Process), step=STEP, by=g.cast.alice, at=LONG_AGO),
            batches.tell_batch(batch=batches.begin_import(workspace=g.workspace, **g.who), known_at=AT),
        ),
        write_import,
    ),
    "imports.undo_import": (imported, lambda g: imports.undo_import(batch=g.last(ImportBatch), **g.who)),
    "commitments.make_commitment": (nothing, promised),
    "commitments.take_back_commitment": (
        promised, lambda g: commitments.take_back_commitment(commitment=g.last(Commitment), **g.who),
    ),
    "commitments.end_commitment": (promised, let_go),
    "commitments.take_back_end": (
        lambda g: (promised(g), let_go(g)),
        lambda g: commitments.take_back_end(commitment=g.last(Commitment), **g.who),
    ),
    "commitments.settle_commitments": (
        promised, lambda g: commitments.settle_commitments(workspace=g.workspace, at=AT + timedelta(days=3)),
    ),
    "commitments.record_self_review": (
        nothing,
        lambda g: commitments.record_self_review(
            workspace=g.workspace, person=g.cast.bob, week_on=TODAY, moved="Petra signed", stuck="", next="", at=AT
        ),
    ),
    "baselines.begin_baseline": (nothing, begun),
    "baselines.end_baseline": (begun, lambda g: baselines.end_baseline(baseline=g.last(Baseline), **g.who)),
    "baselines.resume_baseline": (
        lambda g: (begun(g), baselines.end_baseline(baseline=g.last(Baseline), **g.who)),
        lambda g: baselines.resume_baseline(baseline=g.last(Baseline), **g.who),
    ),
    "baselines.record_reading": (
        begun, lambda g: baselines.record_reading(baseline=g.last(Baseline), day=0, on=TODAY, figures=[], at=AT),
    ),
    "baselines.mark_step": (begun, step_marked),
    "baselines.unmark_step": (
        lambda g: (begun(g), step_marked(g)),
        lambda g: baselines.unmark_step(baseline=g.last(Baseline), step="buyers", **g.who),
    ),
    "trials.start_trial": (nothing, on_trial),
    "trials.drop_trial": (on_trial, lambda g: trials.drop_trial(trial=g.last(Trial), **g.who)),
    "trials.end_trial": (on_trial, lambda g: trials.end_trial(trial=g.last(Trial), reason="Enough", **g.who)),
    "trials.resume_trial": (ended_trial, lambda g: trials.resume_trial(trial=g.last(Trial), **g.who)),
    "workspaces.make_person": (
        nothing, lambda g: workspaces.make_person(email="n@example.com", name="N", password="x" * 20, at=AT),
    ),
    "workspaces.make_workspace": (nothing, lambda g: workspaces.make_workspace(name="W", by=g.cast.bob, at=AT)),
    "workspaces.add_member": (
        nothing, lambda g: workspaces.add_member(workspace=g.workspace, person=g.cast.carol, role="seller", **g.who),
    ),
    "workspaces.show_today": (
        lambda g: workspaces.show_day(workspace=g.workspace, shows_at=NOW, **g.who),
        lambda g: workspaces.show_today(workspace=Workspace.objects.get(pk=g.workspace.pk), **g.who),
    ),
    "workspaces.show_day": (nothing, lambda g: workspaces.show_day(workspace=g.workspace, shows_at=NOW, **g.who)),
    "workspaces.set_margin": (nothing, lambda g: workspaces.set_margin(workspace=g.workspace, points=5, **g.who)),
    "workspaces.set_truths": (
        nothing,
        lambda g: workspaces.set_truths(workspace=g.workspace, truths={"x": {"word": "works", "cost": 0.0}}, **g.who),
    ),
    "workspaces.set_password": (
        nothing,
        lambda g: workspaces.set_password(person=Person.objects.get(pk=g.cast.bob.pk), password="y" * 20),
    ),
}  # fmt: skip
