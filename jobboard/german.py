"""German text as the search compares it: words cut, folded and brought to their roots, the same for ads and queries.

For others: `analyse` and `roots` (what is compared), `read` (the words with their roots), `plain` (a word's letters, for
spelling), `knows` (whether the trade's list knows a word), `lexicon_version` (which list this was).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import snowballstemmer
from django.conf import settings

VERSION = 2  # texts that were analysed by another one are due for indexing anew

LONGEST = 64  # letters of a word that are looked at: nothing longer is a word, and what is remembered stays small


class Token(NamedTuple):
    """A root of [a-z0-9] and where the word it comes from stands in the text as it was given."""

    text: str
    start: int
    end: int


class Word(NamedTuple):
    """A word as it stands in the text, with all that belongs to it ("Koordinator:in"), and its roots."""

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]


def analyse(text: str) -> list[Token]:
    """The roots of what `text` says, in its order, without words that say nothing ("und", "die")."""
    return [token for word in read(text) for token in word.tokens]


def roots(text: str) -> str:
    """The same as one text, as the databases' engines take it."""
    return " ".join([token.text for token in analyse(text)])


def read(text: str) -> list[Word]:
    """The words of `text` that say something. One that is said twice in a row ("Leiterin/Leiter") counts once."""
    clean, places = _clean(text)
    found = []
    before: list[str] = []
    for roots_, start, end in _complete(list(_chunks(clean)), clean):
        said = [part.root for part in roots_]
        if not said or said == before:
            continue
        before = said
        tokens = [(part.root, start + part.start, start + part.end) for part in roots_]
        if places:
            start, end = places[start], places[end - 1] + 1
            tokens = [(root, places[first], places[last - 1] + 1) for root, first, last in tokens]
        found.append(Word(text[start:end], start, end, tuple(map(Token._make, tokens))))
    return found


def plain(word: str) -> str:
    """The letters and digits of a word as they are compared before it is brought to its root."""
    return _fold(_clean(word)[0])


def knows(word: str) -> bool:
    """Whether the trade's list holds the word, in whatever form, or all the parts of it."""
    lexicon = _lexicon()
    folded = plain(word)[:LONGEST]
    return folded in lexicon.words or lexicon.is_known(folded) or lexicon.split(folded, strictly=True) is not None


def lexicon_version() -> str:
    return _lexicon().version


# 1. What is taken away or said otherwise before there are words

_DROPPED_SIGNS = re.compile("[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")
_SAME_SIGN = str.maketrans("‐‑‒−’‘ʼ＃＋İ", "----'''#+I")


def _clean(text: str) -> tuple[str, list[int]]:
    """The text composed (NFC), without invisible signs; and where each of its letters stood, if that has changed."""
    if unicodedata.is_normalized("NFC", text) and not _DROPPED_SIGNS.search(text):
        return text.translate(_SAME_SIGN), []
    letters: list[str] = []
    places: list[int] = []
    for piece in re.finditer(r"[^\u0300-\u036f][\u0300-\u036f]{0,4}|[\u0300-\u036f]", text):
        if not _DROPPED_SIGNS.match(piece.group()):
            composed = unicodedata.normalize("NFC", piece.group())
            letters.append(composed)
            places += [piece.start()] * (len(composed) - 1) + [piece.end() - 1] if composed else []
    return "".join(letters).translate(_SAME_SIGN), places


