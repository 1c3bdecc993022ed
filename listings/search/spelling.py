"""Typing errors: the words that the ads use, and which of them somebody meant.

The method is Symmetric Delete: what is stored and what was typed are compared by what is left of their starts when up to
two letters are taken out, so that any two words a typing error apart meet in an index, on every database alike.
"""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations

from django.db import connection, transaction
from django.db.models.functions import Length

from jobboard.text import fold
from listings.models import Concept, ConceptStamp, Word, WordVariant

SHORTEST, LONGEST = 3, 30  # letters of a word that is kept
MOST_LETTERS = 41  # of a word as it is written; what has as many is none
SHORTEST_CORRECTED = 4
TWO_ERRORS_FROM = 6  # letters
START = 7  # letters; more would need many more rows and find the same
MOST_KEPT = 50_000  # words that a process knows to be stored
MOST_STARTS = 1000
AT_ONCE = 400  # words in one statement

_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_stored: OrderedDict[str, None] = OrderedDict()


@dataclass(frozen=True)
class Near:
    """A stored word and how far it is from what was typed."""

    folded: str
    shown: str
    distance: float


def errors_in(length: int) -> int:
    """How many typing errors a word of so many letters may have."""
    return 0 if length < SHORTEST_CORRECTED else 1 if length < TWO_ERRORS_FROM else 2


def words_of(text: str) -> dict[str, str]:
    """The words of `text`, folded, with the way it writes them."""
    found: dict[str, str] = {}
    for word in dict.fromkeys(_WORD.findall(text)):
        if folded := _kept(word[:MOST_LETTERS]):
            found.setdefault(folded, word)
    return found


@lru_cache(maxsize=50_000)
def _kept(word: str) -> str:
    """The word folded; "" for one that is not kept. Ads say the same words again and again."""
    folded = fold(word)
    fits = SHORTEST <= len(folded) <= LONGEST and folded.isascii() and folded.isalpha() and len(word) < MOST_LETTERS
    return folded if fits else ""


def learn(texts: Iterable[str]) -> None:
    """Keep the words that these ads use; costs a query where all are known to be stored, and none where we know it."""
    words: dict[str, str] = {}
    for text in reversed(list(texts)):  # the first of them tells how a word is written
        words |= words_of(text)
    if new := sorted(word for word in words if word not in _stored):
        _store({word: words[word] for word in new})


def rebuild(texts: Iterable[str]) -> int:
    """Keep the words of `texts` and of the concepts, and forget all others, in every process; how many are forgotten."""
    before = set(Word.objects.values_list("pk", flat=True))  # what is learnt while we read stays
    words: set[str] = set()
    for text in chain(texts, Concept.objects.values_list("wordings", flat=True)):
        words |= words_of(text).keys()
        learn([text])
    gone = sorted(before - words)
    for number in range(0, len(gone), AT_ONCE):
        Word.objects.filter(pk__in=gone[number : number + AT_ONCE]).delete()
    used = Word.objects.values("start")
    WordVariant.objects.exclude(start__in=used).delete()
    forget()
    ConceptStamp.objects.renew()
    return len(gone)


def forget() -> None:
    """What this process takes for stored; concepts.current() does so wherever it sees another stamp."""
    _stored.clear()


def near(typed: Iterable[str]) -> dict[str, list[Near]]:
    """For each of `typed`, folded, the stored words that are as near as a typing error; one query."""
    wanted = {word: errors_in(len(word)) for word in typed if errors_in(len(word)) and len(word) <= LONGEST + 2}
    if not wanted:
        return {}
    variants = {variant for word, most in wanted.items() for variant in _left_of(word[:START], most)}
    # Cut off, so that PostgreSQL begins here even while it knows nothing of the new tables' contents.
    starts = (
        WordVariant.objects.filter(text__in=sorted(variants)).order_by("start").values("start").distinct()[:MOST_STARTS]
    )
    lengths = [len(word) for word in wanted]
    stored = Word.objects.filter(start__in=starts).annotate(length=Length("folded"))
    stored = stored.filter(
        length__gte=max(SHORTEST_CORRECTED, min(lengths) - 2),
        length__lte=max(lengths) + 2,
    )
    found: dict[str, list[Near]] = defaultdict(list)
    for folded, shown in stored.order_by("folded").values_list("folded", "shown"):
        for word, most in wanted.items():
            if abs(len(word) - len(folded)) <= most and (between := distance(word, folded, most)) <= most:
                found[word].append(Near(folded, shown, between))
    return found


def distance(one: str, other: str, most: int) -> int:
    """Letters left out, added, mistaken or swapped with the next, to get from one word to the other; most + 1 for more."""
    if len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[same:], other[same:]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i] * (len(other) + 1)
        for j, its in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)


def _left_of(start: str, most: int) -> set[str]:
    """`start`, and what is left of it without up to `most` of its letters."""
    return {
        "".join(letter for position, letter in enumerate(start) if position not in gone)
        for count in range(most + 1)
        for gone in combinations(range(len(start)), count)
    }


def _store(words: dict[str, str]) -> None:
    known = Word.objects.in_bulk(words)
    new = [Word(folded=word, shown=shown, start=word[:START]) for word, shown in words.items() if word not in known]
    starts = {word.start for word in new if len(word.folded) >= SHORTEST_CORRECTED}
    variants = [(text, start) for start in sorted(starts) for text in sorted(_left_of(start, errors_in(len(start))))]
    # In one order, or two that store the same at once wait for each other; words last, as they are taken for done.
    _store_variants(variants)
    Word.objects.bulk_create(new, ignore_conflicts=True, batch_size=AT_ONCE)
    transaction.on_commit(lambda: _remember(words))


def _store_variants(variants: list[tuple[str, str]]) -> None:
    """Past the models: thirty for each new word, they would take longer than all else of an ad."""
    with connection.cursor() as cursor:
        for number in range(0, len(variants), AT_ONCE):
            rows = variants[number : number + AT_ONCE]
            values = ", ".join(["(%s, %s)"] * len(rows))
            cursor.execute(
                f"INSERT INTO {WordVariant._meta.db_table} (text, start) VALUES {values} ON CONFLICT DO NOTHING",  # noqa: S608 (ours alone)
                list(chain.from_iterable(rows)),
            )


def _remember(words: Iterable[str]) -> None:
    for word in words:
        _stored[word] = None
        _stored.move_to_end(word)
    while len(_stored) > MOST_KEPT:
        _stored.popitem(last=False)
