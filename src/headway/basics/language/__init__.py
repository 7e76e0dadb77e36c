"""Which language is spoken now, the catalogue of each, and what Headway says put into it.

Headway's code speaks English everywhere, and what it stores is English: one analysis can be read in any language. Words
are exchanged at the very edge, where a person reads them: templates when they are loaded, sentences as they are shown.
"""

from headway.basics.language.now import LANGUAGES, SOURCE, best_of, language, speaking
from headway.basics.language.told import told

__all__ = ["LANGUAGES", "SOURCE", "best_of", "language", "speaking", "told"]
