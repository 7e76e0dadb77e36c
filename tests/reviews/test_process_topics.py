"""What a process review talks about: which topics there are, what each costs, how many fit, and what a change does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.conformance.shares import share
from headway.process.form import form_of
from headway.process.starters import get_starter
from headway.reviews.kinds import What
from headway.reviews.process_change import DROP, LARGE, LATER, MARK, REWORD, put_back, with_change
from headway.reviews.process_topics import (
    ASK_HOURS,
    HOURS_A_YEAR,
    LOOK_HOURS,
    MINUTES_EACH,
    About,
    Cost,
    Firm,
    Topic,
    chosen,
    facts_of,
    topic_from,
)
from headway.reviews.topic_sources import (
    CriterionSeen,
    FieldSeen,
    HabitSeen,
    criterion_topics,
    field_topics,
    habit_topics,
    verdict_topics,
    way_topics,
)
from headway.verdict.value import Interval, OwnWay, Signal, Verdict

FIRM = Firm(decided=200, opened=240, won=50, won_amount=2_000_000, sellers=5, currency="EUR")
STEP, MILESTONE = "ask_for_second_voice", "problem_stated"


def verdict(word: str, ground: str = "", **given: object) -> Verdict:
    made = Verdict(
        subject="step", id="press", label="Press for a date", process="New business", stage="Proposal", word=word,
        ground=ground, sentence="Deals without “Press for a date” were won as often.", so="Do this.", margin=0.1,
        left_out=Interval(0.4, 0.35, 0.45, 300), effect=Interval(0.02, -0.05, 0.09, 300), provisional=False,
    )  # fmt: skip
    return replace(made, **given)  # type: ignore[arg-type]


def way(word: str, predicted: str = "won", allowed: int = 14) -> OwnWay:
    share_won = Interval(0.75, 0.5, 0.9, 12) if predicted else None
    return OwnWay("skip", "Stage skipped", "", predicted, allowed, 12, 9, share_won, 0.25, word, "Allowed 14 times.")


def test_only_verdicts_that_ask_for_something_are_topics() -> None:
    words = ("works", "unknown", "", "process", "practice", "rhythm", "costly", "helps")
    found = verdict_topics([verdict(word, id=word or "asked") for word in words], FIRM)
    assert [topic.id for topic in found] == ["process", "practice", "rhythm", "costly", "helps"]
    assert found[0].sentence == "Deals without it were won as often."


def test_a_step_that_nobody_does_and_nobody_misses_is_one_though_unknown() -> None:
    left = Interval(0.93, 0.9, 0.96, 300)
    (found,) = verdict_topics([verdict("unknown", "too few", left_out=left, effect=None)], FIRM)
    assert (found.word, found.proposed) == ("nobody does it, nobody misses it", What.CHANGE)
    missed = Interval(-0.2, -0.3, -0.1, 300)
    assert not verdict_topics([verdict("unknown", "too wide", left_out=left, effect=missed)], FIRM)


@pytest.mark.parametrize(
    ("word", "ground", "provisional", "proposed"),
    [
        ("process", "harmless", False, What.CHANGE),
        ("process", "harmless", True, What.TRIAL),
        ("process", "many leave it out", True, What.CHANGE),
        ("helps", "better without", True, What.TRIAL),
        ("practice", "few leave it out", False, What.NOTHING),
        ("rhythm", "not inspected", False, What.NOTHING),
        ("costly", "no reviews", False, What.NOTHING),
    ],
)
def test_the_end_proposed_follows_from_the_verdict(word: str, ground: str, provisional: bool, proposed: What) -> None:
    (found,) = verdict_topics([verdict(word, ground, provisional=provisional)], FIRM)
    assert (found.proposed, found.provisional) == (proposed, provisional)


def test_a_rule_is_never_proposed_for_a_trial() -> None:
    rules = [verdict(word, "harmless", subject="rule", provisional=True) for word in ("process", "helps")]
    assert What.TRIAL not in {topic.proposed for topic in verdict_topics(rules, FIRM)}


def test_what_a_topic_costs_is_what_its_figures_say() -> None:
    """Worked by hand. A win is 40,000; an hour of five sellers of 1,600 hours is 250."""
    harmless, costly, helps = verdict_topics(
        [
            verdict("process", "harmless"),
            verdict("costly", "no reviews", effect=Interval(-0.1, -0.2, -0.02, 300)),
            verdict("helps", "better without", effect=Interval(0.1, 0.02, 0.2, 300)),
        ],
        FIRM,
    )
    assert FIRM.hour == pytest.approx(2_000_000 / (5 * HOURS_A_YEAR))
    assert harmless.cost_amount == pytest.approx(0.6 * 240 * ASK_HOURS * 250)
    assert costly.cost_amount == pytest.approx(0.1 * 0.4 * 200 * 40_000)
    assert helps.cost_amount == pytest.approx(0.1 * 0.6 * 200 * 40_000)
    assert costly.cost_words == "8.0 deals a year × €40 k a win"
    assert harmless.cost_words == "72 hours × €250 sold an hour"


def test_a_firm_that_won_nothing_yet_orders_by_hours_and_says_no_money() -> None:
    nothing = Firm(opened=40, sellers=2, currency="EUR")
    often = verdict("process", "harmless", id="often", left_out=Interval(0.1, 0.05, 0.2, 100))
    found = chosen(verdict_topics([verdict("process", "harmless"), often], nothing), 60)
    assert [topic.id for topic in found] == ["often", "press"]
    assert {(topic.cost_amount, topic.cost_words) for topic in found} == {(0.0, "")}


def test_exceptions_that_keep_winning_are_to_become_the_process() -> None:
    keeps, unsaid = way_topics([way("keeps winning"), way("not better"), way("unknown", "", 3)], FIRM, {"skip": 7})
    assert (keeps.proposed, keeps.word) == (What.CHANGE, "keeps winning")
    assert keeps.cost == Cost(wins=0.5 * 7, hours=7 * LOOK_HOURS)
    assert (unsaid.proposed, unsaid.word) == (What.NOTHING, "not said what is expected")


def test_a_criterion_is_met_by_nobody_only_where_that_is_sure() -> None:
    seen = [CriterionSeen(f"m{past}_{proven}", "They say so", "P", past, proven)
            for past, proven in ((9, 0), (10, 0), (40, 2), (40, 6), (400, 60))]  # fmt: skip
    found = criterion_topics(seen, [], FIRM)
    assert [topic.id for topic in found] == ["m40_2", "m400_60"]
    assert all(share(n, of, level=0.9).high < 0.2 for n, of in ((2, 40), (60, 400)))
    signal = Signal("m40_2", "", "P", "", "telling", "", "", None, 20, 20, "")
    (telling,) = criterion_topics([seen[2]], [signal], FIRM)
    assert telling.so.startswith("It tells who wins")


def test_fields_never_filled_always_alike_or_filled_oddly_are_topics_and_others_are_not() -> None:
    seen = [
        FieldSeen("segment", "Segment", 100, 0, 0, "the comparison of deals alike"),
        FieldSeen("kind", "Record type", 100, 100, 1, ""),
        FieldSeen("pipeline", "Pipeline", 100, 100, 1, "which process a deal belongs to"),
        FieldSeen("close", "Expected close date", 100, 100, None, "the forecast", "80 % fall on month ends."),
        FieldSeen("team", "Team", 100, 60, 3, "reviews by team"),
        FieldSeen("few", "Few", 5, 0, 0),
    ]
    found = {topic.id: topic for topic in field_topics(seen, FIRM)}
    assert list(found) == ["segment", "kind", "close"]
    assert found["kind"].so.startswith("Stop asking for it")
    assert "Nothing here depends on it." in found["kind"].sentence
    assert "80 % fall on month ends." in found["close"].sentence


def test_of_our_own_departures_the_dearest_one_is_talked_about() -> None:
    habits = [
        HabitSeen("skipped", "Skipped", "did not", 4, 12, 3.0, ""), HabitSeen("late", "Late", "were", 8, 12, 0.5, ""),
        HabitSeen("rare", "Rare", "were", 1, 40, 100.0, ""), HabitSeen("two", "Two", "were", 2, 2, 100.0, ""),
    ]  # fmt: skip
    assert [topic.id for topic in habit_topics(habits, FIRM)] == ["skipped"]
    assert habit_topics(habits[2:], FIRM) == []


TOPICS = st.lists(
    st.builds(
        Topic,
        about=st.sampled_from(About), id=st.text("abc", min_size=1, max_size=3), title=st.just("T"), word=st.just("w"),
        sentence=st.just("s"), to_know=st.just("k"), proposed=st.sampled_from(What), so=st.just("so"),
        provisional=st.booleans(), cost_amount=st.floats(0, 1e6), cost=st.builds(Cost, st.just(0.0), st.floats(0, 99)),
    ),
    max_size=15, unique_by=lambda topic: topic.subject,
)  # fmt: skip


@given(TOPICS, st.integers(5, 120), st.randoms())
def test_the_dearest_that_fit_are_taken_whatever_their_order(topics: list[Topic], minutes: int, random: object) -> None:
    found = chosen(topics, minutes)
    shuffled = list(topics)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert chosen(shuffled, minutes) == found
    assert len(found) == min(len(topics), max(1, int(minutes // MINUTES_EACH)))
    left = [topic.cost_amount for topic in topics if topic not in found]
    assert not left or min(topic.cost_amount for topic in found) >= max(left)
    assert not {topic.subject for topic in chosen(topics, minutes, [found[0].subject])} & {found[0].subject} if found \
        else not topics  # fmt: skip


def test_facts_are_read_again_and_ones_of_tomorrow_do_no_harm() -> None:
    (topic,) = verdict_topics([verdict("process", "harmless")], FIRM)
    stored = json.loads(json.dumps(facts_of(topic)))
    assert topic_from(stored) == topic
    assert topic_from(stored | {"new_tomorrow": 1}) == topic


FORM = form_of(get_starter("buyer_terms"))
PIECES = [(About.STEP, step.id) for stage in FORM.stages for step in stage.steps] + [
    (About.MILESTONE, milestone.id) for milestone in FORM.milestones
]
CHANGES = {About.STEP: ((DROP, ""), (REWORD, "Other words"), (LATER, "33")),
           About.MILESTONE: ((DROP, ""), (REWORD, "They do another thing"), (LARGE, "50000"))}  # fmt: skip


@pytest.mark.parametrize(("about", "id"), PIECES)
def test_every_change_is_made_and_taken_out_again(about: About, id: str) -> None:
    for kind, words in CHANGES[about]:
        changed = with_change(FORM, about, id, kind, words)
        assert changed.form != FORM
        assert changed.was is not None
        assert put_back(changed.form, json.loads(json.dumps(changed.was))) == FORM


def test_what_others_changed_in_the_draft_stays_when_a_change_is_taken_out() -> None:
    changed = with_change(FORM, About.STEP, STEP, DROP)
    assert changed.was is not None
    others = replace(changed.form, name="Named anew")
    assert put_back(others, changed.was) == replace(FORM, name="Named anew")
    gone = replace(changed.form, stages=())
    with pytest.raises(UserError, match="gone from the draft"):
        put_back(gone, changed.was)


def test_changes_that_are_none_are_refused_in_words() -> None:
    for kind, words in ((REWORD, " "), (LATER, "0"), (LATER, "soon"), (LARGE, "5")):
        with pytest.raises(UserError):
            with_change(FORM, About.STEP, STEP, kind, words)
    for kind, words in ((LARGE, "much"), (LATER, "5")):
        with pytest.raises(UserError):
            with_change(FORM, About.MILESTONE, MILESTONE, kind, words)
    with pytest.raises(UserError, match="no more"):
        with_change(FORM, About.STEP, "no_such_step", DROP)
    assert with_change(FORM, About.RULE, "overstay", MARK).form == FORM