_SEX = r"(?:männlich|maennlich|weiblich|divers|div\.?|male|female|diverse|non-?binary|inter|gn|[mwfdxit])"
_OF_SEX = rf"""
    [(\[]\s{{0,2}}{_SEX}(?:\s{{0,2}}[/|,;:·•∙*_+.\-–\\]?\s{{0,2}}{_SEX}){{0,5}}\*?\s{{0,2}}[)\]]\*?
  | [(\[]\s?(?:a|alle|all\s?genders?|alle\s?geschlechter|geschlechtsneutral|h/?f|gn\*?)\s?\*?[)\]]
  | (?<!\w)[mwfdx](?:\s?[/|*_·•∙]\s?[mwfdx]){{1,4}}(?![\w+#])
  | (?<!\w)(?:[mwf]\s[mwfdx]\s[dx]|[mw][mw][dx]|[mf][mf][dx]|d[mw][mw]|d[fm][fm])(?!\w)
"""
# „z. B.“, „d. h.“, „i. d. R.“
_ABBREVIATION = (
    r"(?<!\w)(?:z\.\s?[bt]|d\.\s?h|u\.\s?[aäu]|o\.\s?[aäg]|i\.\s?d\.\s?r|v\.\s?a|s\.\s?o|m\.\s?e)\.(?:\s?m\.)?"
)
_GENDER = r"""
    (?:[:*·•∙‧_/'!]-?|-|\(-?) in(?:nen)?\)? (?![\w+#-])
  | (?:[:*·•∙‧_/]-?|\(-?) (?:frau(?:en)?|mann|männer|leute|e[rnsm]?|[rnsm])\)? (?![\w+#-])
"""
_SCAN = re.compile(
    rf"""
    (?P<drop>{_OF_SEX}|{_ABBREVIATION})
  | (?P<sharp>(?<!\w)[cfj]\s?(?:\#|-?sharp(?!\w)))
  | (?P<plus>(?<!\w)c(?:\s?\+\+|pp(?!\w)|\splus\splus(?!\w)))
  | (?P<net>(?<!\w)(?:(?:asp|ado|vb)\s?)?(?:\.\s?|dot\s?-?)net(?!\w))
  | (?P<hana>(?<!\w)(?:s\s?/?\s?-?4\s?[-/]?\s?hana|s\s?/?\s?4)(?![\w]))
  | (?P<grade>(?<!\w)(?:eg|e|entgeltgruppe|entgeltgr\.|entgeltstufe)\s?[.-]?\s?(?P<number>\d{{1,2}})[a-c]?(?![\w.,]*\d))
  | (?P<vorort>(?<!\w)vor[\s-]ort(?!\w))
  | (?P<pair>(?<!\w)[a-z]\s?&\s?[a-z](?!\w))
  | (?P<dotted>(?<!\w)(?:[a-zäöü]\.){{2,5}}(?!\w))
  | (?P<thousands>(?<![\w.])\d{{1,3}}(?:\.\d{{3}}){{1,4}}(?![\w]))
  | (?P<word>(?P<lead>(?<!\w)-)?(?P<body>[^\W_]+(?:-[^\W_]+)*?)(?:(?P<gender>{_GENDER})|(?![^\W_]|-[^\W_]))(?P<trail>-(?![\w-]))?)
    """,
    re.I | re.X,
)
_AGENT = re.compile(
    r"(?:er|or|eur|ör|ist|ent|ant|and|oge|log|ekt|wirt|at|ier|chef|kund|ärzt|aerzt|kolleg|beamt|expert|arzt|anwält|anwalt|bot|gesell|pat)$",
    re.I,
)
_BIG_INNER = re.compile(r"(?<=[a-zäöüß])In(?:nen)?$")  # KoordinatorIn


class Part(NamedTuple):
    """A root of a word and where its part of the word stands in it."""

    root: str
    start: int
    end: int


class _Chunk(NamedTuple):
    parts: tuple[Part, ...]
    start: int
    end: int
    body: str
    lead: bool  # "-steuerung"
    trail: bool  # "Voll-"


def _chunks(text: str) -> Iterator[_Chunk]:
    for match in _SCAN.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "drop":
            continue
        if match["word"] is None:
            roots_ = _symbol(match)
            yield _Chunk(tuple(Part(root, 0, end - start) for root in roots_), start, end, "", False, False)
            continue
        body, lead, gender = match["body"], match["lead"] is not None, match["gender"]
        start += lead
        trail = match["trail"] is not None
        if gender and not _is_gender(body, gender):
            # "Check-in", "24/n": the ending is a word of its own, or nothing
            gender_start = match.start("gender")
            yield _Chunk(_hyphenated(body, False), start, gender_start, body, lead, False)
            rest = re.search(r"[^\W_]+", gender)
            if rest and len(rest.group()) > 1:
                first = gender_start + rest.start()
                yield _Chunk(
                    _hyphenated(rest.group(), trail), first, first + len(rest.group()), rest.group(), False, trail
                )
            continue
        end -= trail
        parts = _hyphenated(body, trail)
        if gender and parts:
            last = parts[-1]
            parts = (*parts[:-1], last._replace(end=end - start))
        yield _Chunk(parts, start, end, body, lead, trail)


