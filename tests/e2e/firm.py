"""Fills a fresh database with a small simulated firm and three people: `python -m tests.e2e.firm SELLERS MONTHS`.

The leader, a seller who owns deals, and operations, who has a second factor.
Run in a process of its own with the shipped settings. Prints what the tests must know, as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from headway.basics.errors import UserError

SEED = 7
PASSWORD = "correct horse battery"
ADDRESSES = {role: f"{role}@example.com" for role in ("leader", "seller", "operations")}


def main() -> int:
    """Migrate, load, let people in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.settings")
    django.setup()
    from django.core.management import call_command

    from headway.store.guards import ALL, enter

    call_command("migrate", verbosity=0)
    enter(ALL)
    sellers, months = map(int, sys.argv[1:])
    print(json.dumps(fill(datetime.now(UTC), sellers, months)))
    return 0


def fill(now: datetime, sellers: int, months: int) -> dict[str, object]:
    """The firm in a workspace; its key, and a session for each role."""
    from headway.demo.company import simulate
    from headway.demo.planted import planted_truths
    from headway.jobs.analysis import analyse
    from headway.jobs.importing import load_files
    from headway.store.actions.contacts import add_contact
    from headway.store.actions.invitations import invite
    from headway.store.actions.workspaces import add_member, make_person, make_workspace, set_truths
    from headway.store.guards import ALL, enter
    from headway.store.models import Deal, NoticeChoice
    from headway.store.queries.owners import busiest_owner

    with tempfile.TemporaryDirectory() as folder:
        company = simulate(SEED, now.date() - timedelta(days=1), sellers, months)
        files = company.write(Path(folder))
        leader = make_person(email=ADDRESSES["leader"], name="Lena Leader", password=PASSWORD, at=now, operator=True)
        workspace = make_workspace(name="Demo firm", by=leader, at=now)
        enter(ALL)
        load_files(workspace, files[:3], leader, now, files[3:4])
    truths = {step: asdict(truth) for step, truth in planted_truths(company).items()}
    set_truths(workspace=workspace, truths=truths, by=leader, at=now)
    analyse(workspace, at=now)
    enter(ALL)
    owner = busiest_owner(workspace)
    seller = make_person(email=ADDRESSES["seller"], name=owner, password=PASSWORD, at=now)
    operations = make_person(email=ADDRESSES["operations"], name="Olga Operations", password=PASSWORD, at=now)
    add_member(workspace=workspace, person=seller, role="seller", by=leader, at=now, owner=owner)
    add_member(workspace=workspace, person=operations, role="operations", by=leader, at=now)
    for person in (leader, seller, operations):  # whatever the hour at which the tests run
        NoticeChoice.objects.create(person=person, quiet_from=clock(0), quiet_until=clock(0))
    invite(workspace=workspace, email="new@example.com", role="viewer", by=leader, at=now)
    open_deal = Deal.objects.filter(workspace=workspace, outcome="").order_by("-amount")[0]
    add_contact(deal=open_deal, name="Petra Purchase", part="procurement", by=leader, at=now)
    shown(open_deal, leader, now)
    coached(workspace, leader, now)
    promised(open_deal, leader, seller, now)
    tried(workspace, leader, now)
    kept(workspace, leader, seller, now)
    reviewed(workspace, leader, now)
    prepared(workspace, leader, now)
    told(workspace, seller, now)
    placed(workspace, leader, seller, operations, now)
    gated(workspace, leader, now)
    kept_safe(workspace, leader, operations, now)
    guard(operations)
    people = {"leader": leader, "seller": seller, "operations": operations}
    sessions = {role: session_of(person) for role, person in people.items()}
    sessions["leader of yesterday"] = session_of(leader, shown_at=time.time() - 86_400)
    return {"workspace": workspace.key, "sessions": sessions}


def shown(deal: Any, by: Any, now: datetime) -> None:
    """One of each thing that a deal's pages lead to: evidence with a file, and a finding."""
    from headway.store.actions.evidence import HandedFile, record_by_hand
    from headway.store.models import DealFinding
    from headway.store.queries.versions import process_of

    milestone = process_of(deal.version).stages[0].milestones[0].id
    file = HandedFile("note.txt", b"We know that we lose a day a week.", "text/plain")
    record_by_hand(deal=deal, milestone=milestone, by=by, at=now, happened_at=now, contact="Petra Purchase", file=file)
    DealFinding.objects.create(
        workspace=deal.workspace, deal=deal, rule="skip", what="Skipped a stage.", mark="f" * 40,
        first_seen_at=now - timedelta(days=40),
    )  # fmt: skip


