"""A small notation for the wordings of the linter, and where a text uses one: words, endings, compounds, gaps, denials.

One wording per line. Upper and lower case, umlauts and ae/oe/ue, hyphens and spaces are alike.
    ~       the usual endings:           jung~ Team~        junges Team, jungen Teams
    *       any letters:                 Muttersprach*      Muttersprachler:in, Muttersprache
    …       up to three words between:   jung~ … Team       junges, dynamisches Team
    a|b     one of these words:          marktüblich~ Gehalt|Lohn
    #       a digit:                     bis ## Jahre
"""

import re
from functools import lru_cache

from jobboard.text import fold

# For editors: a sign, what it stands for, an example, and what that finds
NOTATION = [
    ("~", "die üblichen Endungen", "jung~ Team~", "junges Team, jungen Teams"),
    ("*", "beliebige Buchstaben", "Muttersprach*", "Muttersprachler:in, Muttersprache"),
    ("…", "bis zu drei Wörter dazwischen", "jung~ … Team", "junges, dynamisches Team"),
    ("|", "eines dieser Wörter", "marktüblich~ Gehalt|Lohn", "marktübliches Gehalt, marktüblicher Lohn"),
    ("#", "eine Ziffer", "bis ## Jahre", "bis 35 Jahre"),
]

_DASH = "\\-‐‑–—"  # for character classes
# Between two words: spaces, one line break, dashes, commas, quotation marks, Markdown's stars and backslashes.
_BETWEEN = rf"(?:[^\S\n]|\n(?![^\S\n]*\n)|[{_DASH}\\*_/,\"„“”»«’'()&+]){{1,6}}"
_BEGIN = r"(?<![\w\u0300-\u036f])"  # not after an accent that stands for itself
_GAP = rf"(?:\w+{_BETWEEN}){{0,3}}"
_ENDING = "(?:e[mnrs]?|ern|ens|ns?|[mrs]|se[ns]?)?"
# „:in“ and its like belong to the word before them.
_GENDER = r"(?:\\?[:*_/·]\\?-?(?:in(?:nen)?|frau(?:en)?|mann)\b|\\?\(in(?:nen)?\\?\))"
_MARKED = r"\s?[(\[]\s?(?:[mwfdx]\s?[/|,]|gn\b|all)"
_LETTERS = {
    "ä": "(?:ä|ae|a\u0308)",
    "ö": "(?:ö|oe|o\u0308)",
    "ü": "(?:ü|ue|u\u0308)",
    "ß": "(?:ß|ss)",
    "#": r"\d",
    "~": _ENDING,
    **dict.fromkeys("-‐‑–—", rf"[{_DASH}]"),
}

_CLAUSE = re.compile(r"[.!?;:,\n]")
_SENTENCE = re.compile(r"[.!?;\n]")
_DENIED_BEFORE = re.compile(
    r"\b(?:kein\w*|ohne|nicht(?! (?:nur|allein|zuletzt)\b)|nie|niemals|weder|statt|anstatt|anstelle|verzicht\w*)\b",
    re.I,
)
_DENIED_AFTER = re.compile(
    r"\b(?:nicht(?! (?:nur|zuletzt|vergessen|fehlen))|nie|niemals|kein\w*|verzicht\w*|unerheblich|unwichtig|egal|unnötig|entbehrlich|überflüssig)\b",
    re.I,
)
_WHATEVER = re.compile(r"\b(?:unabhängig|ungeachtet|egal|gleich welche\w*|ganz gleich|ohne ansehen)\b", re.I)
_REMINDER = re.compile(r"\b(?:vergess\w+|versäum\w+|fehlen|nichts? ohne|geht (?:\w+ ){0,3}nichts)\b", re.I)


def _word(text: str) -> str:
    begin = "" if text.startswith("*") else _BEGIN
    end = rf"(?!\w)(?!{_GENDER})(?!{_MARKED})"
    if text.startswith("*"):
        text, begin = text.lstrip("*"), rf"{_BEGIN}\w*"
    if text.endswith("*"):
        text, end = text.rstrip("*"), rf"\w*{_GENDER}?(?!\w)"
    inner = "".join(r"\w{0,20}" if char == "*" else _LETTERS.get(char, re.escape(char)) for char in text)
    return begin + inner + end


