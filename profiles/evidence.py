"""Evidence: every figure and fact of a city page names the sentence of the text that states it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from jobboard.text import paragraphs

LIKENESS = 0.5  # from here on a sentence passes for another wording of one that was lost


@dataclass(frozen=True)
class Problem:
    """What keeps an edition from being published; str() says it to editors.

    row: the figure or fact, section: the one it names, closest: (section, sentence) of the new text that may be meant.
    """

    text: str
    row: Any = None
    section: Any = None
    closest: tuple[Any, str] | None = None

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Unbacked:
    """An amount in EUR that the text names and no figure states; section: None in the lead."""

    amount: Decimal
    words: str
    section: Any
    sentence: str

    def __str__(self):
        where = f"im Abschnitt „{self.section}“" if self.section else "im Vorspann"
        return f"Keine Gehaltszahl belegt „{self.words}“ {where}: „{self.sentence}“"


# Sentences

_END = re.compile(r"(?<=\S)(?:[.!?]+|…)[“”\"»«’')\]]*(?=\s+[„“\"»«‚‘(\[]*[A-ZÄÖÜ0-9])")
_ABBREVIATIONS = re.compile(
    r"abs|abt|allg|art|bspw|bzw|ca|circa|co|dez|dgl|dipl|dr|ehem|einschl|entspr|etc|evtl|exkl|feb|fr|gem|ggf|hr|"
    r"ing|inkl|insb|jan|lt|max|min|mind|mio|mrd|nov|nr|okt|prof|rd|sept|sog|st|std|str|tel|tsd|ungef|usf|usw|"
    r"vgl|zzgl",
    re.I,
)
# Words that open a sentence and, written large, follow neither an abbreviation nor an ordinal.
_OPENERS = re.compile(
    r"aber|alle|alles|als|am|an|auch|auf|aus|bei|beim|bis|da|dabei|dafür|damit|danach|dann|daran|darum|das|dass|"
    r"dazu|dem|den|denn|der|deshalb|die|dies|diese|dieser|dieses|doch|dort|durch|ein|eine|einem|einen|einer|"
    r"eines|er|erst|es|für|gegen|gerade|hier|hinter|ich|ihr|ihre|im|immer|in|ist|jede|jeder|jedes|kein|keine|"
    r"man|manche|mancher|mehr|mit|nach|neben|nicht|noch|nur|ob|oder|ohne|schon|sehr|seit|selbst|sie|sind|so|"
    r"sobald|solche|sonst|trotzdem|um|und|unter|viele|vom|von|vor|wann|war|warum|was|weil|welche|wenn|wer|wie|"
    r"wir|wo|zu|zudem|zum|zur|zwar|zwischen|über",
    re.I,
)


def _ends(text: str, found: re.Match) -> bool:
    """Whether a full stop ends a sentence, or belongs to an abbreviation, an initial or an ordinal."""
    if not found[0].startswith(".") or (len(found[0]) > 1 and found[0][1] in ".!?"):
        return True
    before = re.search(r"[\w-]+(?:\.\w+)*$", text[: found.start()])
    word = before[0].rpartition("-")[2] if before else ""
    following = re.match(r"\W*(\w*)", text[found.end() :])
    is_opener = following is not None and _OPENERS.fullmatch(following[1]) is not None
    if len(word) == 1 and word.isalpha():
        return False
    if _ABBREVIATIONS.fullmatch(word) or re.fullmatch(r"\d{1,2}", word):
        return is_opener
    return True


def _split(paragraph: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(paragraph):
        if _ends(paragraph, end):
            found.append(paragraph[start : end.end()].strip())
            start = end.end()
    found.append(paragraph[start:].strip())
    return [sentence for sentence in found if sentence]


@lru_cache(maxsize=1024)  # the start page reads all cities
def _read(body: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each paragraph, all white space as one space, with its sentences, whose spaces are as they were typed."""
    return tuple((" ".join(paragraph.split()), tuple(_split(paragraph))) for paragraph in paragraphs(body))


def sentences(body: str) -> list[str]:
    """The sentences of a Markdown text, as they are read, none across paragraphs."""
    return [sentence for _, found in _read(body) for sentence in found]