def _is_gender(body: str, gender: str) -> bool:
    letters = gender.strip(":*·•∙‧_/'!()-").lower()
    if letters in ("in", "innen"):
        return len(body) > 3 and (gender[0] not in "-'!" or bool(_AGENT.search(body)))
    return len(body) > 1 and body[-1].islower()


def _symbol(match: re.Match) -> list[str]:
    kind, said = match.lastgroup, match.group().lower()
    if match["number"]:
        return ["eg" + match["number"].lstrip("0")]
    if kind == "sharp":
        return [said[0] + "sharp"]
    if kind == "plus":
        return ["cplusplus"]
    if kind == "net":
        return ["dotnet"] if said[0] in ".d" else [re.split(r"[\s.d]", said)[0], "dotnet"]
    if kind == "hana":
        return ["s4", "hana"]
    if kind == "vorort":
        return ["vorort"]
    if kind == "thousands":
        return [said.replace(".", "")]
    joined = _fold(said)
    return [] if joined in _lexicon().stop else [part.root for part in _hyphenated(joined, False)]


# 2. „Voll- oder Teilzeit“, „Projektplanung und -steuerung“

_LINK = {"und", "oder", "u", "bzw", "sowie", "wie", "and", "or", "beziehungsweise", "als", "auch", "noch"}
_JOINT = re.compile(r"\s{0,3}[,/&+.]?\s{0,3}(?:[&+]\s)?")


def _complete(chunks: list[_Chunk], text: str) -> Iterator[tuple[tuple[Part, ...], int, int]]:
    for index, chunk in enumerate(chunks):
        parts = chunk.parts
        if chunk.trail and (end := _shared_end(chunks, index, text)):
            parts = _hyphenated(
                f"{chunk.body}-{end}"[:LONGEST] if not _fuses(chunk.body) else (chunk.body + end)[:LONGEST], False
            )
            parts = tuple(_within(part, len(chunk.body)) for part in parts)
        elif chunk.lead and (begin := _shared_begin(chunks, index, text)):
            parts = _hyphenated((begin + chunk.body)[:LONGEST], False)
            parts = tuple(_within(part, len(chunk.body), len(begin)) for part in parts)
        yield parts, chunk.start, chunk.end


def _fuses(body: str) -> bool:
    return not body.isupper()


def _within(part: Part, length: int, shift: int = 0) -> Part:
    """A part of the word in full, as a part of what stands there of it."""
    start, end = part.start - shift, part.end - shift
    if end <= 0 or start >= length:
        return Part(part.root, 0, length)  # it does not stand there
    return Part(part.root, max(start, 0), min(end, length))


def _shared_end(chunks: list[_Chunk], index: int, text: str) -> str:
    for other in range(index + 1, min(index + 8, len(chunks))):
        chunk = chunks[other]
        if not _JOINT.fullmatch(text[chunks[other - 1].end + chunks[other - 1].trail : chunk.start - chunk.lead]):
            return ""
        if chunk.trail or chunk.body.lower() in _LINK:
            continue
        return _last_part(chunk.body)
    return ""


def _shared_begin(chunks: list[_Chunk], index: int, text: str) -> str:
    for other in range(index - 1, max(index - 8, -1), -1):
        chunk, after = chunks[other], chunks[other + 1]
        if not _JOINT.fullmatch(text[chunk.end + chunk.trail : after.start - after.lead]):
            return ""
        if chunk.lead or chunk.body.lower() in _LINK:
            continue
        return _all_but_last_part(chunk.body)
    return ""


@lru_cache(maxsize=4096)
def _last_part(body: str) -> str:
    cut = _last_cut(body)
    return body[cut:] if cut else ""


@lru_cache(maxsize=4096)
def _all_but_last_part(body: str) -> str:
    cut = _last_cut(body)
    return body[:cut]


def _last_cut(body: str) -> int:
    """Where the last part of a compound begins; 0 if it is none."""
    hyphen = body.rfind("-") + 1
    word = body[hyphen:][:LONGEST]
    folded, places = _fold_with_places(word)
    lexicon = _lexicon()
    if split := lexicon.split(folded):
        return hyphen + places[split[-1].start]
    for cut in range(3, len(folded) - 3):  # "Teilzeit" is one word, and yet its second half is one too
        if lexicon.is_known(folded[cut:]) and folded[:cut] in lexicon.firsts:
            return hyphen + places[cut]
    return hyphen


