"""A section as people read it: its text with every sentence marked that a figure or fact rests on."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from jobboard.text import parse, to_html
from profiles.models import CityFact, Proven, SalaryFigure, Section

At = tuple[int, int]  # which token of a paragraph, and which character of it
_PLACEHOLDER = re.compile(r'<span id="(?:open (\d+)">|back (\d+)"></span>)')


@dataclass
class Mark:
    number: int  # of the row
    begin: At
    end: At


def read(section: Section, figures: Iterable[SalaryFigure], facts: Iterable[CityFact]) -> SafeString:
    """The text of `section` as safe HTML, with the sentences of those rows marked that name this section."""
    return marked(section.body, [row for row in [*figures, *facts] if row.section == section])


def marked(body: str, rows: Iterable[Proven]) -> SafeString:
    """Markdown as safe HTML, where each row's sentence stands in a <span id=proof_anchor> with a link back to the row.

    Where evidence.states(), there is a mark: around the first place that says it. It reaches further where it must:
    out of bold type, links and code that the sentence enters midway, and to the end of a sentence that overlaps it.
    """
    rows = list({row.proof_anchor: row for row in reversed(list(rows))}.values())
    waiting = {number: " ".join(row.evidence.split()) for number, row in enumerate(rows)}
    tokens = parse(body)
    for token in tokens:
        if token.type == "inline" and waiting:
            text, places = _plain(token.children)
            marks = []
            for number, sentence in list(waiting.items()):
                start = text.find(sentence) if sentence else -1
                if start >= 0:
                    first, last = places[start], places[start + len(sentence) - 1]
                    marks.append(Mark(number, *_around_whole_elements(token.children, first, last)))
                    del waiting[number]
            token.children = _with_marks(token.children, _nested(marks))

    def fill(placeholder: re.Match) -> str:
        if placeholder[1]:
            return format_html('<span class="proof" id="{}">', rows[int(placeholder[1])].proof_anchor)
        row = rows[int(placeholder[2])]
        way_back = {"row": row, "is_figure": isinstance(row, SalaryFigure)}
        return render_to_string("profiles/_way_back.html", way_back).strip()

    return mark_safe(_PLACEHOLDER.sub(fill, to_html(tokens)))  # noqa: S308 (what is put in is ours)


def _plain(children: list[Token]) -> tuple[str, list[At]]:
    """The text of a paragraph as evidence.states() reads it, and where each of its characters stands."""
    letters: list[str] = []
    places: list[At] = []
    for number, child in enumerate(children):
        content = {"text": child.content, "code_inline": child.content}.get(child.type, "")
        if child.type in ("softbreak", "hardbreak"):
            content = " "
        for offset, letter in enumerate(content):
            if not letter.isspace():
                letters.append(letter)
                places.append((number, offset))
            elif letters and letters[-1] != " ":
                letters.append(" ")
                places.append((number, offset))
    return "".join(letters), places


def _around_whole_elements(children: list[Token], first: At, last: At) -> tuple[At, At]:
    """From before the character `first` to behind `last`, or further out, so that no element is entered midway."""
    opened: list[int] = []
    closed_by: dict[int, int] = {}
    within: list[tuple[int, ...]] = []
    for number, child in enumerate(children):
        if child.nesting == -1:
            closed_by[opened.pop()] = number
        within.append(tuple(opened))
        if child.nesting == 1:
            opened.append(number)
    begin, end = first, (last[0], last[1] + 1)
    if children[first[0]].type == "code_inline":
        begin = (first[0], 0)
    if children[last[0]].type == "code_inline":
        end = (last[0] + 1, 0)
    shared = 0  # elements around the whole sentence; never a link, as the mark holds one
    for one, other in zip(within[first[0]], within[last[0]], strict=False):
        if one != other or children[one].type == "link_open":
            break
        shared += 1
    if len(within[first[0]]) > shared:
        begin = (within[first[0]][shared], 0)
    if len(within[last[0]]) > shared:
        end = (closed_by[within[last[0]][shared]] + 1, 0)
    return begin, end


def _nested(marks: list[Mark]) -> list[Mark]:
    """Outer before inner; one that would end inside a later one reaches to its end."""
    marks.sort(key=lambda mark: (mark.begin, (-mark.end[0], -mark.end[1])))
    for number, mark in enumerate(marks):
        for later in marks[number + 1 :]:
            if later.begin < mark.end:
                mark.end = max(mark.end, later.end)
    return marks


def _with_marks(children: list[Token], marks: list[Mark]) -> list[Token]:
    cuts: dict[At, list[str]] = {}
    for mark in reversed(marks):  # the innermost closes first …
        cuts.setdefault(mark.end, []).append(f'<span id="back {mark.number}"></span></span>')
    for mark in marks:  # … and before another one begins at the same place
        cuts.setdefault(mark.begin, []).append(f'<span id="open {mark.number}">')
    found: list[Token] = []
    for number, child in enumerate(children):
        done = 0
        for at in sorted(at for at in cuts if at[0] == number):
            if at[1]:
                piece = copy(child)
                piece.content = child.content[done : at[1]]
                found.append(piece)
                done = at[1]
            found += [Token("html_inline", "", 0, content=html) for html in cuts.pop(at)]
        if done:
            child = copy(child)
            child.content = child.content[done:]
        found.append(child)
    return found + [Token("html_inline", "", 0, content=html) for htmls in cuts.values() for html in htmls]