def coached(workspace: Any, leader: Any, now: datetime) -> None:
    """Findings that ended: one talked through, whose next deals were looked at since, one still to look at."""
    from headway.reviews.correction import Changed, How, Look
    from headway.store.actions.corrections import correct_finding, record_look
    from headway.store.models import DealFinding

    found = DealFinding.objects.filter(workspace=workspace, state="open", mark__isnull=False, deal__outcome="")
    ago = now - timedelta(days=35)
    for number, finding in enumerate(found.exclude(mark="f" * 40).order_by("first_seen_at", "pk")[:2]):
        at = now if number else ago
        made = correct_finding(
            finding=finding, how=How.COACHED, note="Ask who else signs before the offer goes out", by=leader, at=at,
            look_again_on=(at + timedelta(days=28)).date(),
        )  # fmt: skip
        if not number:
            record_look(correction=made, look=Look(14, 20, 1, 9, -0.8, -0.2, Changed.YES, None, 14), at=now)


def promised(deal: Any, leader: Any, seller: Any, now: datetime) -> None:
    """Promises of the leader and the seller: one broken, six that were kept by word, one still open."""
    from headway.store.actions.commitments import end_commitment, make_commitment, settle_commitments

    about = {"workspace": deal.workspace, "shows": "", "contact": "", "milestone": "", "by": leader}
    for number in range(8):
        made_at = now - timedelta(days=30 if number < 7 else 1)
        made = make_commitment(
            **about, owner=seller.name, person=seller, what=f"Send sheet {number} to Petra", at=made_at,
            due_on=(made_at + timedelta(days=7)).date(),
        )  # fmt: skip
        if number < 6:
            end_commitment(commitment=made, how="kept", by=leader, at=made_at + timedelta(days=2))
    make_commitment(
        **about, owner=leader.name, person=leader, what="Read the two lost deals", at=now, due_on=now.date(), deal=deal
    )
    settle_commitments(workspace=deal.workspace, at=now)


def tried(workspace: Any, by: Any, now: datetime) -> None:
    """A trial that runs."""
    from headway.store.actions.trials import start_trial
    from headway.store.models import Process

    process = Process.objects.get(workspace=workspace)
    start_trial(workspace=workspace, process=process, step="write_back_problem", by=by, at=now)


def reviewed(workspace: Any, by: Any, now: datetime) -> None:
    """A process review with its topics, due soon."""
    from headway.reviews.process_topics import facts_of
    from headway.store.actions.process_review import prepare_topics
    from headway.store.models import AgendaItem, Review
    from tests.web.process_reviews import topic

    due_at = now + timedelta(hours=2)
    review = Review.objects.create(
        workspace=workspace, kind="process", name="Process review", leader=by, due_at=due_at, minutes=30
    )
    prepare_topics(review=review, at=now)
    step = topic(id="ask_who_signs", process="New business", title="Ask who released money for it the last time")
    AgendaItem.objects.create(
        workspace=workspace, review=review, subject=step.subject, place=9, minutes=6, why=[step.sentence],
        facts=facts_of(step),
    )  # fmt: skip


def prepared(workspace: Any, by: Any, now: datetime) -> None:
    """A review tomorrow, with its agenda."""
    from headway.store.actions.agendas import prepare_agenda
    from headway.store.actions.occurrences import begin_review_now

    review = begin_review_now(
        workspace=workspace, kind="pipeline", name="Pipeline review", team="", leader=by, minutes=45, by=by,
        at=now + timedelta(days=1),
    )  # fmt: skip
    prepare_agenda(review=review, at=now)


