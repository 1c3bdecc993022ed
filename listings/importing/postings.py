"""What every reader yields and the importer stores: neutral postings, and the bounds of a file."""

import re
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2s
from html import unescape
from pathlib import Path
from typing import Any

from jobboard.forms import clean_characters

MAX_BYTES = 50_000_000
MAX_POSTINGS = 20_000
# What a posting says of all these is a statement, also where it says nothing: an end of pay that was there and is no
# longer there is a change. The importer knows by them what a file has never spoken of.
COLUMNS = [
    "title", "level", "tasks", "profile", "offer", "skills", "months_of_experience", "education", "way_in",
    "working_time", "hours_low", "hours_high", "full_time_hours", "contract", "fixed_term_months", "start", "workplace",
    "remote_days", "street", "postal_code", "pay_low", "pay_high", "pay_unit", "apply_email", "apply_url",
    "contact_name", "reference_number",
]  # fmt: skip


class Broken(Exception):
    """A file that cannot be read; nothing of it is taken over. `line` counts from 1, 0 where there is none."""

    def __init__(self, words: str, line: int = 0):
        super().__init__(f"Zeile {line}: {words}" if line else words)
        self.words, self.line = words, line


@dataclass(frozen=True)
class Where:
    """What a file says of the place of work."""

    name: str = ""
    code: str = ""
    region: str = ""

    def __str__(self):
        town = ", ".join(filter(None, [self.name, self.region]))
        return " ".join(filter(None, [self.code, town]))


@dataclass
class Posting:
    """What a file says of one job, in the columns of Vacancy.

    line: where it begins in the file
    says: column → value, for each of COLUMNS
    where: None where the work has no place
    last_day: as stated, however far ahead
    notes: what was assumed or left out of it
    faults: why it cannot be taken over at all
    """

    line: int = 0
    source: str = ""
    external_id: str = ""
    firm: str = ""
    firm_sites: list[str] = field(default_factory=list)
    says: dict[str, Any] = field(default_factory=dict)
    where: Where | None = None
    first_day: date | None = None
    last_day: date | None = None
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.says.get("title") or "Stelle ohne Titel"

    @property
    def identity(self) -> tuple[str, str]:
        return self.source, self.external_id

    def said(self) -> dict[str, str]:
        """A digest for each statement, by which a later file shows what it says differently."""
        statements = {**self.says, "place": str(self.where or ""), "last_day": self.last_day}
        return {
            name: blake2s(str(value).encode("utf-8", "replace"), digest_size=6).hexdigest()
            for name, value in statements.items()
        }


def load(path: Path) -> str:
    """The text of a file. Raises Broken, in words for whoever chose it."""
    try:
        if not path.exists():
            raise Broken(f"{path} gibt es nicht.")
        if not path.is_file():
            raise Broken(f"{path} ist keine Datei.")
        with path.open("rb") as file:
            return decoded(file.read(MAX_BYTES + 1))
    except PermissionError as error:
        raise Broken(f"{path} lässt sich nicht lesen: Ihr Benutzerkonto hat kein Leserecht.") from error
    except OSError as error:
        raise Broken(f"{path} lässt sich nicht lesen ({error.strerror}).") from error


def decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Broken(f"Die Datei ist größer als {MAX_BYTES // 1_000_000} MB; bitte teilen Sie sie.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Broken("Die Datei ist in UTF-16 geschrieben; bitte speichern Sie sie als UTF-8.", 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Broken(
            "Hier steht ein Zeichen, das kein UTF-8 ist; bitte speichern Sie die Datei als UTF-8.", line
        ) from error
    if "\x00" in text:
        raise Broken(
            "Hier steht ein Nullzeichen; das ist keine Textdatei.", text.count("\n", 0, text.index("\x00")) + 1
        )
    return text


# Of HTML only what somebody marks up a line with: "<intern>" is a word.
_MARKUP = re.compile(r"</?(?:b|strong|i|em|u|span|font|br|p|div|a|small|su[bp]|h[1-6])(?:[\s/][^<>]{0,300})?>", re.I)


def one_line(text: str) -> str:
    """What a person would read of `text`, which may hold HTML, on one line."""
    if "<" in text or "&" in text:
        text = unescape(_MARKUP.sub(" ", text))
    return " ".join(clean_characters(text).replace("\x00", "").split())


def fitting(text: str, length: int) -> str:
    """`text` as part of an identity: another one for another text, however long it is."""
    if len(text) <= length:
        return text
    digest = blake2s(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{text[: length - 17]}~{digest}"


def is_text(value) -> bool:
    return isinstance(value, str) and bool(re.search(r"\w", value))
