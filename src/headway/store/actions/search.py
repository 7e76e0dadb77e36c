"""Keep the words by which deals are found."""

from __future__ import annotations

import re
import unicodedata

from headway.store.models import Deal, SearchWord

LONGEST = 40


def words_of(*texts: str) -> set[str]:
    """The folded words of some texts: lower case, without accents, at most 40 characters each."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", " ".join(texts).casefold()) if not unicodedata.combining(c)
    )
    return {word[:LONGEST] for word in re.findall(r"\w+", plain)}


def index_deal(*, deal: Deal) -> None:
    """Write the deal's words anew."""
    SearchWord.objects.filter(deal=deal).delete()
    words = words_of(deal.name, deal.account, deal.source_id or "")
    SearchWord.objects.bulk_create(SearchWord(workspace=deal.workspace, word=word, deal=deal) for word in sorted(words))
