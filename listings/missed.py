"""Words that people looked for in vain: which of them are kept, for how long, and what editors see of them."""

import re
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.timezone import localdate

from jobboard import german
from jobboard.text import fold
from listings.models import MissedWord
from listings.search import concepts
from listings.search.query import understand
from profiles.models import Place

MOST_OF_A_QUERY = 3
LONGEST_QUERY = 6  # words; longer ones are sentences, which may tell of somebody
SHORTEST, LONGEST = 3, 30  # letters
KEPT_DAYS = 90
SHOWN_DAYS, MOST_SHOWN = 14, 8
SHOWN_FROM = 2  # searches: what one person typed once, a name perhaps, is shown to nobody

_PRIVATE = re.compile(r"@|www\.|https?:|[0-9][0-9 /()+.-]{4,}[0-9]")


def missed_words(text: str) -> list[str]:
    """Of a query the words, bare and folded, that neither open ads nor concepts nor the map know."""
    if _PRIVATE.search(text) or len(text.split()) > LONGEST_QUERY:
        return []
    known = concepts.current()
    found = []
    for word in understand(text).unknown:
        folded = fold(word)
        is_word = folded.isascii() and folded.isalpha() and SHORTEST <= len(folded) <= LONGEST
        if is_word and not any(term.concept for term in known.terms(word, german.analyse(word))):
            found.append(folded)
    towns = set(Place.objects.filter(folded__in=found).values_list("folded", flat=True)) if found else set()
    return [word for word in dict.fromkeys(found) if word not in towns][:MOST_OF_A_QUERY]


def most_missed():
    """The words looked for most often within the last two weeks, with how often: {"word", "searches"}."""
    recent = MissedWord.objects.filter(day__gt=localdate() - timedelta(days=SHOWN_DAYS))
    words = recent.order_by().values("word").annotate(searches=Sum("count")).filter(searches__gte=SHOWN_FROM)
    return words.order_by("-searches", "word")[:MOST_SHOWN]


def forget_missed_words(at: datetime) -> int:
    """Those of more than three months ago."""
    return MissedWord.objects.filter(day__lt=localdate(at) - timedelta(days=KEPT_DAYS)).delete()[0]
