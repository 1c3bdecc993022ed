"""Stemming: words of one family to one root, by rules of the language and without the list of the trade."""

import re
from functools import lru_cache

import snowballstemmer

_snowball = snowballstemmer.stemmer("german").stemWord

_SELF = re.compile(r"^selbst(?=st)")  # Selbstständigkeit, Selbständigkeit
# Leiterin, Ärztinnen, Kollegin; but Berlin, Termin
_FEMININE = re.compile(
    r"(?<=....)(?:(?<=[eou]r|ar|st|nt|nd|kt|rt|at|ft|ef|mt|zt|lt|ph|af|an)|(?<=log|leg|eut|end))in(?:nen)?$"
)
_NO_FEMININE = re.compile(
    r"(?:berlin|satin|latin|platin|protein|margarin|mandarin|martin|austin|valentin|konstantin|augustin|justin|"
    r"steffin|hierin|worin|darin|login|marin)$"
)
# Kauffrau, Fachleute, Obmann
_PEOPLE = re.compile(r"(kauf|fach|ob)(?:frau|frauen|mann|manner|mannern|leute|leuten)$")
# koordinieren, koordinierte, Koordinierung; qualifizieren
_TO_DO = re.compile(r"(.{4,}?)ier(?:en|t|te|ten|tes|ter|tem|end|ende[mnrs]?|ung|ungen|ungs|bar|bare[mnrs]?|st|e)$")
# Koordination, Koordinatoren, koordinativ
_ACTION = re.compile(r"(.{4,}?)(?:ation(?:en|s)?|ator(?:en|s|isch\w{0,2})?|ativ(?:e[mnrs]?)?)$")
# eingeführt, umgesetzt
_DONE = re.compile(
    r"(ein|aus|ab|an|auf|um|zu|vor|nach|mit|durch|bei|weiter|wieder|zusammen)ge(\w{3,}?)(?:e?t(?:e[mnrs]?)?)$"
)
# Planung, Einführungen
_MAKING = re.compile(r"(.{3,})ung(?:en|s)?$")
# entwickeln, entwickelt
_DOING = re.compile(r"(.{4,}[bdfgklmnprstz])el(?:n|t|te|ten|tes|ter|tem|nd|nde[mnrs]?)$")


@lru_cache(maxsize=40_000)
def stem(word: str) -> str:
    """The root of a word given in its letters."""
    if not word.isalpha() or len(word) < 4:
        return word
    word = _SELF.sub("selb", word)
    if not _NO_FEMININE.search(word):
        word = _FEMININE.sub("", word)
    if people := _PEOPLE.search(word):
        return word[: people.end(1)] + "mann"
    if to_do := _TO_DO.fullmatch(word):
        return re.sub("iz$", "ik", to_do[1])  # as in Qualifikation
    if action := _ACTION.fullmatch(word):
        return action[1]
    if done := _DONE.fullmatch(word):
        word = done[1] + done[2]
    if making := _MAKING.fullmatch(word):
        word = making[1]
    elif doing := _DOING.fullmatch(word):
        word = doing[1] + "l"
    return _snowball(word) or word
