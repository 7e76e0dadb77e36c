"""The closed lists of the rhythm: kinds of reviews, how an occurrence ended, what is decided, what is asked."""

from __future__ import annotations

from enum import StrEnum


class ReviewKind(StrEnum):
    """Which meeting it is; what it prepares follows from it."""

    PIPELINE = "pipeline"  # deals of a team, weekly
    ONE_TO_ONE = "one_to_one"  # deals of one seller, fortnightly
    COACHING = "coaching"  # one departure that several deals share
    PROCESS = "process"  # the process itself, monthly: verdicts, exceptions, criteria, fields
    RESET = "reset"  # the quarter's end: what is kept, what is let go


class Held(StrEnum):
    """How an occurrence stands, by what was recorded of it."""

    DUE = "due"
    RUNNING = "running"
    HELD = "held"
    LATE = "late"  # opened after its day
    EMPTY = "empty"  # held, and nothing was decided: ceremony
    SKIPPED = "skipped"  # its day went by and nobody opened it, or somebody said so before


class What(StrEnum):
    """What is decided on a deal; the last three on the process."""

    KEEP = "keep"
    FORWARD = "forward"  # move the claim forward
    BACK = "back"  # move it back: information, never penalised
    DISQUALIFY = "disqualify"  # end it: withdrawn, or no decision
    CORRECT = "correct"  # the data: amount, close date, owner
    PLAN = "plan"  # change the plan: what the buyer is asked for next
    ALLOW = "allow"  # allow an exception
    CHANGE = "change"  # the process: a draft version
    TRIAL = "trial"
    NOTHING = "nothing"  # leave the process as it is


class Question(StrEnum):
    """The five questions of a deal, and the seller's own account before the meeting."""

    WHERE = "where"
    HOW = "how"
    NEXT = "next"
    STOP = "stop"
    WHEN = "when"
    ACCOUNT = "account"


class Promise(StrEnum):
    """How a commitment stands."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"  # kept, after its day
    BROKEN = "broken"
    LET_GO = "let_go"


ASKED = {
    Question.WHERE: "Where is the buyer?",
    Question.HOW: "How do we know?",
    Question.NEXT: "What must happen next?",
    Question.STOP: "What could stop it?",
    Question.WHEN: "When will we know?",
    Question.ACCOUNT: "The seller's account",
}
DECIDED = {
    What.KEEP: "Keep as it is",
    What.FORWARD: "Move the claim forward",
    What.BACK: "Move the claim back",
    What.DISQUALIFY: "Disqualify",
    What.CORRECT: "Correct the data",
    What.PLAN: "Change the plan",
    What.ALLOW: "Allow an exception",
    What.CHANGE: "Change the process",
    What.TRIAL: "Begin a trial",
    What.NOTHING: "Leave it as it is",
}
ON_DEALS = tuple(What)[:7]
ON_PROCESS = tuple(What)[7:]
KIND_NAMES = {
    ReviewKind.PIPELINE: "Pipeline review",
    ReviewKind.ONE_TO_ONE: "One-to-one",
    ReviewKind.COACHING: "Group coaching",
    ReviewKind.PROCESS: "Process review",
    ReviewKind.RESET: "Quarterly reset",
}
HELD_STATES = (Held.HELD, Held.LATE)
