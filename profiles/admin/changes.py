"""A working copy as plain values: what changed between two states, in words, and what two people wrote put together."""

import json
from dataclasses import dataclass, field
from datetime import date

from django.forms import model_to_dict

from jobboard.differences import Row, added, gone, words
from jobboard.templatetags.board import amount
from profiles.admin.edition_forms import MAX_ROWS, rows_posted
from profiles.models import Level, SalaryFigure

# What of a row is typed, and what editors call it.
FIELDS = {
    "sections": {"heading": "Überschrift", "body": "Text", "order": "Reihenfolge", "slug": "Anker"},
    "figures": {
        "label": "Bezeichnung",
        "level": "Niveau",
        "low": "von",
        "high": "bis",
        "period": "Zeitraum",
        "gross": "brutto/netto",
        "qualifier": "Einschränkung",
        "section": "Abschnitt",
        "evidence": "Belegsatz",
        "order": "Reihenfolge",
        "valid_from": "gilt ab",
        "checked_on": "geprüft am",
    },
    "facts": {"fact": "Merkmal", "section": "Abschnitt", "evidence": "Belegsatz"},
}
EDITION = {"lead": "Vorspann", "note": "Notiz"}
KINDS = {
    "sections": ("Abschnitt", "Neuer Abschnitt", "Abschnitt gelöscht"),
    "figures": ("Zahl", "Neue Zahl", "Zahl gelöscht"),
    "facts": ("Merkmal", "Neues Merkmal", "Merkmal gelöscht"),
}
LONG = {"lead", "body", "evidence"}  # shown word by word
CHOICES = {
    "level": dict(Level.choices),
    "period": dict(SalaryFigure.Period.choices),
    "gross": dict(SalaryFigure.Gross.choices),
}

State = dict[str, dict[str, dict[str, str]]]  # edition | sections | figures | facts → key → name → value


