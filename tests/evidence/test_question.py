"""The next question names a contact, is drawn from the deal's own evidence, and no two different deals share a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.evidence.kinds import Standing, State
from headway.evidence.proof import MilestoneProof
from headway.evidence.question import (
    AgreedAct,
    ContactAbout,
    DealAbout,
    LastAct,
    NextQuestion,
    Reason,
    next_question,
)
from headway.evidence.shown import past_of
from headway.evidence.standing import DealStanding, deal_standing
from headway.process.definition import Milestone, Process, Proof, Stage
from headway.process.starters import get_starter
from tests.logs import as_of_day, claims, day, decided, event

STARTER = get_starter("buyer_terms")
IDS = [milestone.id for _, milestone in STARTER.milestones]
MARIA = ContactAbout("Maria Rossi", "Champion", "maria@acme.example", day(9), "reply")
JAN = ContactAbout("Jan Novak", "Economic buyer", "jan@acme.example", day(3), "visit")
LENA = ContactAbout("Lena Berg", "legal")
DEAL = DealAbout("Expansion", "ACME", (MARIA, JAN, LENA), owner="Bob")
AS_OF = as_of_day(100)


def standing_of(*proofs: MilestoneProof, claimed: int | None = 3, standing: Standing = Standing.QUIET) -> DealStanding:
    return DealStanding(claimed, 0, claimed, 30.0, 10.0, standing, proofs)


def proof(place: int, state: State = State.OPEN, at: float = 10, contact: str | None = "Maria Rossi") -> MilestoneProof:
    rank, milestone = STARTER.milestones[place]
    if state is State.OPEN:
        return MilestoneProof(milestone, rank, state)
    return MilestoneProof(milestone, rank, state, day(at), contact=contact)


def asked(*proofs: MilestoneProof, deal: DealAbout = DEAL, **more: object) -> NextQuestion:
    return next_question(deal, standing_of(*proofs, **more), STARTER, as_of=AS_OF)  # type: ignore[arg-type]


P, W, L, D, O = State.PROVEN, State.WEAK, State.LAPSED, State.DISPUTED, State.OPEN  # noqa: E741


def test_it_tells_what_this_buyer_showed_and_asks_for_the_next_thing() -> None:
    found = asked(proof(0, P), proof(1), proof(2))
    assert found.text == (
        "Maria Rossi, on 11 Jan you told us what is wrong and what it costs you. Who else would be glad if this were"
        " solved, and may I hear from them what it looks like where they sit?"
    )
    assert (found.about, found.reason, found.contact) == ("problem_confirmed", Reason.OPEN, "Maria Rossi")
    assert found.contact_email == "maria@acme.example"
    assert found.text == f"{found.recap} {found.question}"


def test_with_nothing_shown_the_question_stands_alone() -> None:
    found = asked(proof(0), deal=replace(DEAL, contacts=(LENA,)))
    assert found.text.startswith("Lena Berg, if nothing changes by this time next year, what will it have cost you")
    assert found.recap == ""


def test_the_last_act_stands_where_no_milestone_was_shown() -> None:
    deal = replace(DEAL, last_act=LastAct("reply", day(2), "Maria Rossi"))
    assert "we last heard from you on 3 Jan (reply)." in asked(proof(0), deal=deal).text
    other = replace(DEAL, last_act=LastAct("reply", day(2)))
    assert "we last heard from someone at ACME on 3 Jan (reply)." in asked(proof(0), deal=other).text


@pytest.mark.parametrize(
    ("states", "about", "reason"),
    [
        ((P, O, O, O), "problem_confirmed", Reason.OPEN),
        ((O, W, P, P), "problem_confirmed", Reason.WEAK),
        ((W, L, O, O), "problem_confirmed", Reason.LAPSED),
        ((L, D, O, O), "problem_confirmed", Reason.DISPUTED),
        ((O, O, D, D), "problem_stated", Reason.OPEN),
        ((P, P, O, D), "budget_confirmed", Reason.DISPUTED),
        ((P, P, P, P), None, Reason.ALL_PROVEN),
    ],
)
def test_the_first_stage_that_does_not_hold_is_asked_for_and_there_its_worst_milestone(
    states: tuple[State, ...], about: str | None, reason: Reason
) -> None:
    found = asked(*(proof(place, state) for place, state in enumerate(states)))
    assert (found.about, found.reason) == (about, reason)


def test_what_lapsed_behind_fresher_proof_is_asked_last() -> None:
    old = replace(proof(0, L), reconfirm=True)
    assert asked(old, proof(1, P), proof(2)).about == IDS[2]
    assert asked(old, proof(1, P), proof(2, P)).about == IDS[0]


def test_an_overdue_agreed_act_comes_first_and_goes_to_who_promised_it() -> None:
    agreed = AgreedAct("send us the criteria", day(99).date(), "Jan Novak")
    found = asked(proof(0, D), deal=replace(DEAL, agreed=agreed))
    assert (found.reason, found.about, found.contact) == (Reason.OVERDUE, None, "Jan Novak")
    assert "For 10 Apr we had agreed: send us the criteria. What came of it" in found.text
    assert found.mail_subject == "What we agreed for 10 Apr"
    due_today = replace(agreed, due_on=day(100).date())
    assert asked(proof(0, D), deal=replace(DEAL, agreed=due_today)).reason is Reason.DISPUTED
    stranger = replace(agreed, who="Ann Li")
    assert asked(proof(0, D), deal=replace(DEAL, agreed=stranger)).contact == "Ann Li"


@pytest.mark.parametrize(
    ("place", "contact"),
    [(0, "Maria Rossi"), (2, "Jan Novak"), (3, "Jan Novak"), (6, "Lena Berg"), (7, "Lena Berg"), (10, "Lena Berg")],
)
def test_the_question_goes_to_whose_part_it_is(place: int, contact: str) -> None:
    assert asked(proof(place)).contact == contact


def test_without_a_fitting_part_it_goes_to_who_acted_last_then_to_the_champion() -> None:
    first, second = ContactAbout("A A", "", None, day(1)), ContactAbout("B B", "", None, day(2))
    champion, plain = ContactAbout("C C", "champion"), ContactAbout("D D")
    for contacts, chosen in [((first, second, champion), "B B"), ((plain, champion), "C C"), ((plain,), "D D")]:
        assert asked(proof(2), deal=replace(DEAL, contacts=contacts)).contact == chosen


def test_who_gave_the_evidence_that_no_longer_holds_is_asked_again() -> None:
    contacts = (ContactAbout("A A", "", None, day(5)), ContactAbout("B B"))
    assert asked(proof(2, L, contact="B B"), deal=replace(DEAL, contacts=contacts)).contact == "B B"


def test_somebody_whom_only_the_history_names_can_be_asked() -> None:
    found = asked(proof(0, P, contact="Ann Li"), proof(1), deal=replace(DEAL, contacts=()))
    assert (found.contact, found.contact_email) == ("Ann Li", None)


def test_with_nobody_known_it_asks_who() -> None:
    found = asked(proof(0, P, contact=None), proof(1), proof(2), deal=DealAbout("Expansion", "ACME"))
    assert found.contact is None
    assert found.text.startswith("On 11 Jan someone at ACME told us what is wrong and what it costs them. Who at ACME ")
    assert found.text.endswith("?")
    assert "Who at Expansion " in asked(proof(0), deal=DealAbout("Expansion")).text


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (W, "on “problem stated” of 11 Jan I have no more than a note."),
        (L, "“problem stated” of 11 Jan may have changed since."),
        (D, "on “problem stated” of 11 Jan I have heard different things."),
    ],
)
def test_what_was_shown_and_does_not_hold_is_said(state: State, told: str) -> None:
    assert told in asked(proof(0, state)).text
    assert told[1:] in asked(proof(0, state)).mail_body


def test_why_is_told_to_the_seller() -> None:
    line = STARTER.milestones[2][1].buyer
    assert asked(proof(2)).why == f"Not shown yet: “{line}”; the stage claimed needs it."
    assert asked(proof(2), claimed=1).why.endswith("; Budget authority secured needs it.")
    assert asked(proof(2, L)).why.startswith("The proof of 11 Jan has lapsed: ")


def test_decided_deals_and_processes_without_milestones_have_a_question_too() -> None:
    assert asked(proof(0), standing=Standing.DECIDED).reason is Reason.DECIDED
    found = asked()
    assert (found.reason, found.about) == (Reason.NO_MILESTONES, None)
    assert found.text == "Maria Rossi, what will happen on your side next, by when, and who will do it?"
    agreed = replace(DEAL, agreed=AgreedAct("board meeting", day(120).date()))
    assert "“board meeting”" in asked(deal=agreed).text


def test_a_milestone_without_a_question_of_its_own_gets_a_plain_one() -> None:
    bare = Milestone("order_placed", "They place the order")
    process = Process("p", (Stage("One", (bare, replace(bare, id="m2", ask="Tell me who signs."))),))
    proofs = [MilestoneProof(milestone, 1, O) for _, milestone in process.milestones]
    texts = [next_question(DEAL, standing_of(one), process, as_of=AS_OF).text for one in proofs]
    assert texts[0] == "Maria Rossi, how far are you with “order placed”, and what would help?"
    assert texts[1] == "Maria Rossi: Tell me who signs?"


def test_the_mail_is_ready_to_send() -> None:
    deal = replace(DEAL, last_quote="It costs us two days a week")
    found = asked(proof(0, P), proof(1, P, 20, "Jan Novak"), proof(2), proof(3), deal=deal)
    assert found.contact == "Jan Novak"
    assert found.mail_body == (
        "Hello Jan,\n\n"
        "On 21 Jan you told us that the problem is worth solving this year, thank you for that.\n\n"
        "I keep coming back to these words from your side: “It costs us two days a week”\n\n"
        "What we have built on so far:\n"
        "- On 11 Jan Maria Rossi told us what is wrong and what it costs them\n\n"
        "When something of this size was bought the last time, whose signature did it need? What would that person want"
        " to hear?\n\n"
        "Bob"
    )
    assert asked(proof(0), deal=DealAbout("x")).mail_body.startswith("Hello,\n\n")


@pytest.mark.parametrize(
    ("line", "past"),
    [
        ("They send us in writing what they will choose by", "sent us in writing what they will choose by"),
        ("They try it, or watch it work on a case of their own, and say so", "tried it"),
        ("The board approves the purchase and signs the order", "approved the purchase"),
        ("They have spoken with a customer of ours whom they chose", "spoke with a customer of ours whom they chose"),
        ("Whoever knows the customer at the buyer tells us the result", None),
        ("Budget", None),
        ("They do not object to the terms", None),
        ("They agree " + "to a very long line " * 10, None),
        ("", None),
    ],
)
def test_lines_are_told_in_the_past_or_not_at_all(line: str, past: str | None) -> None:
    found = past_of(line)
    assert found == past or (past is None and found is not None and "result" in found)


def test_a_whole_history_leads_to_a_question() -> None:
    events = [
        event(EventKind.EVIDENCE_RECORDED, 5, IDS[0], grade=1, contact="Maria Rossi"),
        event(EventKind.EVIDENCE_RECORDED, 9, IDS[1], grade=0, contact="Jan Novak", ordinal=1),
    ]
    history = DealHistory("d", (*claims((1, STARTER.stages[2].name)), *events))
    standing = deal_standing(history, STARTER, AS_OF, silence_limit_days=21)
    found = next_question(DEAL, standing, STARTER, as_of=AS_OF)
    assert (found.reason, found.about) == (Reason.WEAK, IDS[1])
    over = deal_standing(DealHistory("d", (*history.events, decided(50, "won"))), STARTER, AS_OF, silence_limit_days=21)
    assert next_question(DEAL, over, STARTER, as_of=AS_OF).reason is Reason.DECIDED


# --- no two deals with different evidence show the same text ---

ALIKE = Process(  # as hard to tell apart as a process can be: the same lines, the same questions, ids alike
    "alike",
    (
        Stage(
            "One", (Milestone("a_b", "They tell us what is wrong", "Who?"), Milestone("a-b", "They tell us a thing"))
        ),
        Stage("One ", (Milestone("c", "They tell us what is wrong", "Who?"), Milestone("d", "Budget", "Who?"))),
        Stage("a b", (Milestone("e", "They sign", "Who?"), Milestone("f", "They sign", proof=Proof(2)))),
    ),
)
NAMES = [None, "Maria Rossi", "Maria Berg", "Jan Novak"]
shown = st.one_of(
    st.just((State.OPEN, None, None)),
    st.tuples(
        st.sampled_from([P, P, P, W, L, D]),
        st.sampled_from([datetime(2026, 4, 3, 9, tzinfo=UTC) - timedelta(days=n) for n in (0, 1, 30, 200, 366)]),
        st.sampled_from(NAMES),
    ),
)


@settings(max_examples=600, deadline=None)
@given(st.data(), st.sampled_from([ALIKE, STARTER]), st.integers(0, 3), st.booleans(), st.booleans())
def test_different_evidence_never_shows_the_same_text(
    data: st.DataObject, process: Process, claimed: int, some_known: bool, late: bool
) -> None:
    count = len(process.milestones)
    first = data.draw(st.lists(shown, min_size=count, max_size=count))
    changed = data.draw(st.dictionaries(st.integers(0, count - 1), shown, min_size=1, max_size=3))
    second = [changed.get(place, one) for place, one in enumerate(first)]
    if first == second:
        return
    agreed = AgreedAct("answer", date(2026, 4, 1)) if late else None
    deal = DealAbout("Deal", "ACME", (MARIA, JAN) if some_known else (), agreed)
    as_of = as_of_day(100)
    texts = []
    for drawn in (first, second):
        proofs = [
            MilestoneProof(milestone, rank, state, at, contact=who)
            for (rank, milestone), (state, at, who) in zip(process.milestones, drawn, strict=True)
        ]
        texts.append(next_question(deal, standing_of(*proofs, claimed=claimed), process, as_of=as_of).text)
    assert texts[0] != texts[1]


@settings(max_examples=200, deadline=None)
@given(st.lists(shown, min_size=len(IDS), max_size=len(IDS)), st.booleans())
def test_each_text_ends_in_one_question_and_names_the_contact(
    drawn: list[tuple[State, datetime | None, str | None]], some_known: bool
) -> None:
    proofs = [
        MilestoneProof(milestone, rank, state, at, contact=who)
        for (rank, milestone), (state, at, who) in zip(STARTER.milestones, drawn, strict=True)
    ]
    deal = replace(DEAL, contacts=DEAL.contacts if some_known else ())
    found = asked(*proofs, deal=deal)
    assert found.text.endswith("?")
    assert found.text.startswith(found.contact) if found.contact else "Who at ACME" in found.text
    assert "None" not in found.text + found.mail_body + found.why
    assert found.mail_body.endswith("\n\nBob")
    assert found == asked(*proofs, deal=deal)


def test_milestones_of_one_line_and_one_question_are_still_told_apart() -> None:
    first = Milestone("a_b", "They tell us what is wrong", "Who?")
    process = Process("p", (Stage("One", (first, replace(first, id="a-b"))),))
    texts = set()
    for states in ((P, O), (O, P)):
        proofs = [
            MilestoneProof(milestone, 1, state, day(5) if state is P else None)
            for (_, milestone), state in zip(process.milestones, states, strict=True)
        ]
        texts.add(next_question(DEAL, standing_of(*proofs), process, as_of=AS_OF).text)
    assert len(texts) == 2


def test_a_milestone_that_the_process_lacks_is_told_by_its_id() -> None:
    gone = MilestoneProof(Milestone("old_thing", "They did it", "Did you?"), 1, P, day(5), contact="Jan Novak")
    found = asked(gone, proof(1))
    assert "showed us: old_thing." in found.text
