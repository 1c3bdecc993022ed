"""The screen of a city page as it is typed: each section with its preview, its figures and facts, and what they lack."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from jobboard.forms import posted_number
from jobboard.text import count_words
from profiles import evidence
from profiles.admin.edition_forms import MAX_ROWS, rows_posted
from profiles.models import CityFact, Edition, SalaryFigure, Section
from profiles.reading import read


@dataclass
class Line:
    """A figure or fact beside the text that states it."""

    row: SalaryFigure | CityFact
    form: forms.ModelForm | None  # None where nothing can be changed
    problem: Any = None
    is_ready: bool = True  # it says enough to be held against the text
    is_open: bool = False

    @property
    def name(self) -> str:
        """Empty where nothing is chosen yet."""
        return str(self.row) if isinstance(self.row, SalaryFigure) or self.row.fact_id else ""

    @property
    def anchor(self) -> str:
        """Where the text's way back to its figure or fact leads."""
        return self.row.anchor if self.is_ready else ""

    @property
    def goes(self) -> bool:
        return _goes(self.form)

    @property
    def is_lost(self) -> bool:
        section = self.problem.section if self.problem else None
        return bool(section and not evidence.states(section.body, self.row.evidence))

    @property
    def is_elsewhere(self) -> bool:
        """Whether the closest sentence stands in another section."""
        return self.problem.closest[0].pk != self.row.section_id

    @property
    def is_figure(self) -> bool:
        return isinstance(self.row, SalaryFigure)

    @property
    def is_new(self) -> bool:
        return self.form is not None and not self.form.instance.pk

    @property
    def prefix(self) -> str:
        return str(self.form.prefix) if self.form else f"row-{self.row.pk}"

    @property
    def errors(self) -> list[str]:
        """Those that belong to no field that is seen."""
        if not self.form or not self.form.is_bound:
            return []
        hidden = [error for each in self.form.hidden_fields() for error in each.errors]
        return [*self.form.non_field_errors(), *hidden]

    @property
    def offer(self) -> str:
        """What the button sends that takes the closest sentence over; empty where there is none."""
        if not self.problem or not self.problem.closest or self.problem.closest[0].pk < 0:
            return ""  # also in a section that is not stored yet
        section, sentence = self.problem.closest
        return f"{self.prefix}:{section.pk}:{sentence}"


@dataclass
class Panel:
    """A section."""

    section: Section
    form: forms.ModelForm | None
    lines: list[Line] = field(default_factory=list)
    unbacked: list = field(default_factory=list)
    text: SafeString | str = ""
    is_first: bool = False
    is_last: bool = False

    @property
    def prefix(self) -> str:
        return str(self.form.prefix) if self.form else f"section-{self.section.pk}"

    @property
    def is_new(self) -> bool:
        return self.form is not None and not self.form.instance.pk

    @property
    def goes(self) -> bool:
        return _goes(self.form)

    @property
    def lost(self) -> int:
        return sum(bool(line.problem) for line in self.lines)

    @property
    def words(self) -> int:
        return count_words(self.section.body)

    @property
    def sentences(self) -> list[str]:
        return list(dict.fromkeys(each for each in evidence.sentences(self.section.body) if len(each) <= 600))

    @property
    def errors(self) -> list[str]:
        return [*self.form.non_field_errors()] if self.form and self.form.is_bound else []


