"""What the text of a stage, a status or a loss reason says about the end of a deal, where no mapping says it."""

from __future__ import annotations

import re
import unicodedata

from headway.deals.events import Outcome

_CLOSED = frozenset(
    (
        *("closed", "close", "geschlossen", "abgeschlossen", "cloture", "cloturee", "clos", "fermee", "ferme"),
        *("cerrada", "cerrado", "cierre", "deal", "opportunity", "opportunite", "geschaft", "negocio", "affaire"),
    )
)
_WON = frozenset(
    ("won", "win", "gewonnen", "gagne", "gagnee", "remportee", "remporte", "ganada", "ganado", "closedwon")
)
_LOST = frozenset(("lost", "loss", "verloren", "perdu", "perdue", "perdida", "perdido", "closedlost"))
_JOINING = frozenset(("and", "und", "et", "y", "as", "the"))

# Phrases of loss reasons, in plain form: the buyer went quiet or stayed as they were.
_NO_DECISION = re.compile(
    r"""\b(?:
    no\ decisions? | (?:no|lack\ of)\ budget | budget\ (?:cut|frozen|lost)
    | went\ (?:quiet|dark|silent|cold) | ghosted | (?:no|without)\ (?:response|reply|answer|action)
    | unresponsive | not\ responding | non\ responsive | stopped\ responding
    | status\ quo | (?:do|did)\ nothing | no\ change | postponed | on\ hold
    | project\ (?:cancell?ed|stopped|postponed) | timing | not\ now | no\ urgency | not\ a\ priority
    | priorit(?:y|ies)\ changed | stalled | abandoned | expired
    | kein\ budget | keine\ (?:entscheidung|ruckmeldung|antwort|reaktion)
    | projekt\ (?:gestoppt|verschoben|abgebrochen) | verschoben | zeitpunkt
    | (?:pas|manque)\ de\ budget | (?:pas|absence)\ de\ decision | (?:pas\ de|sans)\ reponse
    | projet\ (?:abandonne|reporte|annule) | reporte
    | (?:sin|falta\ de)\ presupuesto | sin\ (?:decision|respuesta) | no\ respond(?:e|io)
    | proyecto\ (?:cancelado|aplazado) | aplazado
    )\b""",
    re.VERBOSE,
)
# The seller left.
_WITHDRAWN = re.compile(
    r"""\b(?:
    (?:dis|un)\ ?qualified | not\ qualified | (?:bad|poor|no|not\ a|not\ the\ right)\ fit | out\ of\ scope
    | we\ (?:withdrew|declined|left) | withdrawn | withdrew | no\ bid | duplicated? | test\ deal
    | created\ (?:by|in)\ (?:mistake|error) | spam | not\ our\ (?:market|target|customer)
    | disqualifiziert | nicht\ qualifiziert | dublette | duplikat | zuruckgezogen
    | disqualifiee? | non\ qualifiee? | doublon | retiree?
    | descalificad[oa] | no\ cualificad[oa] | duplicad[oa] | retirad[oa]
    )\b""",
    re.VERBOSE,
)


def plain(text: str) -> str:
    """Lower case, without accents, everything but letters and digits a single space: how texts are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"[^\W_]+", kept))


def outcome_of_reason(reason: str) -> Outcome:
    """Lost by its reason: no decision (went quiet, stayed as they were), withdrawn (the seller left), else lost."""
    text = plain(reason)
    if _WITHDRAWN.search(text):
        return Outcome.WITHDRAWN
    return Outcome.NO_DECISION if _NO_DECISION.search(text) else Outcome.LOST


def outcome_of_stage(stage: str) -> Outcome | None:
    """The outcome that a stage's or status's name states (`Closed Won`, `Verloren`, `Closed - No Decision`), or None.

    `Verbally won` and `Lost contact` are stages of open deals: a name counts only when it says nothing besides, or
    when it says that the deal is closed.
    """
    words = set(plain(stage).split())
    closed, won, lost = bool(words & _CLOSED), bool(words & _WON), bool(words & _LOST)
    rest = words - _CLOSED - _WON - _LOST - _JOINING
    if won != lost and (not rest or closed):
        return Outcome.WON if won else outcome_of_reason(stage)
    by_reason = outcome_of_reason(stage)
    if closed and not won and by_reason is not Outcome.LOST:
        return by_reason
    alone = {
        "disqualified",
        "unqualified",
        "withdrawn",
        "disqualifiziert",
        "descalificado",
        "disqualifie",
        "disqualifiee",
    }
    if words and words <= alone:
        return Outcome.WITHDRAWN
    return Outcome.NO_DECISION if plain(stage) in ("no decision", "keine entscheidung", "sin decision") else None


def flag_of(text: str) -> bool | None:
    """A checkbox of a CRM as true or false, in four languages; None for anything else."""
    word = plain(text)
    if word in ("true", "1", "yes", "y", "ja", "wahr", "oui", "vrai", "si", "verdadero", "x", "on", "checked", "t"):
        return True
    if word in ("false", "0", "no", "n", "nein", "falsch", "non", "faux", "falso", "off", "unchecked", "f"):
        return False
    return {"✓": True, "✔": True, "☑": True, "☐": False}.get(text.strip())
