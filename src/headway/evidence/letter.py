"""The mail that puts the next question to a contact: short, ready to send, ending in the question."""

from __future__ import annotations

from headway.evidence.deal_about import AgreedAct, Choice, DealAbout, Reason
from headway.evidence.kinds import State
from headway.evidence.shown import Teller, latest_proof
from headway.evidence.standing import DealStanding

MOST_POINTS = 4  # a mail that lists more is not read
LONGEST_QUOTE = 160  # characters
SUBJECTS = {
    Reason.OVERDUE: "What we agreed for {due}",
    Reason.DISPUTED: "May I check one thing with you?",
    Reason.LAPSED: "Does this still hold?",
    Reason.WEAK: "May I have this in your own words?",
    Reason.OPEN: "Where we are, and one question",
    Reason.ALL_PROVEN: "The last steps on your side",
    Reason.NO_MILESTONES: "What happens next",
    Reason.DECIDED: "One question, looking back",
}


def letter_of(
    deal: DealAbout, standing: DealStanding, choice: Choice, teller: Teller, question: str
) -> tuple[str, str]:
    """(subject, body) in plain text. The body ends with the question and the owner's first name."""
    due = deal.agreed.due_on if deal.agreed else None
    subject = SUBJECTS[choice.reason].format(due=teller.day(due) if due else "now")
    greeting = f"Hello {_first_name(teller.addressed)}," if teller.addressed else "Hello,"
    parts = [greeting, *_what_was_shown(deal, standing, choice, teller)]
    if choice.reason is Reason.OVERDUE and deal.agreed:
        parts.append(_promise(deal.agreed, teller))
    elif choice.proof is not None and choice.proof.state is not State.OPEN:
        parts.append(_capital(teller.doubt(choice.proof)) + ".")
    parts.append(question)
    if deal.owner and deal.owner.strip():
        parts.append(deal.owner.strip())
    return subject, "\n\n".join(parts)


def _what_was_shown(deal: DealAbout, standing: DealStanding, choice: Choice, teller: Teller) -> list[str]:
    proven = [p for p in standing.proofs if p.state is State.PROVEN and p.at is not None and p is not choice.proof]
    lead = latest_proof(proven)
    parts = []
    if lead is not None:
        thanks = ", thank you for that" if lead.contact and lead.contact == teller.addressed else ""
        parts.append(f"{_capital(teller.sentence(lead))}{thanks}.")
    elif deal.last_act is not None:
        parts.append(f"{_capital(teller.last_heard(deal.last_act))}.")
    if quote := _shortened(deal.last_quote):
        parts.append(f"I keep coming back to these words from your side: “{quote}”")
    dated = sorted(
        (p for p in proven if p is not lead and p.at), key=lambda p: (p.at.timestamp() if p.at else 0, p.rank)
    )
    if dated:
        points = "\n".join(f"- {_capital(teller.sentence(p))}" for p in dated[-MOST_POINTS:])
        parts.append(f"What we have built on so far:\n{points}")
    return parts


def _promise(agreed: AgreedAct, teller: Teller) -> str:
    what = agreed.what.strip().rstrip(".")
    day = teller.day(agreed.due_on) if agreed.due_on else "now"
    who = "" if not agreed.who or agreed.who == teller.addressed else f" ({agreed.who})"
    return f"For {day} we had agreed{who}: {what}."


def _shortened(quote: str | None) -> str:
    words = " ".join((quote or "").split()).strip("“”\"' ")
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + " …"


def _first_name(name: str) -> str:
    """`Maria` of `Maria Rossi` and of `Rossi, Maria`; the whole of a name with a title (`Dr. Rossi`)."""
    family, comma, given = name.partition(",")
    words = (given if comma and given.strip() else family).split()
    return name if not words or words[0].endswith(".") else words[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
