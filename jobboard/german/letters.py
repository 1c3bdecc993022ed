"""Letters: which of a text nobody reads, and which of a word count when it is compared."""

import re
import unicodedata

LONGEST = 60  # letters of a word that are looked at: nothing longer is a word, and what is remembered stays small

# Invisible ones, and the backslash by which Markdown says that the next sign is meant as it stands ("Kolleg\\*innen").
_DROPPED = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]|\\(?=[!-/:-@\[-`{-~])")
_SAME_SIGN = str.maketrans("‐‑‒−’‘ʼ＃＋İ", "----'''#+I")
# Asked first: to translate a text that has none takes ten times as long.
_HAS_SAME_SIGN = re.compile(f"[{''.join(map(chr, _SAME_SIGN))}]")


def clean(text: str) -> tuple[str, list[int]]:
    """The text composed (NFC), without signs that nobody reads; and where each of its letters stood, if that has changed."""
    dropped = {match.start() for match in _DROPPED.finditer(text)}
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


_FOREIGN = str.maketrans({"ß": "ss", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_SPELLED_UMLAUT = re.compile(r"(?<![aeq])([aou])e")  # not in "neue", "Bauer", "Quelle"
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def letters_of(word: str) -> str:
    """Small letters of [a-z0-9]; umlauts and their spellings as ae, oe, ue alike, ß as ss."""
    return _SPELLED_UMLAUT.sub(r"\1", _one_by_one(word))


def _one_by_one(word: str) -> str:
    word = word.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.translate(_FOREIGN)).lower().translate(_FOREIGN)
    return _NO_LETTER.sub("", word)


def letters_with_places(word: str) -> tuple[str, list[int]]:
    """The letters of a word, and for each of them and their end where it stands in the word as given."""
    letters = letters_of(word)
    if len(letters) == len(word):
        return letters, list(range(len(word) + 1))
    spelled = [(letter, place) for place, char in enumerate(word) for letter in _one_by_one(char)]
    gone = {match.end() - 1 for match in _SPELLED_UMLAUT.finditer("".join([letter for letter, _ in spelled]))}
    places = [place for index, (_, place) in enumerate(spelled) if index not in gone]
    return letters, [*(places + [len(word)] * len(letters))[: len(letters)], len(word)]