def states(body: str, sentence: str) -> bool:
    """Whether `sentence` stands inside one paragraph of the Markdown text `body`.

    Letter for letter, but for the kind of white space, which nobody sees.
    """
    sentence = " ".join(sentence.split())
    return bool(sentence) and any(sentence in text for text, _ in _read(body))


def around(body: str, sentence: str) -> str:
    """The whole sentences of `body` within which `sentence` stands; itself where it does not."""
    sentence = " ".join(sentence.split())
    for text, found in _read(body):
        if (start := text.find(sentence)) >= 0:
            kept, at = [], 0
            for each in (" ".join(typed.split()) for typed in found):
                at = text.index(each, at) + len(each)
                if at > start and at - len(each) < start + len(sentence):
                    kept.append(each)
            return " ".join(kept)
    return sentence


def closest(sentence: str, bodies: Mapping[Any, str]) -> tuple[Any, str] | None:
    """The sentence of `bodies` that is most like `sentence`, with the key of its text; None where none is like it."""
    asked, sentence = sentence, " ".join(sentence.split())
    length = max(len(_split(sentence)), 1)  # evidence may be two sentences long
    words = _words(sentence)
    likely = []
    for key, body in bodies.items():
        if states(body, sentence):
            return key, asked
        for _, found in _read(body):
            for start in range(max(len(found) - length + 1, 0)):
                other = " ".join(found[start : start + length])
                if max(len(sentence), len(other)) > 3 * min(len(sentence), len(other)):
                    continue  # cannot be alike enough, and would take long
                alike = SequenceMatcher(None, words, _words(other), autojunk=False).ratio()
                likely.append((alike, key, other))
    # Letters see what words do not, endings and amounts, and take longer.
    best: tuple[float, Any, str] | None = None
    for alike, key, other in sorted(likely, key=lambda each: -each[0])[:6]:
        score = (alike + SequenceMatcher(None, sentence, other, autojunk=False).ratio()) / 2
        if score >= LIKENESS and (best is None or score > best[0]):
            best = score, key, other
    return best[1:] if best else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# Amounts

_NUMBER = r"\d{1,3}(?:[.\u202f\u00a0’' ]\d{3})+(?!\d)(?:,\d{1,2}(?!\d))?|\d+(?:,\d{1,2}(?!\d))?"
_AMOUNT = rf"(?<![\d.,])(?:{_NUMBER})(?:,[-–—]{{1,2}})?(?:\s?(?:Tsd\.|Tausend|tausend|[kK]\b|T(?=€|EUR\b)))?"
_EURO = r"(?:€|Euros?\b|EUR\b)"
_ABOUT = r"(?:(?:etwa|rund|ca\.|circa|ungefähr|knapp|gut|gerade|meist|oft|häufig|eher|die)\s+){0,2}"
_MONEY = rf"(?:{_EURO}\s?)?(?:{_AMOUNT})(?:[\s-]?{_EURO})?"
_PERIOD = r"(?:\s(?:(?:im|pro|je)\s(?:Monat|Jahr)|monatlich|jährlich|brutto|netto))*"


def _named(name: str) -> str:
    return rf"(?P<{name}>{_MONEY})"


_CLOSED = [
    re.compile(
        rf"{_named('low')}{_PERIOD}\s?(?:–|—|-|\sbis\s(?:zu\s)?(?:hin\szu\s)?{_ABOUT}|\sbis\s)\s?{_named('high')}"
    ),
    re.compile(rf"\b[Zz]wischen\s{_ABOUT}{_named('low')}{_PERIOD}\sund\s{_ABOUT}{_named('high')}"),
]
_NOT_UNDER = r"(?:nicht|nie|kaum|selten|niemals)\s(?:unter|weniger\sals)"
_NOT_OVER = r"(?:nicht|nie|kaum|selten|niemals)\s(?:über|mehr\sals)"
_OPEN_ABOVE = [
    re.compile(rf"\b(?:ab|[Mm]indestens|[Ww]enigstens|{_NOT_UNDER})\s{_ABOUT}{_named('low')}", re.I),
    re.compile(rf"(?<!\w)(?<!\bnicht\s)(?:mehr\sals|über|oberhalb\svon)\s{_ABOUT}{_named('low')}", re.I),
    re.compile(rf"{_named('low')}{_PERIOD}\s(?:aufwärts|und\smehr|oder\smehr|und\sdarüber)\b"),
]
_OPEN_BELOW = [
    re.compile(rf"\b(?:bis\szu|bis|höchstens|maximal|{_NOT_OVER}|unter|weniger\sals)\s{_ABOUT}{_named('high')}", re.I),
]


