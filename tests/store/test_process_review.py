"""Process reviews in the store: what is counted, prepared, decided, taken back, and what came of it later."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta

import pytest

from headway.basics.errors import UserError
from headway.deals.events import EventKind, Outcome
from headway.process.form import form_of
from headway.reviews.correction import How
from headway.reviews.decisions import Promised
from headway.reviews.kinds import Held, What
from headway.reviews.process_topics import About
from headway.store.actions.corrections import correct_finding, take_back_correction
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, set_amount
from headway.store.actions.evidence import record_evidence
from headway.store.actions.process_review import prepare_topics
from headway.store.actions.processes import save_draft
from headway.store.actions.publishing import publish
from headway.store.actions.reviews import close_review, open_review, pass_over
from headway.store.actions.topic_decisions import decide_topic, process_for, take_back_topic
from headway.store.models import (
    AgendaItem,
    Analysis,
    AnalysisText,
    Commitment,
    DealFinding,
    Decision,
    Entry,
    Event,
    ProcessVersion,
    Review,
    Trial,
)
from headway.store.queries.process_topics import room_topics, topics_now
from headway.store.queries.processes import find_draft, get_draft
from headway.store.queries.topic_counts import criteria_seen, fields_seen, firm_of, habits_seen
from headway.store.queries.versions import process_of
from headway.verdict.value import Interval, Verdict
from tests.cast import NOW, Cast, make_cast
from tests.web.process_reviews import MILESTONE, PROCESS, STEP, make_process_review, topic

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def judged(cast: Cast, *words: str, step: str = STEP) -> None:
    """An analysis that says this of steps."""
    verdicts = [
        Verdict("step", step if n == 0 else f"step_{n}", f"Step {n}", PROCESS, "Problem", word, "harmless",
                f"Deals without “Step {n}” do as well.", "Rewrite or drop it.", 0.1,
                Interval(0.4 - n / 10, 0.3, 0.5, 200), Interval(0.0, -0.05, 0.05, 200), None, False)
        for n, word in enumerate(words)
    ]  # fmt: skip
    signs = [{"kind": "late evidence", "found": False, "sentence": "No"}]
    told = {"verdicts": [asdict(one) for one in verdicts], "signals": [], "own_ways": [], "theatre": {"signs": signs}}
    row = Analysis.objects.create(workspace=cast.workspace, as_of=NOW, started_at=NOW, finished_at=NOW)
    AnalysisText.objects.create(workspace=cast.workspace, analysis=row, diagnosis=json.dumps({"judged": told}))


def sell(cast: Cast, deals: int) -> None:
    """Decided deals of the last months: claimed past the first two stages, every second won; no milestone shown but
    the first, on a third of them."""
    for n in range(deals):
        at = NOW - (200 - n) * DAY
        deal = add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=at, owner="Bob Adler")
        stages = process_of(cast.version).stages
        set_amount(deal=deal, amount=10_000, by=cast.bob, at=at)
        claim_stage(deal=deal, stage=stages[3].name, by=cast.bob, at=at)
        if n % 3 == 0:
            first = stages[0].milestones[0].id
            record_evidence(deal=deal, milestone=first, source="quote", grade=1, by=cast.bob, at=at, happened_at=at,
                            quote="Yes")  # fmt: skip
        decide_deal(deal=deal, outcome=Outcome.WON if n % 2 else Outcome.LOST, by=cast.bob, at=at + DAY)


def opened(cast: Cast, review: Review | None = None) -> Review:
    review = review or make_process_review(cast.workspace, cast.alice)
    return open_review(review=review, by=cast.alice, at=NOW)


def item(review: Review, about: About = About.STEP) -> AgendaItem:
    return review.items.get(subject__startswith=about.value)


def test_what_a_year_brings_is_counted_from_deals(cast: Cast) -> None:
    sell(cast, 30)
    firm = firm_of(cast.workspace, NOW)
    assert (firm.opened, firm.decided, firm.won, firm.sellers) == (30, 30, 15, 1)
    assert firm.won_amount == pytest.approx(150_000)
    assert firm_of(cast.workspace, NOW + 800 * DAY).decided == 0


def test_criteria_are_counted_over_deals_claimed_past_their_stage(cast: Cast) -> None:
    sell(cast, 30)
    found = {one.id: one for one in criteria_seen(cast.workspace, NOW)}
    stages = process_of(cast.version).stages
    first, second = stages[0].milestones[0].id, stages[1].milestones[0].id
    assert (found[first].past, found[first].proven) == (30, 10)
    assert (found[second].past, found[second].proven) == (30, 0)
    assert found[stages[4].milestones[0].id].past == 0
    subjects = {one.subject for one in topics_now(cast.workspace, NOW)}
    assert f"milestone {second}" in subjects
    assert f"milestone {first}" not in subjects


def test_changes_asked_for_on_deals_are_a_topic_until_a_version_is_published(cast: Cast) -> None:
    deal = add_deal(workspace=cast.workspace, name="Asked on", by=cast.bob, at=NOW, owner="Bob Adler")
    for n in range(3):
        finding = DealFinding.objects.create(
            workspace=cast.workspace, deal=deal, rule="skip", stage="Problem", what="Went past it.", mend="Ask.",
            mark=str(n) * 40, first_seen_at=NOW,
        )  # fmt: skip
        made = correct_finding(finding=finding, how=How.PROCESS, by=cast.alice, at=NOW + DAY, note="Drop it")
    take_back_correction(correction=made, by=cast.alice, at=NOW + DAY)
    (wish,) = [one for one in topics_now(cast.workspace, NOW + 2 * DAY) if one.about is About.WISH]
    assert (wish.title, wish.process, wish.proposed) == ("Stage never entered: Problem", PROCESS, What.CHANGE)
    assert wish.sentence.startswith("2 findings on 1 deal ended with") and "Drop it" not in wish.sentence
    assert process_for(cast.workspace, wish) == cast.version.process
    cast.version.published_at = NOW + 3 * DAY
    cast.version.save(update_fields=["published_at"])
    assert not [one for one in topics_now(cast.workspace, NOW + 4 * DAY) if one.about is About.WISH]


def test_fields_and_habits_are_counted(cast: Cast) -> None:
    sell(cast, 12)
    fields = {one.id: one for one in fields_seen(cast.workspace, NOW, {"dates at period ends": "Odd."})}
    assert (fields["segment"].n, fields["segment"].filled) == (12, 0)
    assert (fields["amount"].filled, fields["close_date"].odd) == (12, "Odd.")
    for n, state in enumerate(("skipped", "skipped", "held", "late", "empty")):
        Review.objects.create(workspace=cast.workspace, kind="pipeline", name="Weekly", leader=cast.alice, minutes=30,
                              due_at=NOW - (n + 1) * DAY, state=state)  # fmt: skip
    habits = {one.id: one for one in habits_seen(cast.workspace, NOW, NOW)}
    assert (habits["skipped"].times, habits["skipped"].n) == (2, 5)
    assert (habits["empty"].times, habits["empty"].n) == (1, 3)


def test_reviews_of_an_imported_history_count_where_none_was_held_here(cast: Cast) -> None:
    for n in range(8):
        kind = EventKind.REVIEW_MISSED if n < 6 else EventKind.REVIEW_HELD
        at = NOW - (n + 1) * DAY
        Event.objects.create(workspace=cast.workspace, kind=kind.value, name="Weekly", happened_at=at, recorded_at=at)
    (skipped, *_) = habits_seen(cast.workspace, NOW, NOW)
    assert (skipped.times, skipped.n) == (6, 8)


def test_topics_are_prepared_within_the_minutes_and_twice_is_once(cast: Cast) -> None:
    judged(cast, "process", "works", "process", "unknown")
    sell(cast, 30)
    review = make_process_review(cast.workspace, cast.alice, ())
    prepare_topics(review=review, at=NOW)
    items = list(review.items.order_by("place"))
    assert len(items) == 5
    assert f"step {STEP}" in [one.subject for one in items]
    assert [one.value for one in items] == sorted((one.value for one in items), reverse=True)
    review.refresh_from_db()
    assert review.prepared_at == NOW
    entries = Entry.objects.count()
    again = prepare_topics(review=review, at=NOW + DAY)
    assert list(review.items.order_by("place")) == items
    assert (again.revision, Entry.objects.count()) == (review.revision, entries)


def test_prepared_again_what_was_settled_decided_or_passed_over_stays(cast: Cast) -> None:
    review = opened(cast)
    step, milestone = item(review), item(review, About.MILESTONE)
    decide_topic(item=step, what=What.NOTHING, reason="It stays", by=cast.alice, at=NOW)
    pass_over(item=milestone, by=cast.alice, at=NOW)
    AgendaItem.objects.filter(subject="field segment").update(state="answered")
    judged(cast, "process")
    prepare_topics(review=review, at=NOW + DAY)
    assert [one.subject for one in review.items.order_by("place")][:3] == [
        f"step {STEP}", f"milestone {MILESTONE}", "field segment",
    ]  # fmt: skip
    assert review.items.filter(subject=f"step {STEP}").count() == 1


def test_a_review_that_is_over_is_not_prepared_again(cast: Cast) -> None:
    review = opened(cast)
    close_review(review=review, by=cast.alice, at=NOW)
    before = list(review.items.values_list("subject", "place"))
    judged(cast, "process")
    prepare_topics(review=review, at=NOW + DAY)
    assert list(review.items.values_list("subject", "place")) == before


def test_a_change_stands_in_a_draft_and_is_taken_out_again(cast: Cast) -> None:
    review = opened(cast)
    made = decide_topic(
        item=item(review), what=What.CHANGE, reason="Nobody misses it", way="drop", by=cast.alice, at=NOW
    )
    draft = find_draft(cast.version.process)
    assert draft is not None
    assert STEP not in json.dumps(draft.form)
    assert (made.note.text if made.note else "") == "Drop the step: Nobody misses it"
    assert item(review).state == "done"
    take_back_topic(decision=made, by=cast.alice, at=NOW)
    assert find_draft(cast.version.process) is None
    assert item(review).state == "waiting"
    take_back_topic(decision=made, by=cast.alice, at=NOW)  # twice is once
    assert Decision.objects.filter(voiding=None).count() == 0


def test_taking_back_leaves_what_others_put_into_the_draft(cast: Cast) -> None:
    process = cast.version.process
    review = opened(cast)
    made = decide_topic(item=item(review, About.MILESTONE), what=What.CHANGE, reason="Too early", way="large",
                        words="50000", by=cast.alice, at=NOW)  # fmt: skip
    draft = get_draft(process)
    form = draft.form
    assert next(one for one in form.milestones if one.id == MILESTONE).amount_from == "50000"
    others = form.__class__(**{**{f: getattr(form, f) for f in form.__slots__}, "silence_days": "33"})
    save_draft(process=process, form=others, revision=draft.revision, by=cast.olga, at=NOW)
    take_back_topic(decision=made, by=cast.alice, at=NOW)
    left = get_draft(process).form
    assert left.silence_days == "33"
    assert left.milestones == form_of(process_of(cast.version)).milestones


def test_a_trial_is_begun_and_not_begun(cast: Cast) -> None:
    review = opened(cast)
    made = decide_topic(item=item(review), what=What.TRIAL, reason="To be sure", by=cast.alice, at=NOW)
    assert Trial.objects.get().key == made.about["trial"]
    take_back_topic(decision=made, by=cast.alice, at=NOW)
    assert not Trial.objects.exists()
    again = decide_topic(
        item=item(review), what=What.TRIAL, reason="Yes", words="Ask who lost sleep", by=cast.alice, at=NOW
    )
    assert Trial.objects.get().other == "Ask who lost sleep"
    add_deal(workspace=cast.workspace, name="New", by=cast.bob, at=NOW + DAY, owner="Bob Adler")
    with pytest.raises(UserError, match="Deals were assigned"):
        take_back_topic(decision=again, by=cast.alice, at=NOW + DAY)
    assert Trial.objects.exists()
    assert not Decision.objects.exclude(voiding=None).filter(pk=again.pk).exists()


def test_what_cannot_be_decided_writes_nothing(cast: Cast) -> None:
    review = make_process_review(cast.workspace, cast.alice)
    who = {"by": cast.alice, "at": NOW}
    with pytest.raises(UserError, match="not open"):
        decide_topic(item=item(review), what=What.NOTHING, reason="Why", **who)
    opened(cast, review)
    for given, match in (
        ({"what": What.NOTHING, "reason": " "}, "Write why"),
        ({"what": What.KEEP, "reason": "Why"}, "cannot be decided here"),
        ({"what": What.CHANGE, "reason": "Why", "way": "large", "words": "5"}, "Choose what"),
        ({"what": What.CHANGE, "reason": "Why", "way": "reword", "words": ""}, "other words"),
        ({"what": What.CHANGE, "reason": "Why", "way": "drop", "promise": Promised("A", "do", "", "", None)}, "day"),
    ):
        with pytest.raises(UserError, match=match):
            decide_topic(item=item(review), **given, **who)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="A trial is of a step"):
        decide_topic(item=item(review, About.FIELD), what=What.TRIAL, reason="Why", **who)
    assert not Decision.objects.exists()
    assert find_draft(cast.version.process) is None
    decide_topic(item=item(review), what=What.NOTHING, reason="Why", **who)
    with pytest.raises(UserError, match="decided meanwhile"):
        decide_topic(item=item(review), what=What.NOTHING, reason="Why", **who)


def test_a_decision_carries_a_promise_that_goes_with_it(cast: Cast) -> None:
    review = opened(cast)
    promise = Promised("Alice Adler", "Clean the field up", "No deal without it", "", (NOW + 7 * DAY).date())
    made = decide_topic(item=item(review, About.FIELD), what=What.CHANGE, reason="It is empty", promise=promise,
                        by=cast.alice, at=NOW)  # fmt: skip
    held = Commitment.objects.get()
    assert (held.person, held.review, held.item.subject if held.item else "") == (cast.alice, review, "field segment")
    take_back_topic(decision=made, by=cast.alice, at=NOW)
    assert not Commitment.objects.exists()


def test_a_review_without_decisions_is_ceremony_and_nothing_is_taken_back_after_it(cast: Cast) -> None:
    empty = opened(cast)
    assert close_review(review=empty, by=cast.alice, at=NOW).state == Held.EMPTY
    review = opened(cast)
    made = decide_topic(item=item(review), what=What.NOTHING, reason="Why", by=cast.alice, at=NOW)
    assert close_review(review=review, by=cast.alice, at=NOW).state == Held.HELD
    with pytest.raises(UserError, match="closed"):
        take_back_topic(decision=made, by=cast.alice, at=NOW)


def test_what_was_decided_last_time_is_told_with_what_came_of_it(cast: Cast) -> None:
    first = opened(cast)
    decide_topic(item=item(first), what=What.CHANGE, reason="Shorter", way="reword", words="Ask who else has it",
                 by=cast.alice, at=NOW)  # fmt: skip
    close_review(review=first, by=cast.alice, at=NOW)
    month = NOW + 30 * DAY
    now = topic(word="works")
    second = make_process_review(cast.workspace, cast.alice, (now,), due_at=month)
    (one,) = room_topics(second)
    assert one.before is not None
    assert (one.before.then.word, one.topic.word) == ("process", "works")
    assert one.before.came == "The change waits in the draft."
    draft = ProcessVersion.objects.get(number=None)
    publish(process=draft.process, revision=draft.revision, valid_from=None, move=True, mapping={}, by=cast.alice,
            at=NOW + DAY)  # fmt: skip
    (one,) = room_topics(second)
    assert one.before is not None
    assert one.before.came == "Published with version 2."
    assert room_topics(first)[0].before is None


def test_a_topic_is_found_in_its_process_even_when_that_was_named_anew(cast: Cast) -> None:
    assert process_for(cast.workspace, topic(process="Old name")) == cast.version.process
    assert process_for(cast.workspace, topic(id="gone")) is None
    assert process_for(cast.workspace, topic(About.RULE, "overstay", process="")) == cast.version.process
    assert process_for(cast.elsewhere, topic()) is None