# 3. One word: folded, cut, brought to its roots

_OTHER_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_SPELLED_UMLAUT = re.compile(r"(?<![aeq])([aou])e")  # not in "neue", "Bauer", "Quelle"
_NO_SIGN = re.compile(r"[^a-z0-9]+")


def _fold(word: str) -> str:
    """Small letters of [a-z0-9]; umlauts and their spellings as ae, oe, ue alike, ß as ss."""
    word = word.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.translate(_OTHER_LETTERS)).translate(_OTHER_LETTERS)
    return _SPELLED_UMLAUT.sub(r"\1", _NO_SIGN.sub("", word.lower()))


def _fold_with_places(word: str) -> tuple[str, list[int]]:
    """The folded word, and for each of its letters and its end where that stands in the word as given."""
    folded = _fold(word)
    if len(folded) == len(word):
        return folded, list(range(len(word) + 1))
    letters = "".join(
        _NO_SIGN.sub(
            "", unicodedata.normalize("NFKD", each.lower().translate(_OTHER_LETTERS)).translate(_OTHER_LETTERS).lower()
        )
        for each in word
    )
    origin = [
        index
        for index, each in enumerate(word)
        for _ in _NO_SIGN.sub(
            "", unicodedata.normalize("NFKD", each.lower().translate(_OTHER_LETTERS)).translate(_OTHER_LETTERS).lower()
        )
    ]
    gone = {match.end() - 1 for match in _SPELLED_UMLAUT.finditer(letters)}
    places = [place for index, place in enumerate(origin) if index not in gone]
    places += [len(word)] * (len(folded) + 1 - len(places))
    return folded, places[: len(folded) + 1]


def _hyphenated(body: str, is_open: bool) -> tuple[Part, ...]:
    """The roots of a word with its hyphens. is_open: another word would follow ("Anforderungs-")."""
    if len(body) > LONGEST and "-" not in body:
        body = body[:LONGEST]
    if "-" not in body:
        return _word(body, is_open)
    if len(body) <= LONGEST and _lexicon().is_known(_fold(body)):
        return _word(body, False)  # "E-Mail", "Daten-Schutz"
    found: list[Part] = []
    start = 0
    pieces = body.split("-")
    for index, piece in enumerate(pieces):
        parts = _word(piece[:LONGEST], is_open or index < len(pieces) - 1)
        found += [Part(part.root, start + part.start, start + part.end) for part in parts]
        start += len(piece) + 1
    return tuple(found)


@lru_cache(maxsize=40_000)
def _word(word: str, is_open: bool) -> tuple[Part, ...]:
    word = _BIG_INNER.sub("", word) if _BIG_INNER.search(word) and _AGENT.search(_BIG_INNER.sub("", word)) else word
    folded, places = _fold_with_places(word)
    lexicon = _lexicon()
    if not folded or folded in lexicon.stop:
        return ()
    if is_open and not lexicon.is_known(folded):
        folded = lexicon.firsts.get(folded, folded)  # "Anforderungs-"
    if pieces := _digits(folded):
        return tuple(Part(piece, 0, len(word)) for piece in pieces)
    if (known := lexicon.read_as(folded)) is not None:
        return tuple(Part(root, 0, len(word)) for root in known)
    split = None if lexicon.is_known(folded) else lexicon.split(folded)
    if split is None and is_open:
        split = lexicon.split(folded, is_open=True)
    if split is None:
        return (Part(root_of(folded), 0, len(word)),)
    last = len(places) - 1
    return tuple(
        Part(
            root, places[min(piece.start, last)], max(places[min(piece.end, last)], places[min(piece.start, last)] + 1)
        )
        for piece in split
        for root in lexicon.roots(piece.word)
    )


_NUMBERED = re.compile(r"([a-z]{3,})(\d{1,6})")
_HOURS = re.compile(r"(\d{1,3})(?:h|std|stunden?)")
_THOUSANDS = re.compile(r"(\d{1,3})k")


