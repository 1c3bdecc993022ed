"""What changes on a city page from one edition to another, in words for editors."""

from difflib import SequenceMatcher

from jobboard.differences import Row, added, gone, words


def between(old, new) -> list[Row]:
    """Lead, sections, figures and facts, in the order of the page; sections and figures are the same by their slug."""
    return [
        *_text("lead", "Vorspann", old.lead, new.lead),
        *_sections(old, new),
        *_figures(old, new),
        *_facts(old, new),
    ]


def _text(name: str, label: str, old: str, new: str) -> list[Row]:
    return [Row(name, label, old, new, words(old, new))] if old.split() != new.split() else []


def _value(name: str, label: str, old, new) -> list[Row]:
    if old == new:
        return []
    return [Row(name, label, _said(old), _said(new))]


def _said(value) -> str:
    if value is None or value == "":
        return "nicht angegeben"
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value)


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The fewest of those in both lists that stand elsewhere than before."""
    before, after = [each for each in old if each in new], [each for each in new if each in old]
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return {each for step, a, b, _, _ in steps if step != "equal" for each in before[a:b]}


def _sections(old, new) -> list[Row]:
    before, after = ({section.slug: section for section in each.sections.all()} for each in (old, new))
    moved = _moved(list(before), list(after))
    rows = []
    for slug, section in before.items():
        if slug not in after:
            rows.append(gone(f"section-{slug}", f"Abschnitt „{section}“ entfällt", section.body))
    for place, (slug, section) in enumerate(after.items(), 1):
        label = f"Abschnitt „{section}“"
        if slug not in before:
            rows.append(added(f"section-{slug}", f"{label} kommt dazu", section.body))
            continue
        was = before[slug]
        rows += _text(f"heading-{slug}", f"{label}, Überschrift", was.heading, section.heading)
        if slug in moved:
            rows.append(Row(f"place-{slug}", f"{label}, Platz", f"{list(before).index(slug) + 1}.", f"{place}."))
        rows += _text(f"section-{slug}", label, was.body, section.body)
    return rows


def _figures(old, new) -> list[Row]:
    before, after = ({figure.slug: figure for figure in each.figures.all()} for each in (old, new))
    headings = {section.pk: section.heading for each in (old, new) for section in each.sections.all()}
    rows = []
    for slug, figure in before.items():
        if slug not in after:
            rows.append(gone(f"figure-{slug}", f"Gehaltszahl „{figure}“ entfällt", figure.in_words))
    for slug, figure in after.items():
        label = f"Gehaltszahl „{figure}“"
        if slug not in before:
            rows.append(added(f"figure-{slug}", f"{label} kommt dazu", f"{figure.in_words}. {figure.evidence}"))
            continue
        was = before[slug]
        rows += _value(f"label-{slug}", f"{label}, Bezeichnung", was.label, figure.label)
        rows += _value(f"pay-{slug}", label, was.in_words, figure.in_words)
        kinds = (each.get_level_display() or each.get_kind_display() for each in (was, figure))
        rows += _value(f"kind-{slug}", f"{label}, Niveau", *kinds)
        rows += _value(f"valid-{slug}", f"{label}, gilt ab", was.valid_from, figure.valid_from)
        rows += _value(f"checked-{slug}", f"{label}, geprüft am", was.checked_on, figure.checked_on)
        rows += _evidence(f"figure-{slug}", label, was, figure, headings)
    return rows


def _facts(old, new) -> list[Row]:
    before, after = ({row.fact.slug: row for row in each.facts.all()} for each in (old, new))
    headings = {section.pk: section.heading for each in (old, new) for section in each.sections.all()}
    rows = []
    for slug, row in before.items():
        if slug not in after:
            rows.append(gone(f"fact-{slug}", f"Merkmal „{row}“ entfällt", row.evidence))
    for slug, row in after.items():
        label = f"Merkmal „{row}“"
        if slug not in before:
            rows.append(added(f"fact-{slug}", f"{label} kommt dazu", row.evidence))
        else:
            rows += _evidence(f"fact-{slug}", label, before[slug], row, headings)
    return rows


def _evidence(name: str, label: str, old, new, headings: dict[int, str]) -> list[Row]:
    where = (headings.get(row.section_id, "") for row in (old, new))
    return [
        *_value(f"{name}-where", f"{label}, Abschnitt", *where),
        *_text(f"{name}-evidence", f"{label}, Belegsatz", old.evidence, new.evidence),
    ]
