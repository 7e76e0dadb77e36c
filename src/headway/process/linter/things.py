"""Who did something to a thing when the line names nobody: by direction, issuer and what the verb implies."""

from __future__ import annotations

from headway.process.linter import verbs
from headway.process.linter.artefacts import Artefact, Kind
from headway.process.linter.clause import Clause
from headway.process.linter.parties import Side
from headway.process.linter.phrase import Phrase
from headway.process.linter.vocabulary import words_of

# Only the buyer can write these, whoever is said to send them.
_BUYER_ONLY = words_of("buyer-only")
# What the buyer issues for the seller to answer.
_ANSWERED = frozenset(["security-questionnaire", "rfp", "reply", "redlines", "enquiry", "requirements"])
_ANSWERING = words_of("answering")
_ASKING = frozenset(["request", "ask", "chase", "solicit", "seek", "elicit"])
_WEAK = frozenset(["review", "validate", "test", "evaluate", "compare", "assess", "verify"])
_MUTUAL = frozenset(["negotiate", "agree", "align", "discuss", "settle", "harmonise", "haggle"])


INTERNAL_NOUNS = frozenset(["desk", "discount", "internal"])


def _topic(artefact: Artefact | None) -> str:
    return artefact.topic.replace(" ", "-") if artefact else ""


def side_after(clause: Clause, name: str) -> Side | None:
    """The side of the party that a preposition of the clause names."""
    phrase = clause.parties.get(name)
    return phrase.party if phrase else None


def doer_of(clause: Clause, thing: Phrase) -> tuple[Side | None, str]:
    """Who did `clause.verb` to a thing when nobody is named: by direction, issuer and what the verb implies."""
    artefact, verb = thing.artefact, clause.verb
    topic = _topic(artefact)
    issuer = thing.owner or (artefact.issuer if artefact else None)
    name = f'"{thing.text}"'
    if topic in _ANSWERED and verb in _ANSWERING and not thing.owner:
        return Side.SELLER, f"{name} comes from the buyer, so answering it is the seller's."
    if verb in _ASKING and issuer is Side.BUYER:
        return Side.SELLER, f"{name} comes from the buyer, so asking for it is the seller's."
    for decide in (_by_direction, _by_assent, _by_noting, _by_convening):
        if found := decide(clause, thing, issuer):
            return found
    return _by_issuer(clause, thing, issuer)


def _by_direction(clause: Clause, thing: Phrase, issuer: Side | None) -> tuple[Side | None, str] | None:
    verb, name = clause.verb, f'"{thing.text}"'
    to, source = side_after(clause, "to"), side_after(clause, "from")
    if verb in verbs.RETURNING:
        if verb in ("receive", "return"):
            if source is Side.SELLER:
                return Side.SELLER, f"{name} came from the seller."
            return Side.BUYER, f"We receive {name}; the buyer made or sent it and can show it."
        side = Side.BUYER if issuer is Side.BUYER else Side.SELLER
        return (
            side,
            f"{name} can only be given by the buyer."
            if side is Side.BUYER
            else f"The seller is the one to {verb} {name}.",
        )
    if verb not in verbs.SENDING:
        return None
    if to is Side.SELLER or ("back" in clause.words and to is not Side.BUYER):
        return Side.BUYER, f"{name} came to us, so the buyer sent it."
    if to is Side.BUYER or _topic(thing.artefact) not in _BUYER_ONLY:
        owner_sends = thing.owner is Side.BUYER and to is None
        return (
            Side.BUYER if owner_sends else Side.SELLER
        ), f"Who sends {name} is not named; the proof lies in the sender's outbox."
    return Side.BUYER, f"Only the buyer can issue {name}."


def _by_assent(clause: Clause, thing: Phrase, issuer: Side | None) -> tuple[Side | None, str] | None:
    if clause.verb not in verbs.ASSENTING and clause.verb != "agree":
        return None
    kept_inside = "internally" in clause.words and issuer is Side.SELLER
    internal = (
        kept_inside
        or _topic(thing.artefact) == "internal"
        or thing.modifier is Side.SELLER
        or INTERNAL_NOUNS & set(thing.words)
    )
    if internal:
        return Side.SELLER, f'"{thing.text}" is decided inside the seller\'s company.'
    if clause.verb in _ASKING and side_after(clause, "from") is Side.BUYER:
        return Side.SELLER, "The seller asks; nothing says that the buyer answered."
    if clause.verb in ("record", "execute") and issuer is None:
        return None
    return Side.BUYER, f'To {clause.verb} "{thing.text}" is the buyer\'s to do; the proof is theirs.'