def kept(workspace: Any, leader: Any, seller: Any, now: datetime) -> None:
    """A rhythm that has been held, late, empty and missed, and whose next occurrence lies ahead."""
    from headway.store.actions.rhythms import lay_out, pass_by
    from headway.store.models import Review
    from tests.rhythms import weekly

    rhythm = weekly(workspace, leader, now - timedelta(days=60), seller)
    lay_out(rhythm=rhythm, at=now)
    states = ("held", "late", "empty", "due")
    gone = Review.objects.filter(rhythm=rhythm, due_at__lt=now - timedelta(days=7)).order_by("due_at")
    for number, review in enumerate(gone):
        state = states[number % len(states)]
        if state == "due":
            pass_by(review=review, at=now)
            continue
        opened_at = review.due_at + timedelta(days=state == "late")
        Review.objects.filter(pk=review.pk).update(state=state, opened_at=opened_at, closed_at=opened_at)


def told(workspace: Any, person: Any, now: datetime) -> None:
    """A message that could not be sent: no mail server is set up."""
    from headway.store.actions.outbox import Letter, put_out

    put_out(
        workspace=workspace, person=person, channel="mail", kind="minutes", letter=Letter("Minutes: North", "Decided."),
        once="minutes of the firm", at=now,
    )  # fmt: skip


def kept_safe(workspace: Any, leader: Any, operations: Any, now: datetime) -> None:
    """An export whose file is there, an offer of the workspace to operations, and a look for Petra that has ended."""
    from headway.store.actions.exports import ask_for_export, write_asked
    from headway.store.actions.hand_overs import offer_workspace
    from headway.store.actions.looking import ask_to_look, tell_found
    from headway.store.models import Contact, Job
    from headway.store.own_words import whom_of_contact

    export = ask_for_export(workspace=workspace, by=leader, at=now)
    write_asked(export=export, at=now, told=lambda *_: None)
    offer_workspace(workspace=workspace, to=operations, leaves=False, by=leader, at=now)
    petra = Contact.objects.filter(workspace=workspace, name="Petra Purchase")[0]
    job = ask_to_look(workspace=workspace, kind="contact", key=petra.key, also=(), by=leader, at=now)
    tell_found(workspace=workspace, whom=whom_of_contact(petra), job=job.key)
    Job.objects.filter(workspace=workspace, kind__in=("look", "export")).update(state="done", finished_at=now)


def gated(workspace: Any, leader: Any, now: datetime) -> None:
    """A gate before the second stage, which observes."""
    from headway.store.actions.gates import set_gate
    from headway.store.models import ProcessVersion
    from headway.store.queries.versions import process_of

    version = ProcessVersion.objects.select_related("process").get(workspace=workspace, number=1)
    set_gate(workspace=workspace, process=version.process, stage=process_of(version).stages[1].name, by=leader, at=now)


def placed(workspace: Any, leader: Any, seller: Any, operations: Any, now: datetime) -> None:
    """Two placings: one with results, in which two people differ on three deals, and one that waits for the leader."""
    from headway.store.actions.placings import begin_placing, finish_placing, place_deal
    from headway.store.models import PlacingDeal, ProcessVersion
    from headway.store.queries.versions import process_of

    version = ProcessVersion.objects.select_related("process").get(workspace=workspace, number=1)
    names = ["", *(stage.name for stage in process_of(version).stages)]
    asked = {"workspace": workspace, "version": version}
    placing = begin_placing(**asked, people=(seller, operations), by=leader, at=now)
    for person in (seller, operations):
        for item in PlacingDeal.objects.filter(placing=placing).select_related("placing__version", "workspace"):
            further = person == operations and item.number <= 3 and 0 < item.shown["rank"] < len(names) - 1
            place_deal(item=item, stage=names[item.shown["rank"] + further], by=person, at=now)
        finish_placing(placing=placing, by=person, at=now)
    with suppress(UserError):  # a very small firm has no further deals to place
        begin_placing(**asked, people=(leader, seller), by=operations, at=now)


def guard(person: object) -> None:
    """Switch the second factor on, so that its pages have something to show."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(person, generate_totp_secret())  # type: ignore[arg-type]
    RecoveryCodes.activate(person)  # type: ignore[arg-type]


def session_of(person: object, shown_at: float | None = None) -> str:
    """The key of a session in which this person is logged in. `shown_at`: when they typed their password, in seconds
    since 1970; otherwise so that they are not asked for it again while a test runs."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()  # type: ignore[attr-defined]
    shown_at = time.time() + 86_400 if shown_at is None else shown_at
    session["account_authentication_methods"] = [{"method": "password", "at": shown_at}]
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    sys.exit(main())
