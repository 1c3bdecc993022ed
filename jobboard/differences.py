"""How two versions of a text differ, word by word, as people can read it."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

CONTEXT = 12  # so many tokens of unchanged text stay on either side of a change


@dataclass(frozen=True)
class Row:
    """One changed field. `parts` of long texts: (same | gone | new | cut, text)."""

    name: str
    label: str
    old: str
    new: str
    parts: list[tuple[str, str]] = field(default_factory=list)


def gone(name: str, label: str, text: str) -> Row:
    return Row(name, label, text, "", [("gone", text)] if text else [])


def added(name: str, label: str, text: str) -> Row:
    return Row(name, label, "", text, [("new", text)] if text else [])


def words(before: str, after: str) -> list[tuple[str, str]]:
    """The text word by word, as (same | gone | new | cut, text): with what is gone and what is new; long unchanged stretches are cut."""
    old, new = (re.findall(r"\s+|\d+(?:[.,]\d+)+|\w+|[^\w\s]", text) for text in (before, after))
    parts = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number_of_step, (step, a, b, c, d) in enumerate(steps):
        if step == "equal":
            head = old[a : a + CONTEXT] if number_of_step else []
            tail = old[b - CONTEXT : b] if number_of_step < len(steps) - 1 else []
            if len(head) + len(tail) + 2 >= b - a:
                parts.append(("same", "".join(old[a:b])))
            else:
                parts += [("same", "".join(head)), ("cut", "…"), ("same", "".join(tail))]
            continue
        added = "".join(new[c:d])
        lead = added[: len(added) - len(added.lstrip())]  # a new paragraph begins before the mark, not within it
        parts += [("gone", "".join(old[a:b]).strip()), ("same", lead), ("new", added[len(lead) :])]
    return [(kind, text) for kind, text in parts if text]
