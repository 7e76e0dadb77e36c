"""Who stands on which side of a sale: the nouns, pronouns and owners that name the buyer or the seller."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """A side of the sale. BOTH includes the buyer, so the buyer's part can be shown."""

    SELLER = "seller"
    BUYER = "buyer"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Party:
    """A noun that names somebody: on which side, and whether an owner ("our", "their") may move it to the other."""

    side: Side
    movable: bool = False


_FIXED_BUYER = """
customer|client|buyer|prospect|purchaser|champion|economic buyer|technical buyer|business buyer|end user|end-user|user|
decision maker|decision-maker|decision-taker|budget holder|budget owner|budget-holder|buying committee|buying group|buying team|
buying centre|buying center|evaluation committee|evaluation team|evaluator|technical evaluator|technical buyer|influencer|blocker|gatekeeper|
stakeholder|key stakeholder|decision group|problem owner|customer side|selection committee|steering committee|steerco|
procurement|procurement team|procurement department|purchasing|purchasing department|purchasing team|purchasing manager|
economic buying influence|ebi|eb|lead|contact|account|target account|key player|mobilizer|mobiliser|enemy|ally|neutral|tenant|patient
|household|homeowner|applicant|borrower|policyholder|donor|student|they|them|he|she|someone there|power sponsor|signatory|
signer|approver|approval committee|investment committee|tender committee|works council|subscriber|shopper|bidder|lender|supporter|detractor
"""
# Both companies have these; in a documented process they are the buyer's unless "our" or a seller's modifier says otherwise.
_MOVABLE_BUYER = """
cfo|ceo|cio|cto|ciso|coo|cmo|cro|cpo|board|committee|sponsor|executive sponsor|exec sponsor|executive|exec|director|
finance director|managing director|finance|finance team|finance department|legal|legal team|legal department|legal counsel|counsel|
lawyer|attorney|it|it team|it department|infosec|infosec team|security|security team|compliance|compliance team|treasury|operations|
c-suite|c-level|c-level executive|senior leadership|vp|vice president|department head|head|president|chief executive|
chief financial officer|project sponsor|project manager|project lead|project team|it lead|technical lead|technical team|
business unit|owner|founder|controller|architect|admin|administrator|developer|line of business|line manager|risk team|accounts payable|
controlling|company|organisation|organization|business|data protection officer|dpo|cso|general counsel|implementation lead|operations team|leadership team|
"""
_FIXED_SELLER = """
rep|sales rep|salesperson|salesman|salespeople|seller|sales team|sales|sales force|account executive|ae|account manager|am|
account director|account team|sales engineer|solutions engineer|solution engineer|se|sc|solution consultant|solutions consultant|
solution architect|solutions architect|pre-sales|presales|presales team|presales engineer|bdr|sdr|isr|inside sales|telesales|
business development rep|sales development rep|business development|csm|customer success manager|customer success|
customer success team|cs team|deal desk|sales manager|sales management|sales leader|sales leadership|sales director|vp sales|vp of sales|
head of sales|sales operations|sales ops|revenue operations|revops|rev ops|bid team|bid manager|proposal team|territory owner|
territory manager|we|i|us|me|you|field sales|channel manager|partner manager|onboarding team|implementation team|delivery team|
professional services|marketing|marketing team|enablement|closer|setter|overlay|specialist|regional manager|deal owner|opportunity owner|
account owner|lead owner|vendor manager's rep|hunter|farmer|sales coordinator|bid desk|pricing team|sales support
"""
_MOVABLE_SELLER = "team|manager|consultant|engineer|partner|representative|agent|vendor|supplier|colleague|management|leadership|staff|technician"
_BOTH = "both parties|both sides|all parties|both companies|buyer and seller|both|each party"


def _parties() -> dict[tuple[str, ...], Party]:
    found: dict[tuple[str, ...], Party] = {}
    for text, party in (
        (_MOVABLE_SELLER, Party(Side.SELLER, movable=True)),
        (_MOVABLE_BUYER, Party(Side.BUYER, movable=True)),
        (_FIXED_BUYER, Party(Side.BUYER)),
        (_FIXED_SELLER, Party(Side.SELLER)),
        (_BOTH, Party(Side.BOTH)),
    ):
        for phrase in text.replace("\n", "").split("|"):
            if phrase.strip():
                found[tuple(phrase.split())] = party
    return found


PARTIES = _parties()
LONGEST = max(len(words) for words in PARTIES)

OWNERS = {
    "our": Side.SELLER,
    "ours": Side.SELLER,
    "my": Side.SELLER,
    "their": Side.BUYER,
    "theirs": Side.BUYER,
    "his": Side.BUYER,
    "her": Side.BUYER,
}  # fmt: skip
PRONOUNS = {
    "we": Side.SELLER, "i": Side.SELLER, "you": Side.SELLER, "us": Side.SELLER, "me": Side.SELLER,
    "they": Side.BUYER, "he": Side.BUYER, "she": Side.BUYER, "them": Side.BUYER, "him": Side.BUYER,
}  # fmt: skip
# Soft words: they name a person at the buyer, but as the first noun of a compound they only say what it is about.
TOPICAL = frozenset("lead contact account sponsor security legal it finance operations user compliance head".split())


def singular(word: str) -> str:
    """A noun without its plural ending, good enough to look a noun up."""
    if word in ("success", "process", "business", "access", "news", "sales", "analysis", "ciso", "consensus"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return {"analyses": "analysis", "criteria": "criterion", "people": "person"}.get(word, word)
