"""What is written with signs: (m/w/d), Koordinator:in, C#, S/4HANA. A text comes apart into words here, as they are written."""

import re
from collections.abc import Callable
from typing import NamedTuple

from jobboard.german.letters import letters_of


class Written(NamedTuple):
    """A word where it stands in the text, with all that belongs to it ("Koordinator:in").

    text: the word without its gender form; empty for a symbol
    is_end, is_begin: the rest of the word stands elsewhere ("-steuerung", "Voll-")
    symbol: the words that it stands for ("s4 hana")
    """

    text: str
    start: int
    end: int
    is_end: bool = False
    is_begin: bool = False
    symbol: str = ""


# 1. What says nothing

_GENDER = r"(?:männlich|maennlich|weiblich|divers|div\.?|male|female|diverse|non-?binary|inter|gn|[mwfdxit])"
_NOTHING = rf"""
    # (m/w/d), [w|m|x]*, (all genders), (gn), m/w/d, m w d, mwd
    [(\[]\s{{0,2}}{_GENDER}(?:\s{{0,2}}[/|,;:·•∙*_+.\-–\\]?\s{{0,2}}{_GENDER}){{0,5}}\*?\s{{0,2}}[)\]]\*?
  | [(\[]\s?(?:a|alle|all\s?genders?|alle\s?geschlechter|geschlechtsneutral|h/?f|gn\*?)\s?\*?[)\]]
  | (?<!\w)[mwfdx](?:\s?[/|*_·•∙]\s?[mwfdx]){{1,4}}(?![\w+#])
  | (?<!\w)(?:[mwf]\s[mwfdx]\s[dx]|[mw][mw][dx]|[mf][mf][dx]|d[mw][mw]|d[fm][fm])(?!\w)
    # z. B., d. h., u. a., i. d. R.
  | (?<!\w)(?:z\.\s?[bt]|d\.\s?h|u\.\s?[aäu]|o\.\s?[aäg]|i\.\s?d\.\s?r|v\.\s?a|s\.\s?o|m\.\s?e)\.(?:\s?m\.)?
"""

# 2. Gender forms: they belong to the word before

_GENDER_FORM = r"""
    # :in *innen _in /in /-in (in) -in; /-frau :mann *leute; Beauftragte:r, jede*n
    (?:[:*·•∙‧_/'!]-?|-|\(-?) in(?:nen)?\)? (?![\w+#-])
  | (?:[:*·•∙‧_/]-?|\(-?) (?:frau(?:en)?|mann|männer|leute|e[rnsm]?|[rnsm])\)? (?![\w+#-])
"""
# How words end that have a feminine: "Manager-in", but "Check-in"
_PERSON = ("er", "or", "eur", "ör", "ist", "ent", "ant", "and", "oge", "log", "ekt", "wirt", "at", "chef", "kund", "ärzt",
           "aerzt", "arzt", "kolleg", "beamt", "expert", "anwält", "anwalt", "bot", "gesell")  # fmt: skip
_INNER_IN = re.compile(r"(?<=[a-zäöüß])In(?:nen)?$")  # KoordinatorIn


def _is_gender_form(word: str, form: str) -> bool:
    if form.strip(":*·•∙‧_/'!()-").lower() in ("in", "innen"):
        return len(word) > 3 and (form[0] not in "-'!" or word.lower().endswith(_PERSON))
    return len(word) > 1 and word[-1].islower()


def without_inner_in(word: str) -> str:
    """ "Koordinator" of "KoordinatorIn"."""
    masculine = _INNER_IN.sub("", word)
    return masculine if masculine.lower().endswith(_PERSON) else word


# 3. Symbols: how each is written between other words, and which words it stands for

_SYMBOLS: dict[str, tuple[str, Callable[[str], str]]] = {
    # C#, C-Sharp, F #
    "sharp": (r"[cfj]\s?(?:\#|-?sharp(?!\w))", lambda said: said[0] + "sharp"),
    # C++, c plus plus, CPP
    "plus": (r"c(?:\s?\+\+|pp(?!\w)|\splus\splus(?!\w))", lambda said: "cplusplus"),
    # .NET, ASP.NET, dot net
    "net": (
        r"(?:(?:asp|ado|vb)\s?)?(?:\.\s?|dot\s?-?)net(?!\w)",
        lambda said: re.sub(r"(?s)(?:\.|dot).*", " dotnet", said),
    ),
    # S/4HANA, S4 HANA, S/4
    "hana": (r"(?:s\s?/?\s?-?4\s?[-/]?\s?hana|s\s?/?\s?4)(?!\w)", lambda said: "s4 hana"),
    # E11, EG 9b, Entgeltgruppe 13
    "grade": (
        r"(?:eg|e|entgeltgruppe|entgeltgr\.|entgeltstufe)\s?[.-]?\s?[0-9]{1,2}[a-c]?(?!\w|[.,]\d)",
        lambda said: "eg" + str(int(re.sub(r"\D", "", said))),
    ),
    # Read as one word: vor Ort, TV-L, R & D, e.V., 60.000
    "joined": (
        r"(?:vor[\s-]ort|tv[\s-](?:[lnv]|öd|oed)|[a-z]\s?&\s?[a-z]|(?:[a-zäöü]\.){2,5}|(?<!\.)[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?!\w)",
        letters_of,
    ),
}

# 4. The words of a text

_SCAN = re.compile(
    rf"""
    # Most words, with the space after them; none of them begins like something below, so that need not be tried.
    (?P<plain> (?<!\w) (?!asp|ado|vb|dot|[cfj]sharp|cpp|entg|(?:eg|tv|vor)\b|[mwfd]{{2}}) [^\W\d_]{{2,}}) [\s,.;)]\s*
  | (?P<nothing> {_NOTHING})
  | (?<!\w) (?:{"|".join(f"(?P<{name}>{pattern})" for name, (pattern, _) in _SYMBOLS.items())})
  | (?P<word> (?P<is_end>(?<!\w)-)? (?P<text>[^\W_]+(?:-[^\W_]+)*?)
        (?: (?P<form>{_GENDER_FORM}) | (?![^\W_]|-[^\W_])) (?P<is_begin>-(?![\w-]))?)
    """,
    re.I | re.X,
)


def words(text: str) -> list[Written]:
    found = []
    for match in _SCAN.finditer(text):
        kind = match.lastgroup
        if kind == "plain":
            found.append(Written(match["plain"], *match.span("plain")))
        elif kind == "word":
            found += _with_signs(match)
        elif kind in _SYMBOLS:
            found.append(Written("", *match.span(), symbol=_SYMBOLS[kind][1](match.group().lower())))
    return found


def _with_signs(match: re.Match) -> list[Written]:
    text, form, is_end, is_begin = match.group("text", "form", "is_end", "is_begin")
    start, end = match.span("text")
    if not form or _is_gender_form(text, form):
        return [Written(text, start, end + len(form or ""), bool(is_end), bool(is_begin))]
    rest = re.search(r"[^\W_]{2,}", form)  # "Check-in": a word of its own; "24/n": nothing
    others = [Written(rest.group(), end + rest.start(), end + rest.end())] if rest else []
    return [Written(text, start, end, bool(is_end)), *others]