_THOUSANDS = re.compile(r"Tsd|[Tt]ausend|[kK]\b|T(?:€|EUR|$)")


def _amount(words: str) -> Decimal:
    """2.800 € as 2800, 2,8 Tsd. Euro as well."""
    found = re.search(_NUMBER, words)
    if found is None:
        raise ValueError(f"no amount in {words!r}")
    number = Decimal(re.sub(r"[^\d,]", "", found[0]).replace(",", "."))
    return number * 1000 if _THOUSANDS.search(words, found.end()) else number


def whole(amount: Decimal) -> set[int]:
    """What a figure in whole euro may make of it: 3.895,60 € is 3.895 € or 3.896 €."""
    return {int(amount), int(amount + Decimal("0.5"))}


def _is_money(words: str) -> bool:
    return bool(re.search(_EURO, words))


def _found_ranges(sentence: str) -> list[tuple[re.Match, Decimal | None, Decimal | None]]:
    """Ranges in EUR, none inside another."""
    taken: list[tuple[int, int]] = []
    found = []
    for patterns in (_CLOSED, _OPEN_ABOVE, _OPEN_BELOW):
        for pattern in patterns:
            for match in pattern.finditer(sentence):
                ends = match.groupdict()
                spans = [match.span(name) for name in ends]
                if not any(map(_is_money, ends.values())) or any(
                    a < end and start < b for start, end in spans for a, b in taken
                ):
                    continue
                low, high = (_amount(ends[name]) if name in ends else None for name in ("low", "high"))
                if low is not None and high is not None and low < 1000 <= high and _THOUSANDS.search(ends["high"]):
                    low *= 1000  # „2,8 bis 3,4 Tsd. €“
                if low is not None and high is not None and 20 * low < high and not _is_money(ends["low"]):
                    continue  # „in Stufe 3 bis 4.200 €“
                taken += spans
                found.append((match, low, high))
    return sorted(found, key=lambda each: each[0].start())


def ranges(sentence: str) -> list[tuple[Decimal | None, Decimal | None]]:
    """The ranges in EUR that a sentence states, as it states them; None where it leaves an end open."""
    return [(low, high) for _, low, high in _found_ranges(sentence)]


def euro_amounts(text: str) -> list[tuple[Decimal, str, str]]:
    """Every amount in EUR of a Markdown text: (amount, as it is written, its sentence)."""
    found = []
    for sentence in sentences(text):
        here = {}
        for match, low, high in _found_ranges(sentence):
            for name, amount in (("low", low), ("high", high)):
                if amount is not None:
                    here[match.start(name)] = (amount, match[name])
        spans = [(at, at + len(words)) for at, (_, words) in here.items()]
        for match in re.finditer(_MONEY, sentence):
            if _is_money(match[0]) and not any(a < match.end() and match.start() < b for a, b in spans):
                here[match.start()] = (_amount(match[0]), match[0])
        found += [(amount, words.strip(), sentence) for _, (amount, words) in sorted(here.items())]
    return found


# Whether a figure says what its sentence says

_SAYS_YEAR = re.compile(
    r"\b(?:im|pro|je|per) Jahr\b(?! \d{4})|/\s?Jahr\b|\bp\.\s?a\.|\bjährlich"
    r"|\bjahres(?:gehalt|gehälter|brutto|einkommen|lohn|verdienst)",
    re.I,
)
_SAYS_MONTH = re.compile(  # a 13th salary says nothing about the others
    r"\b(?:im|pro|je|per) Monat\b|/\s?Monat\b|\bmtl\b|\bmonatlich"
    r"|(?<!\d\.\s)\bmonats(?:gehalt|gehälter|brutto|einkommen|lohn|verdienst)",
    re.I,
)
_SAYS_GROSS = re.compile(r"\bbrutto|\w*brutto\b", re.I)
_SAYS_NET = re.compile(r"\bnetto|\w*netto\b", re.I)