def _plain(value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(getattr(value, "pk", value)).replace("\r\n", "\n")


def stored(edition, rows) -> State:
    """What the database holds. rows: sections, figures and facts by prefix."""
    state = {"edition": {"": {name: _plain(getattr(edition, name)) for name in EDITION}}}
    for prefix, names in FIELDS.items():
        state[prefix] = {
            str(row.pk): {name: _plain(value) for name, value in model_to_dict(row, fields=names).items()}
            for row in rows[prefix]
        }
    return state


def typed(form, formsets) -> State:
    """What is about to be stored, of a form and formsets that are valid."""
    state = {"edition": {"": {name: _plain(form.cleaned_data[name]) for name in EDITION}}}
    for prefix, names in FIELDS.items():
        state[prefix] = {
            str(row.instance.pk or row.prefix): {name: _plain(row.cleaned_data.get(name)) for name in names}
            for row in formsets[prefix].kept_forms()
        }
    return state


def parsed(text: str) -> State:
    """The state that a page has sent along; what is not one is empty."""
    try:
        sent = json.loads(text)
        return {
            part: {
                key: {name: value for name, value in row.items() if isinstance(value, str)}
                for key, row in sent[part].items()
                if (key == "") == (part == "edition")
            }
            for part in ("edition", *FIELDS)
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {part: {} for part in ("edition", *FIELDS)}


@dataclass
class Names:
    """How rows are called: a state holds only their numbers."""

    sections: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def of_row(self, part: str, row: dict[str, str]) -> str:
        if part == "facts":
            return self.facts.get(row.get("fact", ""), "")
        return row.get("heading" if part == "sections" else "label", "")

    def of_value(self, name: str, value: str) -> str:
        if name == "section":
            return self.sections.get(value, "")
        if name == "fact":
            return self.facts.get(value, "")
        if name in CHOICES:
            return str(CHOICES[name].get(value, value))
        if name in ("low", "high") and value.isdigit():
            return f"{amount(value)} €"
        if name in ("valid_from", "checked_on") and value:
            return ".".join(reversed(value.split("-")))
        return value


def differences(before: State, after: State, names: Names) -> list[Row]:
    """What is another in `after`, row by row."""
    found = []
    for part in ("edition", *FIELDS):
        labels = FIELDS.get(part, EDITION)
        for key in [*before[part], *(key for key in after[part] if key not in before[part])]:
            old, new = before[part].get(key), after[part].get(key)
            if old is None or new is None:
                row = old or new or {}
                label = f"{KINDS[part][1 if old is None else 2]} „{names.of_row(part, row)}“"
                text = row.get("body") or row.get("evidence") or ""
                found.append(added(part, label, text) if old is None else gone(part, label, text))
                continue
            for name, label in labels.items():
                one, other = old.get(name, ""), new.get(name, "")
                if one == other or (part == "sections" and name == "order"):
                    continue
                if part != "edition":
                    label = f"{KINDS[part][0]} „{names.of_row(part, new)}“, {label}"
                if name in LONG:
                    found.append(Row(name, label, one, other, words(one, other)))
                else:
                    found.append(
                        Row(name, label, names.of_value(name, one) or "leer", names.of_value(name, other) or "leer")
                    )
    shared = [key for key in before["sections"] if key in after["sections"]]
    old_order, new_order = (_in_order(state, shared) for state in (before, after))
    if old_order != new_order:
        old_names, new_names = (
            " · ".join(state["sections"][key].get("heading", "") for key in order)
            for state, order in ((before, old_order), (after, new_order))
        )
        found.append(Row("order", "Reihenfolge der Abschnitte", old_names, new_names))
    return found


def _in_order(state: State, keys: list[str]) -> list[str]:
    def place(key):
        order = state["sections"][key].get("order", "")
        return int(order) if order.isdigit() and len(order) < 9 else 0

    return sorted(keys, key=place)


def in_words(rows: list[Row]) -> str:
    """For the history: what changed, of long texts how much."""
    return "; ".join(_in_words(row) for row in rows)


def _in_words(row: Row) -> str:
    if row.name in KINDS:
        return row.label
    if not row.parts:
        return f"{row.label}: {row.old} → {row.new}"
    if not row.old or not row.new:
        return f"{row.label} {'geschrieben' if row.new else 'geleert'}"
    fewer, more = (sum(len(text.split()) for kind, text in row.parts if kind == each) for each in ("gone", "new"))
    if fewer + more <= 12:
        changed = [
            f"„{text.strip()}“" if kind == "new" else f"statt „{text.strip()}“"
            for kind, text in sorted(row.parts, key=lambda part: part[0] == "gone")
            if kind in ("gone", "new") and text.strip()
        ]
        return f"{row.label} geändert: {' '.join(changed)}"
    return f"{row.label} geändert ({more} Wörter neu, {fewer} gestrichen)"


# Two people at once


def shared_fields(theirs: State, data, both) -> tuple[State, State]:
    """Of the fields that both have changed: theirs, and what is typed."""
    states: tuple[State, State] = tuple({part: {} for part in ("edition", *FIELDS)} for _ in range(2))  # type: ignore[assignment]
    place = {
        (prefix, data[name]): name.removesuffix("id")
        for prefix in FIELDS
        for name in data
        if name.startswith(f"{prefix}-") and name.endswith("-id")
    }
    for part, key, name in both:
        mine = data.get(name if part == "edition" else f"{place[part, key]}{name}", "")
        for state, value in zip(states, (theirs[part][key][name], mine), strict=True):
            row = state[part].setdefault(
                key, {each: theirs[part][key].get(each, "") for each in ("heading", "label", "fact")}
            )
            row[name] = value
    return states


def readable(data) -> list[tuple[str, str]]:
    """All that was typed, for a page that cannot store it: (what, text)."""
    found = [(label, data.get(name, "")) for name, label in EDITION.items()]
    for prefix, labels in FIELDS.items():
        for index in range(rows_posted(data, prefix)):
            row = {name: data.get(f"{prefix}-{index}-{name}", "") for name in labels}
            if prefix == "sections":
                found.append((row["heading"] or "Abschnitt", row["body"]))
            else:
                shown = ("label", "low", "high", "qualifier", "evidence")
                found.append((KINDS[prefix][0], " · ".join(row[name] for name in shown if row.get(name))))
    return [(label, text) for label, text in found if text.strip()]


def together(data, base: State, theirs: State):
    """The posted `data` on top of what is stored now: (data, names of fields that both have changed).

    What only they have changed since `base` is theirs, all else is as it was typed.
    """
    merged = data.copy()
    for key in [key for key in merged if key.partition("-")[0] in FIELDS]:
        del merged[key]
    both: list[tuple[str, str, str]] = []  # part, key, field

    def mixed(part, key, typed):
        before, now = base[part].get(key, {}), theirs[part][key]
        result = {}
        for name, value in now.items():
            mine = typed.get(name)
            if mine is None or (name in before and _same(mine, before[name])):
                result[name] = value
                continue
            result[name] = mine
            if not _same(value, mine) and not (name in before and _same(value, before[name])):
                both.append((part, key, name))
        return result

    typed = {name: data[name] for name in EDITION if name in data}
    for name, value in mixed("edition", "", typed).items():
        merged[name] = value

    for prefix in FIELDS:
        posted: dict[str, dict[str, str]] = {}
        new = []
        for index in range(rows_posted(data, prefix)):
            start = f"{prefix}-{index}-"
            row = {key.removeprefix(start): data[key] for key in data if key.startswith(start)}
            pk = row.pop("id", "")
            if pk in theirs[prefix]:
                posted[pk] = row
            elif not pk:
                new.append(row)
            elif not row.get("DELETE") and any(
                not _same(row.get(name, ""), base[prefix].get(pk, {}).get(name, "")) for name in FIELDS[prefix]
            ):
                new.append(row)  # they have deleted what was changed here: it is written anew, or deleted again
        rows = [
            {"id": pk, **mixed(prefix, pk, posted.get(pk, {})), **_extras(posted.get(pk, {}))} for pk in theirs[prefix]
        ]
        for index, row in enumerate([*rows, *new]):
            for name, value in row.items():
                merged[f"{prefix}-{index}-{name}"] = value
        merged[f"{prefix}-TOTAL_FORMS"] = str(len(rows) + len(new))
        merged[f"{prefix}-INITIAL_FORMS"] = str(len(rows))
        merged[f"{prefix}-MIN_NUM_FORMS"], merged[f"{prefix}-MAX_NUM_FORMS"] = "0", str(MAX_ROWS)
    return merged, both


def _extras(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("DELETE", "pick") if name in row}


def _same(one: str, other: str) -> bool:
    """Amounts and white space apart from how they are written."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    text = " ".join(text.split())
    return text.replace(".", "") if text.replace(".", "").isdigit() else text
