"""German text as the search compares it: words cut, folded and brought to their roots, the same for ads and queries.

For others: `analyse` and `roots` (what is compared), `read` (the words with their roots), `plain` (a word's letters, for
spelling), `knows` (whether the trade's list knows a word), `lexicon_version` (which list this was).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from jobboard.lexicon import LONGEST, fold, fold_with_places, lexicon

VERSION = 4  # texts that were analysed by another one are due for indexing anew


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
    before = None
    for parts, start, end in _complete(list(_chunks(clean)), clean):
        said = [part.root for part in parts]
        if not said or said == before:
            continue
        before = said
        if places:
            spans = [(places[start + first], places[start + last - 1] + 1) for _, first, last in parts]
            start, end = places[start], places[end - 1] + 1
        else:
            spans = [(start + first, start + last) for _, first, last in parts]
        tokens = tuple([Token(root, *span) for root, span in zip(said, spans, strict=True)])
        found.append(Word(text[start:end], start, end, tokens))
    return found


def plain(word: str) -> str:
    """The letters and digits of a word as they are compared before it is brought to its root."""
    return fold(_clean(word)[0])


def knows(word: str) -> bool:
    """Whether the trade's list holds the word, in whatever form, or all the parts of it."""
    folded = plain(word)[:LONGEST]
    return lexicon().is_known(folded) or lexicon().split(folded, strictly=True) is not None


def lexicon_version() -> str:
    return lexicon().version


# 1. What is taken away or said otherwise before there are words

