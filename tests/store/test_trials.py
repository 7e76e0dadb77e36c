"""Trials: new deals are assigned at once and for good, imported ones too; nothing of before, nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from headway.basics.errors import UserError
from headway.basics.periods import AsOf
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, Outcome
from headway.deals.history import DealHistory
from headway.store.actions.deals import add_deal, decide_deal, drop_deal, set_owner
from headway.store.actions.imports import import_batch, undo_import
from headway.store.actions.trials import drop_trial, end_trial, resume_trial, start_trial
from headway.store.actions.workspaces import set_margin
from headway.store.models import Deal, Entry, Event, ImportBatch, Process, Trial, Workspace
from headway.store.queries.access import NotFoundError
from headway.store.queries.event_log import fill_log
from headway.store.queries.trials import (
    arms_of,
    assignments_of,
    get_trial,
    horizon_of,
    list_steps,
    list_trials,
    plans_of,
)
from headway.trials.assignment import arm_of
from headway.trials.results import result_of, trial_results
from tests.cast import NOW, Cast, make_cast
from tests.logs import day, decided, event, fill, numbered

pytestmark = pytest.mark.django_db
STEP = "ask_for_second_voice"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def begun(cast: Cast, other: str = "", step: str = STEP) -> Trial:
    process = Process.objects.get(workspace=cast.workspace)
    return start_trial(workspace=cast.workspace, process=process, step=step, by=cast.alice, at=NOW, other=other)


def added(cast: Cast, minutes: int = 1, owner: str | None = "Bob Adler") -> Deal:
    at = NOW + timedelta(minutes=minutes)
    return add_deal(workspace=cast.workspace, name=f"Deal {minutes}", by=cast.bob, at=at, owner=owner)


def arm(deal: Deal) -> list[str]:
    events = Event.objects.filter(deal=deal, kind=EventKind.TRIAL_ASSIGNED.value, voiding=None)
    return [str(event.name) for event in events.order_by("id")]


def test_new_deals_are_assigned_by_owner_as_the_seed_says_and_older_ones_never(cast: Cast) -> None:
    before = added(cast, 0)
    trial = begun(cast)
    bobs = [added(cast, n) for n in range(1, 7)]
    nobodys = [added(cast, n, None) for n in range(7, 11)]
    assert arm(before) == []
    for deals, owner in ((bobs, "Bob Adler"), (nobodys, "")):
        expected = [f"{STEP}: {('asked', 'left out')[arm_of(trial.seed, owner, n)]}" for n in range(len(deals))]
        assert [arm(deal) for deal in deals] == [[name] for name in expected]


def test_a_deal_keeps_its_arm_and_adding_it_again_gives_the_same_one(cast: Cast) -> None:
    begun(cast)
    added(cast, 1)
    deal = added(cast, 2)
    first = arm(deal)
    set_owner(deal=deal, owner="Somebody Else", by=cast.alice, at=NOW + timedelta(hours=1))
    assert arm(deal) == first
    drop_deal(deal=deal, by=cast.bob, at=NOW + timedelta(hours=2))
    assert arm(added(cast, 150)) == first


def test_an_ended_trial_assigns_nothing_and_one_resumed_goes_on_where_it_was(cast: Cast) -> None:
    trial = begun(cast)
    added(cast, 1)
    end_trial(trial=trial, reason="Enough", by=cast.alice, at=NOW + timedelta(minutes=2))
    assert arm(added(cast, 3)) == []
    resume_trial(trial=trial, by=cast.alice, at=NOW + timedelta(minutes=4))
    assert arm(added(cast, 5)) == [f"{STEP}: {('asked', 'left out')[arm_of(trial.seed, 'Bob Adler', 1)]}"]
    verbs = Entry.objects.filter(target=f"trial {trial.key}").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["start trial", "end trial", "resume trial"]


def test_two_trials_assign_one_deal_each_for_itself_and_words_are_a_trial_too(cast: Cast) -> None:
    begun(cast)
    words = begun(cast, other="Ask who lost sleep over it", step="write_back_problem")
    deals = [added(cast, n) for n in range(1, 9)]
    shown = arms_of(Deal.objects.select_related("workspace").filter(pk__in=[deal.pk for deal in deals]))
    for deal in deals:
        assert [one.trial for one in shown[deal.pk]] == [STEP, "write_back_problem in other words"]
        asks = shown[deal.pk][1]
        assert asks.words == (words.other if asks.arm == "other words" else words.label)
    decide_deal(deal=deals[0], outcome=Outcome.LOST, by=cast.bob, at=NOW + timedelta(days=1))
    end_trial(trial=words, reason="Enough", by=cast.alice, at=NOW + timedelta(days=1))
    shown = arms_of(Deal.objects.select_related("workspace").filter(pk__in=[deal.pk for deal in deals], outcome=""))
    assert [one.trial for one in shown[deals[1].pk]] == [STEP]


def test_what_cannot_be_put_on_trial_is_refused_in_a_sentence(cast: Cast) -> None:
    with pytest.raises(UserError, match="no such step"):
        begun(cast, step="dance")
    with pytest.raises(UserError, match="buyer asks for this step"):
        begun(cast, step="send_case_for_money")
    with pytest.raises(UserError, match="words it has already"):
        begun(cast, other=" ask who else has the problem,  and for an introduction")
    trial = begun(cast)
    with pytest.raises(UserError, match="runs already"):
        begun(cast, other="Ask differently")
    with pytest.raises(UserError, match="why it ends"):
        end_trial(trial=trial, reason="  ", by=cast.alice, at=NOW)
    end_trial(trial=trial, reason="Enough", by=cast.alice, at=NOW)
    begun(cast)
    with pytest.raises(UserError, match="Another trial"):
        resume_trial(trial=trial, by=cast.alice, at=NOW)


def test_beginning_is_undone_while_no_deal_was_assigned(cast: Cast) -> None:
    drop_trial(trial=begun(cast), by=cast.alice, at=NOW)
    assert not Trial.objects.exists()
    trial = begun(cast)
    added(cast)
    with pytest.raises(UserError, match="end it with a reason"):
        drop_trial(trial=trial, by=cast.alice, at=NOW)


def bring_in(cast: Cast, *histories: DealHistory, at: float) -> ImportBatch:
    batch = ImportBatch.objects.create(workspace=cast.workspace, by=cast.olga, created_at=day(at), known_at=day(at))
    with EventLog(in_memory=True) as log:
        fill(log, numbered(histories))
        import_batch(batch=batch, log=log, by=cast.olga, at=day(at))
    return ImportBatch.objects.select_related("workspace").get(pk=batch.pk)


def history(name: str, at: float, *more: object, owner: str = "Bob Adler") -> DealHistory:
    created = (event(EventKind.DEAL_CREATED, at), event(EventKind.OWNER_SET, at, owner))
    return DealHistory(name, (*created, *more))  # type: ignore[arg-type]


def test_an_import_assigns_what_was_created_since_and_is_open_and_takes_it_back_with_itself(cast: Cast) -> None:
    trial = begun(cast)  # on day 60
    bring_in(cast, history("known", 61), at=62)
    files = (
        history("before", 59),
        history("since", 63),
        history("since too", 64),
        history("decided", 63, decided(64, "lost")),
        history("elsewhere", 65, event(EventKind.TRIAL_ASSIGNED, 65, f"{STEP}: asked")),
        history("known", 61),
    )
    batch = bring_in(cast, *files, at=70)
    arms = {d.source_id: arm(d) for d in Deal.objects.all()}
    expected = [[f"{STEP}: {('asked', 'left out')[arm_of(trial.seed, 'Bob Adler', n)]}"] for n in range(3)]
    assert arms == {
        "before": [], "decided": [], "elsewhere": [f"{STEP}: asked"],
        "known": expected[0], "since": expected[1], "since too": expected[2],
    }  # fmt: skip
    assert len(assignments_of(cast.workspace)[STEP]) == 4
    undo_import(batch=batch, by=cast.olga, at=day(71))
    assert len(assignments_of(cast.workspace)[STEP]) == 1
    again = bring_in(cast, *files, at=72)
    arms_again = {d.source_id: [str(e.name) for e in Event.objects.filter(deal=d, batch=again, kind="trial_assigned")]
                  for d in Deal.objects.filter(source_id__startswith="since")}  # fmt: skip
    assert set(map(tuple, arms_again.values())) <= {(), tuple(expected[1]), tuple(expected[2])}


def test_pages_and_the_analysis_find_the_same(cast: Cast) -> None:
    begun(cast)
    Workspace.objects.filter(pk=cast.workspace.pk).update(margin_points=30)
    for n in range(1, 41):
        deal = added(cast, n)
        outcome = Outcome.WON if n % 3 else Outcome.LOST
        decide_deal(deal=deal, outcome=outcome, by=cast.bob, at=NOW + timedelta(days=5, minutes=n))
    dropped = added(cast, 80)
    drop_deal(deal=dropped, by=cast.bob, at=NOW + timedelta(days=6))
    plans = plans_of(cast.workspace)
    at = NOW + timedelta(days=30)
    with EventLog(in_memory=True) as log:
        fill_log(cast.workspace.pk, log)
        log.build(AsOf.moment(at))
        from_log = trial_results(log, margin=0.3, plans=plans)
    rows = assignments_of(cast.workspace)[STEP]
    assert from_log == {STEP: result_of(STEP, rows, at, plans[STEP], 0.3)}
    assert from_log[STEP].decided == 40
    assert from_log[STEP].effect is not None


def test_deals_are_followed_as_long_as_nineteen_in_twenty_took(cast: Cast) -> None:
    assert horizon_of(cast.workspace) == 180  # nothing to go by yet
    for n in range(24):
        deal = added(cast, n)
        decide_deal(deal=deal, outcome=Outcome.LOST, by=cast.bob, at=NOW + timedelta(days=n + 60))
    assert 80 <= horizon_of(cast.workspace) <= 83
    assert begun(cast).horizon_days == horizon_of(cast.workspace)


def test_another_workspace_sees_no_trial_and_lends_none_its_deals(cast: Cast) -> None:
    trial = begun(cast)
    carol = cast.access(cast.carol)
    assert (list_trials(carol), list_steps(carol), assignments_of(cast.elsewhere)) == ([], [], {})
    with pytest.raises(NotFoundError):
        get_trial(carol, trial.key)
    theirs = add_deal(workspace=cast.elsewhere, name="Secret merger", by=cast.carol, at=NOW, owner="Bob Adler")
    assert arm(theirs) == []


def test_adding_a_deal_counts_its_owners_by_an_index(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans small tables otherwise")
    asked = Event.objects.filter(workspace=1, kind="trial_assigned", name__in=["a: asked", "a: left out"])
    assert "event_of_trial" in asked.explain()


def test_the_margin_is_set_within_its_bounds_and_tells_what_it_was(cast: Cast) -> None:
    assert set_margin(workspace=cast.workspace, points=5, by=cast.olga, at=NOW) == 10
    assert Workspace.objects.get(pk=cast.workspace.pk).margin_points == 5
    for points in (0, 51):
        with pytest.raises(UserError, match="1 to 50 points"):
            set_margin(workspace=cast.workspace, points=points, by=cast.olga, at=NOW)
