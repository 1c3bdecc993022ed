"""JSON-LD as text, alone or in the scripts of a page: its nodes, each with the line on which it begins."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from listings.importing.postings import Broken

LONGEST_NUMBER = 40
_SPACE = re.compile(r"[ \t\r\n]*")
# For browsers that knew no JSON-LD: //<![CDATA[ … //]]> and <!-- … -->
_OPENING = re.compile(r"\s*+(?://|/\*)?\s*+<!(?:\[CDATA\[|--)\s*+(?:\*/\s*+)?(?=[\[{])")
_CLOSING = re.compile(r"(?://|/\*)?\s*+(?:\]\]|--)>\s*+(?:\*/\s*+)?")
# Under these stand further nodes; of what they hold only objects count but in a graph, which consists of nothing else.
_CARRIERS = ["@graph", "mainEntity", "itemListElement", "item"]
_PREFIX = re.compile(r"^(?:schema:|https?://(?:www\.)?schema\.org/)")
_HINTS = {
    "Expecting ',' delimiter": "hier fehlt ein Komma",
    "Expecting ':' delimiter": "hier fehlt ein Doppelpunkt",
    "Expecting value": "hier fehlt ein Wert",
    "Expecting property name enclosed in double quotes": "hier müsste ein Name in Anführungszeichen stehen",
    "Illegal trailing comma before end of object": "hier steht ein Komma zu viel",
    "Illegal trailing comma before end of array": "hier steht ein Komma zu viel",
    "Invalid control character at": "mitten in einem Text steht ein Zeilenumbruch oder Steuerzeichen",
    "Unterminated string starting at": "ein Text, der hier beginnt, hört nicht auf",
    "Extra data": "nach dem Ende steht noch etwas",
}


class Node(NamedTuple):
    """An element of the file; `value` is a dict unless the file is no JSON-LD."""

    line: int
    value: Any


class _Unreadable(ValueError):
    """JSON that is well formed and yet says nothing certain."""


def bare(name: str) -> str:
    """A name of schema.org without its prefix or address."""
    return _PREFIX.sub("", name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {bare(name): value for name, value in pairs}
    if len(found) < len(pairs):
        names = [bare(name) for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unreadable(f"„{twice[:60]}“ steht zweimal im selben Objekt")
    return found


def _number(text: str) -> Decimal | None:
    """None for what no figure of an ad can be."""
    try:
        return Decimal(text) if len(text) <= LONGEST_NUMBER else None
    except InvalidOperation:
        return None


def _constant(text: str):
    raise _Unreadable(f"{text} ist keine Zahl")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_int=_number, parse_constant=_constant)


class _Reader:
    """Walks through lists and @graph itself, so that it knows where each element begins; json decodes those."""

    def __init__(self, text: str, first_line: int):
        self.text, self.position = text, 0
        self.line, self.counted = first_line, 0

    def line_here(self) -> int:
        self.line += self.text.count("\n", self.counted, self.position)
        self.counted = self.position
        return self.line

    def broken(self, error: json.JSONDecodeError) -> Broken:
        self.position = max(error.pos, self.counted)
        hint = next(
            (words for start, words in _HINTS.items() if error.msg.startswith(start)), "so geht es nicht weiter"
        )
        column = error.pos - self.text.rfind("\n", 0, error.pos)
        return Broken(f"Kein gültiges JSON, Spalte {column}: {hint}.", self.line_here())

    def skip(self) -> str:
        """The next character that is no white space."""
        self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]
        return self.text[self.position : self.position + 1]

    def take(self, expected: str, msg: str) -> None:
        if self.skip() != expected:
            raise self.broken(json.JSONDecodeError(msg, self.text, self.position))
        self.position += 1

    def value(self):
        self.skip()
        try:
            value, self.position = _decoder.raw_decode(self.text, self.position)
        except json.JSONDecodeError as error:
            raise self.broken(error) from error
        except _Unreadable as error:
            raise Broken(f"{error}.", self.line_here()) from error
        except RecursionError as error:
            raise Broken("Hier ist zu viel ineinander verschachtelt.", self.line_here()) from error
        return value

    def elements(self) -> Iterator[Node]:
        self.take("[", "Expecting value")
        if self.skip() == "]":
            self.position += 1
            return
        while True:
            self.skip()
            line = self.line_here()
            yield Node(line, self.value())
            if self.skip() == "]":
                self.position += 1
                return
            self.take(",", "Expecting ',' delimiter")

    def members(self) -> Iterator[Node]:
        """The nodes that it carries in lists, and the object itself without those."""
        self.skip()
        line = self.line_here()
        pairs: list[tuple[str, Any]] = []
        self.take("{", "Expecting value")
        while self.skip() != "}" or pairs:
            if self.skip() != '"':
                raise self.broken(
                    json.JSONDecodeError("Expecting property name enclosed in double quotes", self.text, self.position)
                )
            name = self.value()
            self.take(":", "Expecting ':' delimiter")
            if bare(name) in _CARRIERS and self.skip() == "[":
                yield from (each for each in self.elements() if name == "@graph" or isinstance(each.value, dict))
                pairs.append((name, None))
            else:
                pairs.append((name, self.value()))
            if self.skip() == "}":
                break
            self.take(",", "Expecting ',' delimiter")
        self.position += 1
        try:
            yield Node(line, _object(pairs))
        except _Unreadable as error:
            raise Broken(f"{error}.", line) from error

    def nodes(self) -> Iterator[Node]:
        opening = _OPENING.match(self.text)
        self.position = opening.end() if opening else 0
        first = self.skip()
        if first == "[":
            found = self.elements()
        elif first == "{":
            found = self.members()
        else:
            found = iter([Node(self.line_here(), self.value())])
        for node in found:
            yield from _with_carried(node)
        if self.skip() and not (opening and _CLOSING.fullmatch(self.text, self.position)):
            raise self.broken(json.JSONDecodeError("Extra data", self.text, self.position))


def _with_carried(node: Node) -> Iterator[Node]:
    """A node and those within it, however deep."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node.value, dict):
            for name in _CARRIERS:
                carried = node.value.get(name)
                each = carried if isinstance(carried, list) else [carried] if carried else []
                waiting += [Node(node.line, one) for one in reversed(each) if name == "@graph" or isinstance(one, dict)]


def nodes_of(text: str) -> Iterator[Node]:
    """The nodes of JSON-LD, or of all JSON-LD on a page. Raises Broken with the line."""
    if not text.lstrip().startswith("<") or _OPENING.match(text):
        yield from _Reader(text, 1).nodes()
        return
    for start, end in _scripts(text):
        if text[start:end].strip():
            yield from _Reader(text[start:end], text.count("\n", 0, start) + 1).nodes()


def _scripts(page: str) -> Iterator[tuple[int, int]]:
    """Where the JSON-LD of a page stands. By find alone: whatever the page holds, it is read through once."""
    marks = re.compile(r"<!--|<script(?=[\s>/])", re.I)
    ends = {"<!--": re.compile("-->"), "<script": re.compile(r"</script", re.I)}
    position = 0
    while mark := marks.search(page, position):
        end = ends[mark.group().lower()].search(page, mark.end())
        if end is None:
            return
        opened = page.find(">", mark.end(), end.start())
        if mark.group() != "<!--" and opened >= 0 and "application/ld+json" in page[mark.end() : opened].lower():
            yield opened + 1, end.start()
        position = end.end()
