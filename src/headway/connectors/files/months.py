"""Names of months and weekdays in six languages, as CRMs write them."""

from __future__ import annotations

import re
import unicodedata

_LONG_AND_SHORT = (
    "january jan januar jän jänner januari janvier janv enero ene janeiro",
    "february feb februar februari février févr fév febrero fevereiro fev",
    "march mar märz mär mrz maart mrt mars marzo março",
    "april apr avril avr abril abr",
    "may mai mei mayo maio",
    "june jun juni juin junio junho",
    "july jul juli juillet juil julio julho",
    "august aug augustus août aout agosto ago",
    "september sep sept septembre septiembre setembro set",
    "october oct oktober okt octobre octubre outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez déc décembre diciembre dic dezembro",
)
_WEEKDAYS = re.compile(
    r"^(?:mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?)?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\.?,?\s+(?=\S)"
)


def folded(text: str) -> str:
    """Lower case without accents: `Févr` as `fevr`."""
    if text.isascii():
        return text.lower()
    return "".join(
        character for character in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(character)
    )


MONTHS = {folded(word): month for month, words in enumerate(_LONG_AND_SHORT, start=1) for word in words.split()}


def without_weekday(text: str) -> str:
    """A folded text without the weekday in front of it."""
    return _WEEKDAYS.sub("", text)