def is_telling(line: str) -> bool:
    """Whether the line, read in its shortest way, has three letters or digits: with fewer it finds nearly everything."""

    def letters(word):
        return sum(char.isalnum() or char == "#" for char in word)

    words = line.replace("...", "…").replace("…", " ").split()
    return sum(min(map(letters, word.split("|"))) for word in words) >= 3


def too_short(fields: dict[str, str]) -> dict[str, str]:
    """For forms: what to say beside each field that holds a line that is not telling."""
    found = {}
    for name, lines in fields.items():
        short = [line for line in lines.splitlines() if line.strip() and not is_telling(line)]
        if short:
            found[name] = f"„{short[0]}“ träfe fast alles; bitte schreiben Sie mindestens drei Buchstaben."
    return found


def _line(line: str) -> str:
    parts: list[str] = []
    gap = False
    for each in line.replace("...", "…").lower().split():
        if each == "…":
            gap = True
            continue
        words = [_word(word) for word in each.split("|") if word]
        if not words:
            continue
        if parts:
            parts.append(_BETWEEN + (_GAP if gap else ""))
        parts.append(words[0] if len(words) == 1 else f"(?:{'|'.join(words)})")
        gap = False
    return "".join(parts)


@lru_cache(maxsize=4096)
def pattern(wordings: str) -> re.Pattern | None:
    """One pattern for all lines; None where there are none."""
    lines = [regex for line in wordings.splitlines() if is_telling(line) and (regex := _line(line))]
    # Each begins where a word does; said once in front, that spares most of the work.
    return re.compile(rf"{_BEGIN}(?:{'|'.join(lines)})", re.I) if lines else None


def _may_stand(wordings: str, text: str) -> bool:
    """Whether `text` holds the fixed letters of any line: asked first, as the pattern takes a hundred times as long."""
    holds = _letters(text).__contains__
    return any(all(any(map(holds, choices)) for choices in words) for words in _fixed_letters(wordings))


@lru_cache(maxsize=4096)
def _fixed_letters(wordings: str) -> list[list[list[str]]]:
    """Of each line, of each of its words, of each choice: the letters that any text which uses it holds."""
    lines = [line.replace("...", "…").split() for line in wordings.splitlines() if is_telling(line)]
    return [[[_fixed(each) for each in word.split("|") if each] for word in line if word.strip("…|")] for line in lines]


def _fixed(word: str) -> str:
    start = re.split("[~*]", word.lstrip("*").replace("#", "0"))[0]
    letters = _letters(start).rstrip()
    # Within a word an e at the start may be part of an umlaut.
    return letters.lstrip(" e") if word.startswith("*") else letters


@lru_cache(maxsize=64)
def _letters(text: str) -> str:
    """Folded, each digit a 0, a space before each word."""
    return " " + re.sub(r"[\s#+.]+", " ", re.sub(r"\d", "0", fold(text))).strip()


def find(wordings: str, exceptions: str, text: str, *, unless_denied: bool = False) -> list[re.Match]:
    """Where `text` uses one of the wordings outside of the exceptions."""
    wanted = pattern(wordings) if _may_stand(wordings, text) else None
    matches = list(wanted.finditer(text)) if wanted else []
    if not matches:
        return []
    fine = pattern(exceptions)
    spared = [match.span() for match in fine.finditer(text)] if fine else []
    return [
        match
        for match in matches
        if not any(start < match.end() and match.start() < end for start, end in spared)
        and not (unless_denied and is_denied(text, match.start(), match.end()))
    ]


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether the sentence says that it does not want what stands there: „ohne Foto“, „ein Foto brauchen wir nicht“."""
    sentence_before = _SENTENCE.split(text[max(0, start - 300) : start])[-1]
    if _WHATEVER.search(sentence_before):
        return True
    before = _CLAUSE.split(sentence_before)[-1].split()[-5:]
    after = " ".join(_SENTENCE.split(text[end : end + 300])[0].split()[:10])
    if _REMINDER.search(after) or _REMINDER.search(" ".join(before)):
        return False
    return bool(_DENIED_BEFORE.search(" ".join(before)) or _DENIED_AFTER.search(after))