def euros(amount) -> str:
    return f"{round(amount):,} €".replace(",", ".")


_BREAK = re.compile(r"[,;:(]\s|\)|\s[–—]\s|\s(?:und|sowie|plus|oder|aber|doch)\s")
YEARLY_FROM = 15_000  # EUR: full time, nobody earns so much a month or so little a year
_FLOOR = re.compile(r"(?:ab|mindestens|wenigstens)\b", re.I)
_CEILING = re.compile(r"(?:bis|höchstens|maximal)\b", re.I)


def disagreement(sentence: str, low: int | None, high: int | None, period: str, gross: str, others=()) -> str:
    """In what a figure disagrees with its sentence, for editors; empty where it does not.

    others: (low, high) of the other figures that the same sentence proves.
    """
    sentence = " ".join(sentence.split())
    found = [(match, _same(a, low), _same(b, high)) for match, a, b in _found_ranges(sentence)]
    named = [(each.span(), whole(_amount(each[0]))) for each in re.finditer(_AMOUNT, sentence)]
    stated = {end for _, *ends in found for end in ends}.union(*(amounts for _, amounts in named))
    if missing := [euros(end) for end in (low, high) if end is not None and end not in stated]:
        return f"Der Belegsatz nennt {' und '.join(missing)} nicht."
    own = [match.span() for match, a, b in found if (a, b) == (low, high)]
    if not own:
        for match, a, b in found:
            if _contradicts(match, a, b, low, high) and not (None in (low, high) and (a, b) in others):
                return f"Der Belegsatz sagt {_range(a, b)}, die Zahl {_range(low, high)}."
        own = [span for span, amounts in named if amounts & {low, high}]
    clauses = " · ".join(_clause(sentence, *span) for span in own)
    fitting = "year" if max(low or 0, high or 0) >= YEARLY_FROM else "month"
    periods = {"year": _SAYS_YEAR, "month": _SAYS_MONTH}
    # Elsewhere in the sentence, a period may be that of another amount or of none: of a bonus, of holidays.
    said = _says(periods, clauses) or _says(periods, sentence) & {fitting}
    if said == {"year"} and period != "year":
        return "Der Belegsatz spricht vom Jahr, die Zahl nicht."
    if said == {"month"} and period == "year":
        return "Der Belegsatz spricht vom Monat, die Zahl vom Jahr."
    kinds = {"gross": _SAYS_GROSS, "net": _SAYS_NET}
    is_alone = all(whole(amount) & {low, high} for amount, _, _ in euro_amounts(sentence))
    said = _says(kinds, clauses) or (_says(kinds, sentence) if is_alone else set())
    if len(said) == 1 and gross and gross not in said:
        return f"Der Belegsatz sagt {'brutto' if 'gross' in said else 'netto'}, die Zahl das Gegenteil."
    return ""


def _same(amount: Decimal | None, own: int | None):
    """`own` where the amount is that of the figure, which knows no cents."""
    return own if amount is not None and own in whole(amount) else amount


def _contradicts(match: re.Match, a, b, low: int | None, high: int | None) -> bool:
    """Whether a range of the sentence shares an end with the figure and says something else."""
    if a is not None and b is not None:
        return a == low or b == high
    if low is None or high is None:  # one end each: a floor is no ceiling
        says = _FLOOR if low is None and a == high else _CEILING if high is None and b == low else None
        return bool(says and says.match(match[0]))
    return False


def _says(words: dict[str, re.Pattern], text: str) -> set[str]:
    return {name for name, says in words.items() if says.search(text)}


def _clause(sentence: str, start: int, end: int) -> str:
    """What stands around a place of the sentence, as far as the next comma or conjunction on either side."""
    begin = max((each.end() for each in _BREAK.finditer(sentence, 0, start)), default=0)
    following = _BREAK.search(sentence, end)
    return sentence[begin : following.start() if following else len(sentence)]


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"{euros(low)} bis {euros(high)}"
    return f"ab {euros(low)}" if low is not None else f"bis {euros(high)}"