def _digits(folded: str) -> list[str] | None:
    """How a word with digits is read: PRINCE2, ISO27001, 40h, 60k; None: as it stands."""
    if folded.isalpha():
        return None
    if match := _NUMBERED.fullmatch(folded):
        return [*_lexicon().roots(match[1]), match[2]]
    if match := _HOURS.fullmatch(folded):
        return [match[1], *_lexicon().roots("stunde")]
    if match := _THOUSANDS.fullmatch(folded):
        return [match[1] + "000"]
    return None if folded in _lexicon().words else [folded]


_stem = snowballstemmer.stemmer("german").stemWord
_FEMININE = re.compile(r"(?<=er|or|ur|st|nt|nd|nk|og|kt|rt|at|ft|ef|gt|eg|mt|zt|lt|ar|ph|an)(?<=...)in(?:nen)?$")
_NO_FEMININE = re.compile(
    r"(?:darin|worin|hierin|berlin|satin|latin|platin|protein|routin|kreatin|gelatin|antin|martin|austin|asin|urin|"
    r"vitrin|doktrin|marin|tugurin|margarin|klarin|mandarin|quentin|bastin|valentin|konstantin|augustin|justin|kevin)$"
)
_PEOPLE = re.compile(r"(kauf|fach|ob|landsm?)(?:frau|frauen|mann|manner|mannern|leute|leuten)$")
_ACTION = re.compile(r"(.{4,}?)(?:ation(?:en|s)?|ator(?:en|s|isch\w{0,2})?|ativ(?:e[mnrs]?)?)$")
_TO_DO = re.compile(r"(.{4,}?)ier(?:en|t|te|ten|tes|ter|tem|end|ende[mnrs]?|ung|ungen|ungs|bar|bare[mnrs]?|st|e)?$")
_MAKING = re.compile(r"(.{3,})ung(?:en|s)?$")
_DOING = re.compile(r"(.{4,}[bdfgklmnprstz])el(?:n|t|te|ten|tes|ter|tem|nd|nde[mnrs]?)$")


@lru_cache(maxsize=40_000)
def root_of(word: str) -> str:
    """The root of a folded word that is none of the list's and no compound."""
    return _lexicon().roots(word)[0]


def _root(word: str, kept: frozenset[str] | set[str] = frozenset()) -> str:
    if not word.isalpha() or len(word) < 4:
        return word
    word = word.replace("selbstst", "selbst")
    if not _NO_FEMININE.search(word):
        word = _FEMININE.sub("", word)
    if people := _PEOPLE.search(word):
        return people[1] + "mann"
    if doing := _TO_DO.fullmatch(word):
        stem = doing[1]
        if word[len(stem) :] != "ier" and stem + "ier" not in kept:
            return stem[:-2] + "ik" if stem.endswith("iz") else stem
    if action := _ACTION.fullmatch(word):
        return action[1]
    if making := _MAKING.fullmatch(word):
        if making[1] + "ung" in kept:
            return making[1] + "ung"
        word = making[1]
    elif doing := _DOING.fullmatch(word):
        word = doing[1] + "l"
    return _stem(word) or word


# 4. The list of the trade

_JOINS = ("s", "es", "n", "en", "e", "er", "ens")
_ENDINGS = ("s", "es", "n", "en", "e", "er", "ern", "em", "in", "innen")


class _Piece(NamedTuple):
    word: str
    start: int
    end: int