# Invisible ones, and the backslash by which Markdown says that the next sign is meant as it stands ("Kolleg\\*innen").
_DROPPED_SIGNS = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]|\\(?=[!-/:-@\[-`{-~])")
_SAME_SIGN = str.maketrans("‐‑‒−’‘ʼ＃＋İ", "----'''#+I")
# Asked first: to translate a text that has none takes ten times as long.
_HAS_SAME_SIGN = re.compile(f"[{''.join(map(chr, _SAME_SIGN))}]")


def _clean(text: str) -> tuple[str, list[int]]:
    """The text composed (NFC), without signs that nobody reads; and where each of its letters stood, if that has changed."""
    dropped = {match.start() for match in _DROPPED_SIGNS.finditer(text)}
    if not dropped and unicodedata.is_normalized("NFC", text):
        return text.translate(_SAME_SIGN) if _HAS_SAME_SIGN.search(text) else text, []
    if unicodedata.is_normalized("NFC", text):
        kept = [place for place in range(len(text)) if place not in dropped]
        return "".join([text[place] for place in kept]).translate(_SAME_SIGN), kept
    letters: list[str] = []
    places: list[int] = []
    for piece in re.finditer(r"[^\u0300-\u036f][\u0300-\u036f]{0,4}|[\u0300-\u036f]", text):
        if piece.start() not in dropped:
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
    # Most words: nothing below could read them otherwise, so it need not be tried.
    (?P<plain>(?<!\w)(?!entg|(?:asp|ado|vb)?dotnet|[cfj]sharp)[^\W\d_]{{4,}}(?=[\s,.;)]))
  | (?P<drop>{_OF_SEX}|{_ABBREVIATION})
  | (?P<sharp>(?<!\w)[cfj]\s?(?:\#|-?sharp(?!\w)))
  | (?P<plus>(?<!\w)c(?:\s?\+\+|pp(?!\w)|\splus\splus(?!\w)))
  | (?P<net>(?<!\w)(?:(?:asp|ado|vb)\s?)?(?:\.\s?|dot\s?-?)net(?!\w))
  | (?P<hana>(?<!\w)(?:s\s?/?\s?-?4\s?[-/]?\s?hana|s\s?/?\s?4)(?![\w]))
  | (?P<grade>(?<!\w)(?:eg|e|entgeltgruppe|entgeltgr\.|entgeltstufe)\s?[.-]?\s?(?P<number>\d{{1,2}})[a-c]?(?!\w|[.,]\d))
  | (?P<vorort>(?<!\w)vor[\s-]ort(?!\w))
  | (?P<tariff>(?<!\w)tv[\s-](?:[lnv]|öd|oed)(?!\w))
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
        if body := match["plain"]:
            yield _Chunk(_word(body[:LONGEST], False), *match.span(), body, False, False)
            continue
        body, lead, gender, trail = match.group("body", "lead", "gender", "trail")
        start, end = match.span()
        if body is None:
            if match["drop"] is None:
                parts = tuple(Part(root, 0, end - start) for root in _symbol(match))
                yield _Chunk(parts, start, end, "", False, False)
            continue
        if lead:
            start += 1
        if trail:
            end -= 1
        if gender and not _is_gender(body, gender):  # "Check-in": a word of its own; "24/n": nothing
            end = start + len(body)
            yield _Chunk(_hyphenated(body, False), start, end, body, bool(lead), False)
            if rest := re.search(r"[^\W_]{2,}", gender):
                start, end = end + rest.start(), end + rest.end()
                yield _Chunk(_hyphenated(rest.group(), False), start, end, rest.group(), False, False)
            continue
        parts = _hyphenated(body, bool(trail))
        if gender and parts:
            parts = (*parts[:-1], parts[-1]._replace(end=end - start))
        yield _Chunk(parts, start, end, body, bool(lead), bool(trail))


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
        return ["dotnet"] if said[0] in ".d" else [re.split(r"\s|\.|dot", said)[0], "dotnet"]
    if kind == "hana":
        return ["s4", "hana"]
    if kind == "vorort":
        return ["vorort"]
    if kind == "thousands":
        return [said.replace(".", "")]
    joined = fold(said)
    return [] if joined in lexicon().stop else [part.root for part in _hyphenated(joined, False)]


# 2. „Voll- oder Teilzeit“, „Projektplanung und -steuerung“

_LINK = {"und", "oder", "u", "bzw", "sowie", "wie", "and", "or", "beziehungsweise", "als", "auch", "noch"}
_JOINT = re.compile(r"\s{0,3}[,/&+.]?\s{0,3}(?:[&+]\s)?")


def _complete(chunks: list[_Chunk], text: str) -> Iterator[tuple[tuple[Part, ...], int, int]]:
    for index, chunk in enumerate(chunks):
        parts = chunk.parts
        if chunk.trail and (end := _shared_end(chunks, index, text)):
            joint = "-" if chunk.body.isupper() else ""  # "IT- und Projektleitung"
            parts = _hyphenated((chunk.body + joint + end)[:LONGEST], False)
            parts = tuple(_within(part, len(chunk.body)) for part in parts)
        elif chunk.lead and (begin := _shared_begin(chunks, index, text)):
            parts = _hyphenated((begin + chunk.body)[:LONGEST], False)
            parts = tuple(_within(part, len(chunk.body), len(begin)) for part in parts)
        yield parts, chunk.start, chunk.end


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
    folded, places = fold_with_places(word)
    words = lexicon()
    if pieces := words.split(folded):
        return hyphen + places[pieces[-1].start]
    for cut in range(3, len(folded) - 3):  # "Teilzeit" is one word, and yet its second half is one too
        if words.is_known(folded[cut:]) and folded[:cut] in words.firsts:
            return hyphen + places[cut]
    return hyphen


# 3. One word, with its hyphens


def _hyphenated(body: str, is_open: bool) -> tuple[Part, ...]:
    """The roots of a word with its hyphens. is_open: another word would follow ("Anforderungs-")."""
    if "-" not in body:
        return _word(body[:LONGEST], is_open)
    if len(body) <= LONGEST and lexicon().is_known(fold(body)):
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
    if (inner := _BIG_INNER.search(word)) and _AGENT.search(word[: inner.start()]):
        word = word[: inner.start()]
    folded, places = fold_with_places(word)
    words = lexicon()
    if folded in words.stop:
        return ()
    if not folded.isalpha():
        return tuple(Part(root, 0, len(word)) for root in _with_digits(folded)) if folded else ()
    if is_open and not words.is_known(folded):
        folded = words.firsts.get(folded, folded)
    pieces = None
    if not words.is_known(folded) and not words.is_prefixed(folded):
        pieces = words.split(folded) or (words.split(folded, is_open=True) if is_open else None)
    if pieces is None:
        return tuple(Part(root, 0, len(word)) for root in words.roots(folded))
    return tuple(
        Part(root, places[piece.start], max(places[piece.end], places[piece.start] + 1))
        for piece in pieces
        for root in words.roots(piece.word)
    )


_NUMBERED = re.compile(r"([a-z]{3,})(\d{1,6})")
_HOURS = re.compile(r"(\d{1,3})(?:h|std|stunden?)")
_THOUSANDS = re.compile(r"(\d{1,3})k")


def _with_digits(folded: str) -> tuple[str, ...]:
    """How a word with digits is read: PRINCE2, ISO27001, 40h, 60k."""
    if folded in lexicon().words:
        return lexicon().roots(folded)
    if match := _NUMBERED.fullmatch(folded):
        return *lexicon().roots(match[1]), match[2]
    if match := _HOURS.fullmatch(folded):
        return match[1], *lexicon().roots("stunde")
    if match := _THOUSANDS.fullmatch(folded):
        return (match[1] + "000",)
    return (folded,)