@dataclass
class Desk:
    edition: Edition
    panels: list[Panel]
    loose: list[Line]  # figures and facts whose section is none of these
    problems: list
    all_lines: list[Line]
    unbacked: list

    @property
    def words(self) -> int:
        return sum(panel.words for panel in self.panels)

    @property
    def points(self) -> list[tuple[Any, Line | None]]:
        """What keeps it from being published, each with its line."""
        by_row = {id(line.row): line for line in self.all_lines}
        return [(problem, by_row.get(id(problem.row))) for problem in self.problems]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing, also nothing that is only half typed."""
        return not self.problems and all(line.is_ready or line.is_new or line.goes for line in self.all_lines)

    @property
    def unbacked_lead(self) -> list:
        return [each for each in self.unbacked if each.section is None]


def read_only(edition: Edition) -> Desk:
    rows = [*edition.figures.select_related("section", "checked_by"), *edition.facts.select_related("section", "fact")]
    return _laid_out(edition, [(section, None) for section in edition.sections.all()], [(row, None) for row in rows])


def as_typed(edition: Edition, formsets: dict[str, forms.BaseModelFormSet]) -> Desk:
    """edition: with the lead that is typed. Asks the database nothing."""
    typed: dict[str, list] = {}
    for prefix, formset in formsets.items():
        typed[prefix] = [
            (copy(form.instance), form)
            for form in formset.forms
            if form.instance.pk or form.has_changed() or not form.is_bound or form.empty_permitted
        ]
    for number, (section, _) in enumerate(typed["sections"], start=1):
        section.pk = section.pk or -number  # a new one; nothing here is saved
    typed["sections"].sort(key=lambda pair: (_order(pair[0]), pair[0].pk < 0))
    for number, (figure, _) in enumerate(typed["figures"]):
        figure.slug = figure.slug or f"neu-{number}"
    return _laid_out(edition, typed["sections"], [*typed["figures"], *typed["facts"]])


def _order(section: Section) -> int:
    """0 where what is typed is no number."""
    return section.order if isinstance(section.order, int) else 0


def _laid_out(edition: Edition, sections: list[tuple], rows: list[tuple]) -> Desk:
    kept_sections = [section for section, form in sections if not _goes(form)]
    ready = [row for row, form in rows if _is_ready(row, form)]
    edition = copy(edition)
    _hold(edition, sections=kept_sections, figures=_of(SalaryFigure, ready), facts=_of(CityFact, ready))
    problems, unbacked = edition.problems(), edition.unbacked()
    by_row = {id(problem.row): problem for problem in problems if problem.row is not None}
    ready_ids = set(map(id, ready))
    lines = [Line(row, form, by_row.get(id(row)), id(row) in ready_ids) for row, form in rows]
    for line in lines:
        line.is_open = bool(line.problem or line.is_new or (line.form and line.form.is_bound and line.form.errors))
    panels: list[Panel] = []
    seen: set[int] = set()
    for section, form in sections:
        panel = Panel(section, form)
        panel.text = read(section, edition.figures.all(), edition.facts.all())
        panel.unbacked = [each for each in unbacked if each.section is section]
        panel.lines = [line for line in lines if _section_of(line) == str(section.pk)]
        seen.update(map(id, panel.lines))
        panels.append(panel)
    if panels:
        panels[0].is_first = panels[-1].is_last = True
    loose = [line for line in lines if id(line) not in seen]
    return Desk(edition, panels, loose, problems, lines, unbacked)


def _of(kind, rows) -> list:
    return [row for row in rows if isinstance(row, kind)]


def _section_of(line: Line) -> str:
    return str(line.form["section"].value() if line.form else line.row.section_id)


def _goes(form) -> bool:
    return bool(form and form.is_bound and form.data.get(form.add_prefix("DELETE")))


def _is_ready(row, form) -> bool:
    """Whether it says enough to be held against the text."""
    if form is None:
        return True
    if _goes(form) or (not form.instance.pk and not form.has_changed()):
        return False
    return not (form.is_bound and set(form.errors) - {"order", "label"})


def _hold(edition: Edition, **rows: Iterable) -> None:
    """Let `edition` answer for rows as they are typed, the way prefetch_related keeps them."""
    held = edition._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    for name, found in rows.items():
        queryset = getattr(edition, name).all()
        queryset._result_cache = list(found)
        held[name] = queryset


# Buttons that change what is typed before it is saved


def act(data) -> str:
    """Do what the pressed button says to the posted `data`; where on the page to go on."""
    if "_add" in data:
        _add(data, data["_add"])
    if "_take" in data:
        return _take(data, data["_take"])
    for button, step in (("_up", -1), ("_down", 1)):
        if button in data:
            return _move(data, data[button], step)
    return ""


def _place(data, row: str) -> int:
    return min(posted_number(data, f"{row}-order"), 9999)


def _add(data, what: str) -> None:
    """sections, or figures or facts with the section they belong to: figures-12."""
    prefix, _, section = what.partition("-")
    total = rows_posted(data, prefix)
    if prefix not in ("sections", "figures", "facts") or total >= MAX_ROWS:
        return
    data[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
    for name in [name for name in data if name.startswith(f"{prefix}-{total}-")]:
        del data[name]
    if section:
        data[f"{prefix}-{total}-section"] = section
    if prefix != "facts":
        last = max((_place(data, f"{prefix}-{index}") for index in range(total)), default=0)
        data[f"{prefix}-{total}-order"] = str(min(last + 10, 9999))


def _take(data, offer: str) -> str:
    """Another section and sentence as the evidence of a row: figures-0:12:Der Satz."""
    row, section, sentence = [*offer.split(":", 2), "", ""][:3]
    if f"{row}-evidence" not in data:
        return ""
    data[f"{row}-evidence"], data[f"{row}-section"] = sentence, section
    data.pop(f"{row}-pick", None)
    return row


def _move(data, row: str, step: int) -> str:
    """A section before or behind its neighbour; all are counted anew in tens."""
    rows = [f"sections-{index}" for index in range(rows_posted(data, "sections"))]
    if row not in rows:
        return ""
    rows.sort(key=lambda each: _place(data, each))
    at = rows.index(row)
    to = min(max(at + step, 0), len(rows) - 1)
    rows[at], rows[to] = rows[to], rows[at]
    for number, each in enumerate(rows, start=1):
        data[f"{each}-order"] = str(number * 10)
    return f"abschnitt-{posted_number(data, f'{row}-id')}"