def _by_noting(clause: Clause, thing: Phrase, issuer: Side | None) -> tuple[Side | None, str] | None:
    verb = clause.verb
    if verb in _MUTUAL and verb != "discuss":
        return None, "It takes both sides, and the line does not say what the buyer did."
    with_buyer = side_after(clause, "with") in (Side.BUYER, Side.BOTH)
    if with_buyer:
        return Side.SELLER, "Done with the buyer, told from the seller's side."
    if verb in _WEAK and thing.owner is not Side.BUYER:
        seller_only = (
            thing.artefact is not None
            and thing.artefact.kind is Kind.ATTRIBUTE
            and verb in ("assess", "verify", "validate")
        )
        return (Side.SELLER if seller_only else None), "Either side may check this, and the line does not say who."
    if verb not in verbs.NOTING and verb not in ("define", "clarify", "confirm-internally"):
        return None
    buyers = thing.artefact is not None and (thing.artefact.kind is Kind.ATTRIBUTE or issuer is Side.BUYER)
    if "internally" in clause.words and buyers:
        return Side.BUYER, "Done inside the buyer's company."
    if verb in ("define", "clarify"):
        return None if thing.artefact is None else Side.SELLER, "Written down by the seller, as far as the line says."
    return Side.SELLER, f"The seller has {'found out' if buyers else 'noted'} this; the proof would be our own note."


def _by_convening(clause: Clause, thing: Phrase, issuer: Side | None) -> tuple[Side | None, str] | None:
    verb, artefact = clause.verb, thing.artefact
    if verb in verbs.MAKING:
        side = Side.BUYER if issuer is Side.BUYER and _topic(artefact) in _BUYER_ONLY else thing.owner or Side.SELLER
        return (
            side,
            "Made by the seller, as far as the line says." if side is Side.SELLER else "Only the buyer makes this.",
        )
    if verb not in verbs.CONVENING:
        return None
    if artefact and artefact.issuer is Side.BUYER and artefact.bare is Side.BUYER:
        return Side.BUYER, f'"{thing.text}" is the buyer\'s own work.'
    planned = verb in ("schedule", "book", "hold", "arrange", "set", "plan", "organise", "host", "run", "conduct")
    if thing.owner:
        return thing.owner, f'"{thing.text}" belongs to the {thing.owner}.'
    if thing.modifier is Side.BUYER and artefact and artefact.kind is Kind.WORK:
        return Side.BUYER, f'"{thing.text}" is the buyer\'s own work.'
    if planned or issuer is Side.SELLER or (artefact and artefact.kind is Kind.EVENT):
        return Side.SELLER, "An entry in our calendar shows it; nothing the buyer made does."
    return None, "Both sides take part, and the line does not say what the buyer did."


def _by_issuer(clause: Clause, thing: Phrase, issuer: Side | None) -> tuple[Side | None, str]:
    """A verb that says nothing about direction: whoever issues the thing, else whom the prepositions name."""
    to, source = side_after(clause, "to"), side_after(clause, "from")
    if to is Side.BUYER and thing.owner is not Side.BUYER:
        return Side.SELLER, "It went to the buyer; nothing says what the buyer did."
    if to is Side.SELLER:
        return Side.BUYER, "It came to us from the buyer."
    if issuer:
        return issuer, f'"{thing.text}" comes from the {issuer}, who alone could show this.'
    if thing.modifier is Side.SELLER or (thing.artefact and thing.artefact.kind is Kind.EVENT):
        return Side.SELLER, "Told from the seller's side; nothing the buyer made shows it."
    if source is Side.BUYER:
        return Side.SELLER, "The seller took it from the buyer."
    return None, f'Nothing says who acts, and "{thing.text or "it"}" may come from either side.'
