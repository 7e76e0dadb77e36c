"""The next question to put to the buyer on one deal, drawn from what this buyer has and has not shown.

Two deals with different evidence never show the same text: it tells all that was shown, by whom and on which day, and
then asks. `recap` and `question` are its two halves, so that a row may set the question off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from headway.basics.periods import AsOf
from headway.evidence.deal_about import AgreedAct, Choice, ContactAbout, DealAbout, LastAct, Reason
from headway.evidence.kinds import Standing, State
from headway.evidence.letter import letter_of
from headway.evidence.proof import MilestoneProof
from headway.evidence.shown import Teller, in_sentence, latest_proof
from headway.evidence.standing import DealStanding
from headway.process.definition import Process

__all__ = ["AgreedAct", "ContactAbout", "DealAbout", "LastAct", "NextQuestion", "Reason", "next_question"]


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """`text` is shown on the row: `recap` and `question` (`recap` may be empty). `why` is for the seller.

    `about`: id of the milestone asked for, None where it is about none. The mail is plain text, ready to send.
    """

    text: str
    recap: str
    question: str
    about: str | None
    reason: Reason
    contact: str | None
    contact_email: str | None
    why: str
    mail_subject: str
    mail_body: str


# Worst first: what was doubted is settled before what is old, that before what is thin, that before what is missing.
URGENCY = (State.DISPUTED, State.LAPSED, State.WEAK, State.OPEN)
# Whom a milestone concerns: if its id or line has a word that begins so, ask who has one of these parts.
PARTS = (
    (("contract", "paper", "procure", "terms", "redline"), ("procurement", "purchas", "legal")),
    (("risk", "security", "legal", "privacy", "complian"), ("security", "legal", "risk", "complian", "procurement")),
    (("budget", "money", "fund", "invest", "price", "sign", "pays"), ("economic", "budget", "cfo", "finance", "decid")),
    (("fit", "criteria", "technical", "trial", "pilot", "tries", "try"), ("technical", "evaluat", "user", "champion")),
    (("problem", "pain"), ("user", "champion")),
    (("group", "stakeholder", "everyone", "path"), ("champion", "sponsor")),
)


def next_question(deal: DealAbout, standing: DealStanding, process: Process, *, as_of: AsOf) -> NextQuestion:
    """The question, whom to put it to and a mail ready to send. The same input always gives the same words."""
    choice = chosen_milestone(deal, standing, as_of)
    contact = chosen_contact(deal, standing, choice)
    teller = Teller(process, contact.name if contact else None, deal.company, as_of.at.date())
    question = _question(deal, choice, teller)
    recap = _recap(deal, standing, choice, teller)
    subject, body = letter_of(deal, standing, choice, teller, question)
    if contact is None:
        asked = f"Who at {deal.company} could say: {in_sentence(question)}"
        recap = f"{recap[:1].upper()}{recap[1:]}"
    elif recap:
        asked, recap = question, f"{contact.name}, {recap}"
    else:
        small = in_sentence(question)
        asked = f"{contact.name}{': ' if small == question else ', '}{small}"
    return NextQuestion(
        text=teller.verbatim(f"{recap} {asked}".strip()),
        recap=teller.verbatim(recap),
        question=teller.verbatim(asked),
        about=choice.proof.milestone.id if choice.proof else None,
        reason=choice.reason,
        contact=contact.name if contact else None,
        contact_email=contact.email if contact else None,
        why=_why(deal, standing, choice, teller),
        mail_subject=teller.verbatim(subject),
        mail_body=teller.verbatim(body),
    )


def chosen_milestone(deal: DealAbout, standing: DealStanding, as_of: AsOf) -> Choice:
    """An agreed act that is overdue; else the first stage with a milestone that does not hold, its worst one.

    Where all hold: the first that lapsed behind fresher proof and asks to be confirmed again.
    """
    if standing.standing is Standing.DECIDED:
        return Choice(Reason.DECIDED)
    if is_overdue(deal.agreed, as_of):
        return Choice(Reason.OVERDUE)
    if not standing.proofs:
        return Choice(Reason.NO_MILESTONES)
    found = _worst([p for p in standing.proofs if not p.holds]) or _worst([p for p in standing.proofs if p.reconfirm])
    return Choice(Reason(found.state.value), found) if found else Choice(Reason.ALL_PROVEN)


def is_overdue(agreed: AgreedAct | None, as_of: AsOf) -> bool:
    """True from the day after the one an agreed act was due on."""
    return agreed is not None and agreed.due_on is not None and agreed.due_on < as_of.at.date()


def _worst(proofs: list[MilestoneProof]) -> MilestoneProof | None:
    if not proofs:
        return None
    first = min(p.rank for p in proofs)
    return min((p for p in proofs if p.rank == first), key=lambda p: URGENCY.index(p.state))


def chosen_contact(deal: DealAbout, standing: DealStanding, choice: Choice) -> ContactAbout | None:
    """Who promised the overdue act; else who has the part the milestone concerns, who gave the evidence that no longer
    holds, who acted last, the champion, the first known. None where nobody at the buyer is known by name."""
    known = {contact.name: contact for contact in deal.contacts if contact.name.strip()}
    told = [deal.agreed.who if deal.agreed else None, deal.last_act.who if deal.last_act else None]
    told += [p.contact for p in sorted(standing.proofs, key=lambda p: (p.at is None, p.at and -p.at.timestamp()))]
    for name in told:  # somebody whom only the history names is a contact too
        if name and name.strip():
            known.setdefault(name, ContactAbout(name))
    people = sorted(known.values(), key=lambda c: -(c.last_act_at.timestamp() if c.last_act_at else float("-inf")))
    if choice.reason is Reason.OVERDUE and deal.agreed and deal.agreed.who in known:
        return known[deal.agreed.who]
    if choice.proof is not None:
        for part in parts_of(choice.proof.milestone.id, choice.proof.milestone.buyer):
            fitting = [person for person in people if part in plain_words(person.part)]
            if fitting:
                return fitting[0]
        if choice.proof.contact in known:
            return known[choice.proof.contact]
    champion = [person for person in people if "champion" in plain_words(person.part)]
    active = [person for person in people if person.last_act_at]
    return next(iter([*active, *champion, *people]), None)


@lru_cache(maxsize=4_096)
def parts_of(*texts: str) -> tuple[str, ...]:
    """Parts in the decision that a milestone concerns: by its id, else by its line."""
    for text in texts:
        words = plain_words(text).split()
        for starts, parts in PARTS:
            if any(word.startswith(starts) for word in words):
                return parts
    return ()


def plain_words(text: str) -> str:
    """In lower case, words apart by one space."""
    return re.sub(r"[\W_]+", " ", text.casefold())


def _question(deal: DealAbout, choice: Choice, teller: Teller) -> str:
    if choice.proof is not None:
        ask = " ".join(choice.proof.milestone.ask.split())
        if not ask:
            return f"How far are you with “{teller.topic(choice.proof)}”, and what would help?"
        return ask if ask.endswith("?") else ask.rstrip(".!:; ") + "?"
    if choice.reason is Reason.OVERDUE:
        return "What came of it, and which day shall we put down now?"
    if choice.reason is Reason.DECIDED:
        return "Looking back, what decided it for you?"
    if choice.reason is Reason.ALL_PROVEN:
        return "What still has to happen on your side before you decide, and by when?"
    if deal.agreed and deal.agreed.what.strip():
        return f"Is what we agreed, “{deal.agreed.what.strip()}”, still going ahead, and what comes after it?"
    return "What will happen on your side next, by when, and who will do it?"


def _recap(deal: DealAbout, standing: DealStanding, choice: Choice, teller: Teller) -> str:
    """Everything shown so far, as sentences that begin with a small letter: the latest proof, the rest, the doubt."""
    told = [p for p in standing.proofs if p.state is not State.OPEN and p is not choice.proof]
    lead = latest_proof(told)
    rest = teller.named([p for p in told if p is not lead])
    sentences = []
    if lead is not None:
        sentences += [teller.sentence(lead), *([f"also: {rest}"] if rest else [])]
    elif rest:
        sentences.append(f"so far: {rest}")
    elif deal.last_act is not None and (choice.proof is None or choice.proof.state is State.OPEN):
        sentences.append(teller.last_heard(deal.last_act))
    if choice.reason is Reason.OVERDUE and deal.agreed and deal.agreed.due_on:
        sentences.append(f"for {teller.day(deal.agreed.due_on)} we had agreed: {deal.agreed.what.strip().rstrip('.')}")
    elif choice.proof is not None and choice.proof.state is not State.OPEN:
        sentences.append(teller.doubt(choice.proof))
    return " ".join(f"{text if place == 0 else text[:1].upper() + text[1:]}." for place, text in enumerate(sentences))


def _why(deal: DealAbout, standing: DealStanding, choice: Choice, teller: Teller) -> str:
    """One short sentence for the seller."""
    proof = choice.proof
    if proof is None:
        due = deal.agreed.due_on if deal.agreed else None
        return {
            Reason.OVERDUE: f"What they agreed to do by {teller.day(due) if due else 'now'} has not been seen.",
            Reason.ALL_PROVEN: "Every milestone is proven; only the decision is missing.",
            Reason.DECIDED: "The deal is decided; what they say now helps the next one.",
        }.get(choice.reason, "Nothing is asked of the buyer in this process yet, so ask for their next act.")
    claimed = standing.claimed_rank
    need = (
        "the stage claimed needs it"
        if claimed is not None and proof.rank <= claimed
        else f"{teller.process.stages[proof.rank - 1].name} needs it"
    )
    seen = f" of {teller.day(proof.at)}" if proof.at else ""
    state = {
        State.OPEN: "Not shown yet",
        State.WEAK: f"The proof{seen} is too weak",
        State.LAPSED: f"The proof{seen} has lapsed",
        State.DISPUTED: f"The proof{seen} is disputed",
    }[proof.state]
    return f"{state}: “{proof.milestone.buyer.strip().rstrip('.')}”; {need}."