class _Lexicon:
    """fixtures/search/words.txt, read once; its first lines explain it."""

    def __init__(self, text: str):
        self.version = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.stop: set[str] = set()
        self.words: set[str] = set()
        self.kept: set[str] = set()  # a root as they stand
        self.said: dict[str, tuple[str, ...]] = {}  # read as these words
        only_first: set[str] = set()
        for line in text.splitlines():
            line = line.partition("#")[0].strip()
            if line.startswith("!"):
                self.stop.update(_fold(word) for word in line[1:].split())
                continue
            if "=" in line:
                names, _, others = line.partition("=")
                words = tuple(map(_fold, others.split()))
                first, *forms = map(_fold, names.split())
                self.words.update([first, *forms])
                if words:
                    self.said.update(dict.fromkeys([first, *forms], words))
                else:
                    self.kept.add(first)
                    self.said.update(dict.fromkeys(forms, (first,)))
                continue
            for word in line.split():
                if word.endswith("-"):
                    only_first.add(_fold(word))
                else:
                    self.words.add(_fold(word))
        self.known_roots = {_root(word, self.kept) for word in self.words if len(word) > 2}
        self.firsts: dict[str, str] = {}
        for word in sorted(self.words | only_first):
            if len(word) < 3:
                continue
            for join in _JOINS:
                self.firsts.setdefault(word + join, word)
            if word.endswith("e"):
                self.firsts.setdefault(word[:-1], word)
                self.firsts.setdefault(word[:-1] + "s", word)
        for word in ("it", "ki", "hr", "qm", "ui", "ux"):
            self.firsts.setdefault(word, word)
        for word in self.words | only_first:
            self.firsts[word] = word
        self.begins = {word[:3] for word in self.words}
        self.longest = max(map(len, self.firsts), default=0)

    def is_known(self, folded: str) -> bool:
        """Whether it is a word of the list, in whatever form; compounds are not."""
        return (
            folded in self.words
            or (len(folded) > 3 and self._base(folded) is not None)
            or (len(folded) > 3 and _root(folded, self.kept) in self.known_roots)
        )

    def _base(self, folded: str) -> str | None:
        """The word with an own reading that this is a form of."""
        if folded in self.said or folded in self.kept:
            return folded
        for ending in _ENDINGS:
            if folded.endswith(ending):
                base = folded[: -len(ending)]
                if len(base) > 3 and (base in self.said or base in self.kept):
                    return base
        return None

    def read_as(self, folded: str) -> tuple[str, ...] | None:
        """The roots of a word that the list says how to read."""
        base = self._base(folded)
        return None if base is None else self.roots(base)

    def roots(self, folded: str) -> tuple[str, ...]:
        base = self._base(folded)
        if base is None:
            return (_root(folded, self.kept),)
        if base not in self.said:
            return (base,)
        return tuple(
            root
            for word in self.said[base]
            if word not in self.stop
            for root in ((word,) if word == base else self.roots(word))
        )

    def split(self, folded: str, *, is_open: bool = False, strictly: bool = False) -> list[_Piece] | None:
        """The parts of a compound; None if it is none. is_open: it ends as if another word followed.

        The fewest parts win, then the longest last one. Steps are bounded by the square of LONGEST.
        """
        length = len(folded)
        if length < 6 or length > LONGEST or not folded.isalpha():
            return None
        best: list[tuple[int, int, int] | None] = [None] * (length + 1)  # pieces after it, unknown letters, end
        for start in range(length - 2, -1, -1):
            rest = folded[start:]
            if start and (len(rest) > 2 and (self._ends(rest) or (is_open and rest in self.firsts))):
                best[start] = (1, 0, length)
                continue
            for end in range(start + 2, min(start + self.longest, length - 2) + 1):
                after = best[end]
                if (
                    after
                    and folded[start:end] in self.firsts
                    and (end - start > 2 or (start == 0 and length - end > 5))
                ):
                    here = (after[0] + 1, after[1], end)
                    if best[start] is None or here[:2] < best[start][:2]:  # type: ignore[index]
                        best[start] = here
        if best[0] is not None:
            pieces = []
            start = 0
            while start < length:
                end = best[start][2]  # type: ignore[index]
                surface = folded[start:end]
                pieces.append(
                    _Piece(surface if end == length and not is_open else self.firsts.get(surface, surface), start, end)
                )
                start = end
            return pieces
        return None if strictly else self._partly(folded, best)

    def _ends(self, rest: str) -> bool:
        return rest in self.words or (len(rest) > 3 and rest[:3] in self.begins and self.is_known(rest))

    def _partly(self, folded: str, best: list) -> list[_Piece] | None:
        """An unknown beginning before long known words: "Flachglas|fertigung"."""
        for start in range(4, len(folded) - 6):
            if best[start] and re.search("[aeiouy]", folded[:start]):
                head = folded[:start]
                if len(head) > 4 and head.endswith("s"):
                    head = head[:-1]
                rest = []
                position = start
                while position < len(folded):
                    end = best[position][2]
                    surface = folded[position:end]
                    rest.append(
                        _Piece(surface if end == len(folded) else self.firsts.get(surface, surface), position, end)
                    )
                    position = end
                if len(folded) - start > 6 and rest[0].end - rest[0].start > 5:
                    return [_Piece(head, 0, start), *rest]
        return None


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon((settings.BASE_DIR / "fixtures/search/words.txt").read_text())
