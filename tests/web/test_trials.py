"""Trials as each role meets them: begun, told to sellers, read, ended, taken back; and the margin they go by."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from headway.deals.events import Outcome
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.trials import start_trial
from headway.store.models import Analysis, Deal, Entry, Event, Process, Trial, Workspace
from tests.cast import NOW, Cast, client_of
from tests.web.pages import to, undo

pytestmark = pytest.mark.django_db
STEP, TEXT = "ask_for_second_voice", "Ask who else has the problem, and for an introduction"


def begin(cast: Cast, client: Client, step: str = STEP, **given: str) -> tuple[int, str]:
    key = Process.objects.get(workspace=cast.workspace).key
    answer = client.post(to(cast, "trial_new"), {"process": key, "step": step, "how": "leave", **given}, follow=True)
    return answer.status_code, answer.content.decode()


def fill(cast: Cast, won: dict[str, float], deals: int = 60) -> None:
    """Deals of the past months, of each arm this share won."""
    seen = dict.fromkeys(won, 0)
    for n in range(deals):
        at = NOW + timedelta(hours=n)
        deal = add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=at, owner="Bob Adler")
        name = Event.objects.get(deal=deal, kind="trial_assigned").name or ""
        arm = name.rpartition(": ")[2]
        seen[arm] += 1
        outcome = Outcome.WON if seen[arm] % 10 < 10 * won[arm] else Outcome.LOST
        decide_deal(deal=deal, outcome=outcome, by=cast.bob, at=at + timedelta(days=1))


def test_a_leader_begins_a_trial_and_takes_it_back(cast: Cast) -> None:
    alice = client_of(cast.alice)
    assert TEXT in alice.get(to(cast, "trials")).content.decode()
    process = Process.objects.get(workspace=cast.workspace).key
    assert alice.get(to(cast, "trial_new"), {"process": process, "step": STEP}).status_code == 200
    status, page = begin(cast, alice)
    assert (status, Trial.objects.get().step) == (200, STEP)
    assert "From now on it is left out on half of the new deals." in page
    assert "The trial was not begun." in undo(alice, cast, page, to(cast, "trials")).content.decode()
    assert not Trial.objects.exists()


def test_what_was_typed_is_kept_where_it_cannot_begin(cast: Cast) -> None:
    alice = client_of(cast.alice)
    status, page = begin(cast, alice, how="words", other=" ")
    assert (status, Trial.objects.count()) == (422, 0)
    assert "Write the words that the other half is asked in." in page
    begin(cast, alice)
    status, page = begin(cast, alice, how="words", other="Ask who lost sleep over it")
    assert status == 422
    assert "A trial of this step runs already: end that one first." in page
    assert "Ask who lost sleep over it" in page
    assert begin(cast, alice, step="no_such_step")[0] == 404


def test_sellers_read_what_the_arm_asks_on_the_deal_and_on_my_deals(cast: Cast) -> None:
    begin(cast, client_of(cast.olga), how="words", other="Ask who lost sleep over it")
    bob = client_of(cast.bob)
    for name in ("One", "Two", "Three", "Four"):
        bob.post(to(cast, "add_deal"), {"name": name})
    asked = {
        "asked": f"Trial: on this deal do “{TEXT}”, as the process asks.",
        "other words": "Trial: on this deal it is asked in other words: “Ask who lost sleep over it”.",
    }
    mine = bob.get(to(cast, "my_deals")).content.decode()
    for deal in Deal.objects.filter(workspace=cast.workspace):
        arm = (Event.objects.get(deal=deal, kind="trial_assigned").name or "").rpartition(": ")[2]
        assert asked[arm] in bob.get(to(cast, "deal", key=deal.key)).content.decode()
        assert asked[arm] in mine
    assert mine.count('class="arm"') == 4


def test_an_answer_is_shown_with_its_picture_and_the_trial_ends_with_a_reason(cast: Cast) -> None:
    trial = start_trial(
        workspace=cast.workspace,
        process=Process.objects.get(workspace=cast.workspace),
        step=STEP,
        by=cast.alice,
        at=NOW,
    )
    fill(cast, {"asked": 0.1, "left out": 0.9})
    alice = client_of(cast.alice)
    page = alice.get(to(cast, "trial", key=trial.key)).content.decode()
    assert "Stop: leave it out from now on." in page
    assert "trial-course" in page
    assert "Better without" in alice.get(to(cast, "trials")).content.decode()
    refused = alice.post(to(cast, "trial_end", key=trial.key), {"reason": " "})
    assert refused.status_code == 422
    assert "Write why it ends" in refused.content.decode()
    ended = alice.post(to(cast, "trial_end", key=trial.key), {"reason": "It is clear"}, follow=True).content.decode()
    assert "Why it ended: It is clear" in ended
    assert "The trial goes on." in undo(alice, cast, ended, to(cast, "trials")).content.decode()
    assert Trial.objects.get().ended_at is None


def test_steps_that_the_analysis_asks_to_try_come_first(cast: Cast) -> None:
    summary = {"verdicts": {"send_risk_answers": "unknown", "write_back_problem": "works"}}
    Analysis.objects.create(workspace=cast.workspace, as_of=NOW, started_at=NOW, finished_at=NOW, summary=summary)
    page = client_of(cast.alice).get(to(cast, "trials")).content.decode()
    steps = re.findall(r'class="row-title">([^<]+)<.*?(Proposed)?</div>', page)
    assert page.count("Proposed") == 1
    assert steps[0][0].startswith("Send the answers that their security")


def test_who_may_not_begins_ends_and_changes_nothing(cast: Cast) -> None:
    begin(cast, client_of(cast.alice))
    key = Trial.objects.get().key
    for person in (cast.bob, cast.vera):
        client = client_of(person)
        for name in ("trials", "trial"):
            page = client.get(to(cast, name, **({"key": key} if name == "trial" else {})))
            assert page.status_code == 200
            assert "<textarea" not in page.content.decode()
        assert begin(cast, client, step="write_back_problem")[0] == 403
        assert client.post(to(cast, "trial_end", key=key), {"reason": "x"}).status_code == 403
        assert client.post(to(cast, "margin"), {"points": "5"}).status_code == 403
    assert (Trial.objects.count(), Trial.objects.get().ended_at) == (1, None)
    carol = client_of(cast.carol)
    assert [carol.get(to(cast, name)).status_code for name in ("trials", "margin")] == [404, 404]
    assert carol.get(to(cast, "trial", key=key)).status_code == 404
    theirs = reverse("trial", kwargs={"w": cast.elsewhere.key, "key": key})
    assert carol.get(theirs).status_code == 404


def test_the_margin_is_changed_told_to_the_audit_and_taken_back(cast: Cast) -> None:
    olga = client_of(cast.olga)
    assert to(cast, "margin") in olga.get(to(cast, "members")).content.decode()
    page = olga.post(to(cast, "margin"), {"points": "5"}, follow=True).content.decode()
    assert "The margin is 5 points: the next analysis goes by it." in page
    assert Entry.objects.filter(verb="set margin").count() == 1
    assert "changed the margin from 10 to 5 points" in olga.get(to(cast, "audit")).content.decode()
    undo(olga, cast, page, to(cast, "trials"))
    assert Workspace.objects.get(pk=cast.workspace.pk).margin_points == 10
    for points, said in (("0", "Write 1 to 50 points."), ("x", "Write a whole number of points.")):
        refused = olga.post(to(cast, "margin"), {"points": points})
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
