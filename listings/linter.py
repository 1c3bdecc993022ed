"""The linter of ads: rules L01 to L09, each hit with its place in the text, the reason and a better wording."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate

from jobboard.templatetags.board import amount, day, number
from jobboard.text import fold
from listings.models.employers import EmployerKind
from listings.models.events import VacancyEvent
from listings.models.rules import BASIS, LinterWord, MinimumWage, Rule
from profiles.compass import WEEKS_PER_MONTH

if TYPE_CHECKING:
    from listings.models import Vacancy

BODY = ["tasks", "profile", "offer"]
TEXTS = ["title", *BODY, "skills", "start", "tariff"]
ORDER = [
    "title",
    "employer_kind",
    *BODY,
    "skills",
    "hours_high",
    "start",
    "pay_low",
    "pay_high",
    "tariff",
    "asks_photo",
]
MOST_SPREAD = Decimal("1.6")  # upper end over lower end
LEAST_TEXT = 400  # characters
LONGEST_PARAGRAPH = 900  # characters
LONGEST_TITLE = 100
CONTEXT = 60  # characters of the text on either side of a hit
SOON = timedelta(days=365)


class Severity(models.TextChoices):
    ERROR = "error", "Fehler"
    WARNING = "warning", "Hinweis"


@dataclass(frozen=True)
class Hit:
    """One thing to mend. `found` is what stands from `start` to `end` in the text of `field`; without a place
    in a text both are 0, and `found` says in a few words what was met."""

    rule: str
    severity: Severity
    field: str
    start: int
    end: int
    found: str
    why: str
    better: str
    overridden: bool = False
    before: str = ""
    after: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR

    @property
    def is_blocking(self) -> bool:
        return self.is_error and not self.overridden

    @property
    def label(self) -> str:
        return Rule(self.rule).label

    @property
    def basis(self) -> str:
        """Where the rule comes from, in words for people."""
        return BASIS[Rule(self.rule)]

    @property
    def field_label(self) -> str:
        from listings.models import Vacancy

        return str(getattr(Vacancy._meta.get_field(self.field), "verbose_name", ""))


def lint(vacancy: "Vacancy", *, on: date | None = None) -> list[Hit]:
    """Everything to mend in an ad, also in an unsaved one with gaps: what blocks first, then as the form goes.

    Two queries, a third where there are errors; place and employer should be loaded.
    """
    return lint_all([vacancy], on=on)[0]


def lint_all(vacancies: list["Vacancy"], *, on: date | None = None) -> list[list[Hit]]:
    """The hits of each, in no more queries than one ad takes."""
    if not vacancies:
        return []
    words, wages = _kept()
    hits = [_hits(vacancy, on or localdate(), words, wages) for vacancy in vacancies]
    return [
        sorted(
            found, key=lambda hit: (not hit.is_blocking, not hit.is_error, ORDER.index(hit.field), hit.start, hit.rule)
        )
        for found in _with_overrides(vacancies, hits)
    ]


def _kept() -> tuple[list[LinterWord], list[MinimumWage]]:
    """What editors keep for the rules."""
    return list(LinterWord.objects.filter(active=True)), list(MinimumWage.objects.all())


def _hits(vacancy, on: date, words: list[LinterWord], wages: list[MinimumWage]) -> list[Hit]:
    return [
        *_title(vacancy, [word for word in words if word.rule == Rule.TITLE]),
        *_wordings(vacancy, [word for word in words if word.rule != Rule.TITLE]),
        *_photo(vacancy),
        *_pay_stated(vacancy),
        *_minimum_wage(vacancy, on, wages),
        *_employer_kind(vacancy),
        *_found_by_machines(vacancy),
        *_readable(vacancy),
    ]


def minimum_wage(vacancy: "Vacancy", *, on: date | None = None) -> Hit | None:
    """What L06 alone says of a pay."""
    return next(_minimum_wage(vacancy, on or localdate(), list(MinimumWage.objects.all())), None)


def blocking(hits: Iterable[Hit]) -> list[Hit]:
    """The errors that no editor has let pass: with one of these an ad cannot be submitted."""
    return [hit for hit in hits if hit.is_blocking]


def check(hits: Iterable[Hit]) -> None:
    """Raises ValidationError by field, in words for employers, where something blocks."""
    errors: dict[str, list[str]] = {}
    for hit in blocking(hits):
        errors.setdefault(hit.field, []).append(f"{hit.why} {hit.better}")
    if errors:
        raise ValidationError(errors)


def _with_overrides(vacancies: list["Vacancy"], hits: list[list[Hit]]) -> list[list[Hit]]:
    """The hits of each, those marked that an editor has let pass."""
    broken = [
        each.pk for each, found in zip(vacancies, hits, strict=True) if each.pk and any(h.is_error for h in found)
    ]
    if not broken:
        return hits
    rows = VacancyEvent.objects.filter(vacancy__in=broken, step=VacancyEvent.Step.OVERRIDE)
    allowed = {
        (pk, rule, data.get("field"), data.get("found"))
        for pk, rule, data in rows.values_list("vacancy_id", "rule", "data")
    }
    return [
        [
            replace(hit, overridden=True)
            if hit.is_error and (vacancy.pk, hit.rule, hit.field, hit.found) in allowed
            else hit
            for hit in found
        ]
        for vacancy, found in zip(vacancies, hits, strict=True)
    ]


def _text(vacancy, field: str) -> str:
    return getattr(vacancy, field) or ""


def _at(text: str, field: str, start: int, end: int, **rest) -> Hit:
    """A hit at a place in a text, with a little of what stands around it."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if start > CONTEXT:
        before = f"…{before.partition(' ')[2] or before}"
    if end + CONTEXT < len(text):
        after = f"{after.rpartition(' ')[0] or after}…"
    return Hit(field=field, start=start, end=end, found=text[start:end], before=before, after=after, **rest)


# L01: the title

_MARKER = re.compile(
    r"(?<![\w/])[(\[]?\s?(?P<letters>(?:[mwfdxi*]|div(?:ers|\.)?|gn)(?:\s?[/|,;.·:*\-–]\s?(?:[mwfdxi*]|div(?:ers|\.)?|gn)){1,4}\.?|[mwfdx]{3})"
    r"\s?[)\]]?(?![\w/])",
    re.I,
)
_SPOKEN_MARKER = re.compile(
    r"[(\[]\s?(?:gn\*?|x|a|any|männlich\s?/\s?weiblich\s?/\s?divers|weiblich\s?/\s?männlich\s?/\s?divers|\*|alle|all genders?|all humans?|any gender|geschlechtsneutral|alle geschlechter|jedes geschlecht"
    r"|mensch(?:en)?|human|divers|a\*|gender\*?|(?:m/w/d/)?kmn)\s?[)\]]",
    re.I,
)
# Koordinator:in, Koordinator*in, Koordinator/-in, Koordinator(in), KoordinatorIn, Beauftragte:r, Angestellte/r
_GENDER_FORM = re.compile(
    r"(?:(?i:\w[:*_·/]-?(?:in(?:nen)?|r|frau|mann)\b|\w\((?:in|innen|r)\))|[a-zäöüß]In(?:nen)?\b)"
)
_INNER_I = re.compile(r"[a-zäöüß]In(?:nen)?$")
_COMPOUND = re.compile(r"[-‐‑](?=\w)")


def _marks_all(title: str) -> tuple[bool, re.Match | None]:
    """(whether a marker speaks to everybody, a marker that leaves out the third gender)."""
    if _SPOKEN_MARKER.search(title):
        return True, None
    narrow = None
    for match in _MARKER.finditer(title):
        letters = set(re.findall(r"div|gn|[mwfdxi*]", match["letters"].lower()))
        if "m" not in letters or not letters & {"w", "f"}:
            continue
        if letters & {"d", "x", "i", "*", "div", "gn"}:
            return True, None
        narrow = match
    return False, narrow


def _stem(word: str) -> str:
    """Koordinatorin, Koordinatorinnen, Koordinatoren, Koordinator: koordinator; Kauffrau, Kaufmann: kauf."""
    word = re.sub(r"(?:in|innen)$", "", fold(word))
    return re.sub(r"(?:mann|frau|manner|frauen|leute|en|e|n|s)$", "", word)


def _with_marker(title: str) -> str:
    """What the title could be, as a sentence to end the advice with; nothing where it would be too long."""
    better = f"{_MARKER.sub('', title).strip(' !')} (m/w/d)"
    return f" Zum Beispiel: „{' '.join(better.split())}“." if len(better) <= LONGEST_TITLE else ""


def _title(vacancy, words: list[LinterWord]) -> Iterator[Hit]:
    title = _text(vacancy, "title")
    if not title.strip():
        return  # that it is missing is said elsewhere
    everybody, narrow = _marks_all(title)
    if everybody:
        return
    one_gender: list[tuple[re.Match, LinterWord]] = []
    for word in words:
        if not word.neutral:
            found = word.found_in(title)
            # A compound speaks of a thing: „Techniker-App“.
            one_gender += [
                (match, word)
                for match in found
                if not _COMPOUND.match(title, match.end()) and not _INNER_I.search(match.group())
            ]
    stems = [_stem(match.group()) for match, _ in one_gender]
    # „Koordinatorin oder Koordinator“ names both.
    alone = [
        (match, word)
        for (match, word), stem in zip(one_gender, stems, strict=True)
        if len({fold(other.group()) for (other, _), same in zip(one_gender, stems, strict=True) if same == stem}) < 2
    ]
    seen: set[tuple[int, int]] = set()
    for match, word in sorted(alone, key=lambda pair: pair[0].start()):
        if not any(start <= match.start() < end for start, end in seen):
            seen.add(match.span())
            yield _at(
                title,
                "title",
                *match.span(),
                rule=Rule.TITLE,
                severity=Severity.ERROR,
                why=word.why,
                better=word.better + _with_marker(title),
            )
    if alone:
        return
    bare = _MARKER.sub("", title)
    neutral = one_gender or _GENDER_FORM.search(bare) or any(word.found_in(bare) for word in words if word.neutral)
    if narrow:
        yield _at(
            title,
            "title",
            *narrow.span(),
            rule=Rule.TITLE,
            severity=Severity.WARNING if neutral else Severity.ERROR,
            why="Diese Abkürzung nennt nur Frauen und Männer.",
            better=f"Schreiben Sie „(m/w/d)“; dann sind alle gemeint.{_with_marker(title)}",
        )
    elif not neutral:
        yield _at(
            title,
            "title",
            0,
            len(title),
            rule=Rule.TITLE,
            severity=Severity.ERROR,
            why="Der Titel sagt nicht, dass Sie alle Geschlechter meinen.",
            better="Ergänzen Sie „(m/w/d)“, oder wählen Sie ein neutrales Wort wie „IT-Projektkoordination“."
            + _with_marker(title),
        )


# L02, L04, L05, L07, L08: wordings

_SEVERITY = {Rule.FORMER_PAY: Severity.ERROR}
_FIGURE = re.compile(r"\d[\d.,]*\s?(?:€|Euro\b|EUR\b)|(?:€|EUR)\s?\d", re.I)


def _wordings(vacancy, words: list[LinterWord]) -> Iterator[Hit]:
    for field in TEXTS:
        text = _text(vacancy, field)
        if not text:
            continue
        said = set()
        for word in words:
            if (word.rule == Rule.FOUND_BY_MACHINES and field != "title") or (
                word.rule == Rule.EMPLOYER_KIND and vacancy.employer_kind != EmployerKind.DIRECT
            ):
                continue
            for match in word.found_in(text):
                if word.rule == Rule.PHRASES and _FIGURE.search(_paragraph(text, match.start())):
                    continue
                key = (word.rule, fold(match.group()))
                if key not in said:
                    said.add(key)
                    severity = _SEVERITY.get(Rule(word.rule), Severity.WARNING)
                    span = match.span()
                    yield _at(text, field, *span, rule=word.rule, severity=severity, why=word.why, better=word.better)


def _paragraph(text: str, position: int) -> str:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return text[start : end if end >= 0 else len(text)]


def _photo(vacancy) -> Iterator[Hit]:
    if vacancy.asks_photo:
        yield Hit(
            rule=Rule.OPEN_TO_ALL,
            severity=Severity.WARNING,
            field="asks_photo",
            start=0,
            end=0,
            found="Foto erwünscht",
            why="Ein Foto zeigt Alter, Herkunft und Geschlecht, bevor jemand ein Wort gelesen hat.",
            better="Verzichten Sie darauf; kennenlernen werden Sie sich im Gespräch.",
        )


# L03 and L06: pay


def _pay_stated(vacancy) -> Iterator[Hit]:
    low, high = vacancy.pay_low, vacancy.pay_high

    def hit(field, found, why, better, severity=Severity.ERROR):
        return Hit(Rule.PAY_STATED, severity, field, 0, 0, found, why, better)

    if low is None or high is None:
        yield hit(
            "pay_low" if low is None else "pay_high",
            "",
            "Hier steht das Gehalt in jeder Anzeige."
            if not vacancy.tariff
            else "Der Tarif allein sagt vielen nicht, was auf dem Konto ankommt.",
            "Nennen Sie beide Enden der Spanne; bei einem festen Gehalt zweimal denselben Betrag."
            if not vacancy.tariff
            else "Nennen Sie zu Tarif und Gruppe auch die Beträge von der ersten bis zur letzten Stufe, die infrage kommt.",
        )
    elif low > high:
        yield hit(
            "pay_low",
            f"{amount(low)} bis {amount(high)}",
            "Das untere Ende liegt über dem oberen.",
            "Vermutlich sind die beiden Beträge vertauscht.",
        )
    elif high > low * MOST_SPREAD:
        yield hit(
            "pay_high",
            f"{amount(low)} bis {amount(high)}",
            f"Das obere Ende ist mehr als das {number(MOST_SPREAD)}-Fache des unteren; eine so weite Spanne sagt wenig.",
            f"Nennen Sie, was Sie wirklich zahlen wollen: von {amount(low)} aus höchstens {amount(_whole(low * MOST_SPREAD))}.",
            Severity.WARNING,
        )
    if _paid_hours(vacancy) is None:
        yield hit(
            "hours_high",
            "",
            "Ohne Wochenstunden lässt sich ein Gehalt nicht vergleichen.",
            "Nennen Sie die Stunden, für die das Gehalt gilt.",
        )


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), rounding="ROUND_DOWN")


def _paid_hours(vacancy) -> Decimal | None:
    """The weekly hours that the stated pay is for; with a choice of hours it means full time."""
    if vacancy.working_time == vacancy.WorkingTime.PART:
        return vacancy.hours_high
    return vacancy.full_time_hours or vacancy.hours_high


_MONTHS = [
    "januar",
    "februar",
    "marz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
]
_DAY = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_NAMED = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)})(?: (\d{{4}}))?\b")
_NUMBERED = re.compile(r"\b(\d{1,2})[/.](\d{4})\b")


def start_date(text: str, not_before: date) -> date:
    """The day that `start` names („1. April 2027“, „Januar“, „04/2027“), else `not_before`; never earlier."""
    try:
        if match := _DAY.search(text):
            day, month, year = map(int, match.groups())
            found = date(year, month, day)
        elif match := _NAMED.search(fold(text)):
            month, year = _MONTHS.index(match[2]) + 1, int(match[3] or not_before.year)
            found = date(year, month, int(match[1] or 1))
            if not match[3] and found < not_before.replace(day=1):
                found = found.replace(year=year + 1)
        elif match := _NUMBERED.search(text):
            found = date(int(match[2]), int(match[1]), 1)
        else:
            return not_before
    except ValueError:
        return not_before
    return max(found, not_before)


def _minimum_wage(vacancy, on: date, kept: list[MinimumWage]) -> Iterator[Hit]:
    """A thirteenth salary counts only in its own month; of a range the lower end must reach the minimum."""
    pay, hours = vacancy.pay_low, _paid_hours(vacancy)
    if not pay or not hours:
        return
    unit = vacancy.PayUnit(vacancy.pay_unit)
    per_month = pay / (vacancy.salaries_per_year or 12) if unit == unit.YEAR else pay
    begins = start_date(_text(vacancy, "start"), max(on, vacancy.first_day or on))
    wages = [wage for wage in kept if wage.valid_from <= begins + SOON]  # newest first
    valid = next((wage for wage in wages if wage.valid_from <= begins), None)
    later = [wage for wage in wages if wage.valid_from > begins]
    for wage in [*([valid] if valid else []), *reversed(later)]:
        least = wage.amount if unit == unit.HOUR else _cents(wage.amount * hours * WEEKS_PER_MONTH)
        if per_month >= least:
            continue
        per = "in der Stunde" if unit == unit.HOUR else "im Monat"
        floor = f"{amount(least)} Euro {per}"
        if unit != unit.HOUR:
            floor = f"bei {number(hours)} Wochenstunden {floor}"
        if unit == unit.YEAR:
            floor += f", also {amount(least * (vacancy.salaries_per_year or 12))} Euro im Jahr"
        is_later = wage in later
        yield Hit(
            rule=Rule.MINIMUM_WAGE,
            severity=Severity.WARNING if is_later else Severity.ERROR,
            field="pay_low",
            start=0,
            end=0,
            found=f"{amount(pay)} Euro {vacancy.get_pay_unit_display()}",
            why=f"Ab dem {day(wage.valid_from)} läge das unter dem Mindestlohn von {amount(wage.amount)} Euro in der Stunde."
            if is_later
            else f"Das liegt unter dem Mindestlohn von {amount(wage.amount)} Euro in der Stunde, der bei Beginn am {day(begins)} gilt.",
            better=f"Mindestens nötig sind {'dann ' if is_later else ''}{floor}.",
        )
        return


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


# L07: who hires


def _employer_kind(vacancy) -> Iterator[Hit]:
    if vacancy.employer_kind not in EmployerKind.values:
        yield Hit(
            rule=Rule.EMPLOYER_KIND,
            severity=Severity.ERROR,
            field="employer_kind",
            start=0,
            end=0,
            found=str(vacancy.employer_kind or ""),
            why="Leserinnen und Leser sollen wissen, mit wem sie einen Vertrag schließen.",
            better="Wählen Sie: direkter Arbeitgeber, Zeitarbeit oder Vermittlung im Auftrag.",
        )


# L08: the title in lists and search results

_PAY_IN_TITLE = re.compile(
    r"\d[\d.]*(?:,\d+)?\s?(?:€|EUR\b|Euro\b)(?:/\w+)?|(?:€|EUR)\s?\d[\d.]*|\b\d{2,3}\s?[kK]\b(?![-\w])|\b(?:EG|Entgeltgruppe)\s?\d{1,2}[a-c]?\b"
)
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:gGmbH|GmbH(?: & Co\. ?(?:KG|OHG|KGaA))?|AG(?: & Co\. ?KG)?|SE|KG|OHG|UG(?: \(haftungsbeschränkt\))?|e\.? ?K\.?|e\.? ?V\.?|eG|AöR|KdöR|mbH|GbR|PartG)(?=\s|$)"
)


def _found_by_machines(vacancy) -> Iterator[Hit]:
    title = _text(vacancy, "title")

    def hit(start, end, why, better):
        return _at(
            title, "title", start, end, rule=Rule.FOUND_BY_MACHINES, severity=Severity.WARNING, why=why, better=better
        )

    for match in _PAY_IN_TITLE.finditer(title):
        yield hit(
            *match.span(),
            "Suchmaschinen möchten im Titel nur die Tätigkeit lesen; das Gehalt zeigen wir ohnehin bei jeder Anzeige.",
            "Lassen Sie den Betrag im Titel weg.",
        )
    if vacancy.place_id and (place := _name_in(vacancy.place.name.split(" (")[0], title)):
        yield hit(
            *place.span(),
            "Der Ort steht bei jeder Anzeige neben dem Titel; doppelt werten ihn Suchmaschinen als Füllwort.",
            "Lassen Sie den Ort im Titel weg.",
        )
    if vacancy.employer_id and (firm := _name_in(_LEGAL_FORM.sub("", vacancy.employer.name), title)):
        yield hit(
            *firm.span(),
            "Ihre Firma steht bei jeder Anzeige unter dem Titel.",
            "Nutzen Sie den Platz für das, was die Stelle ausmacht.",
        )
    plain = _MARKER.sub("", title)
    if plain.isupper() and sum(char.isalpha() for char in plain) >= 10:
        yield hit(
            0,
            len(title),
            "Ein Titel nur aus Großbuchstaben liest sich schwer und wirkt wie Werbung.",
            "Schreiben Sie ihn in gewöhnlicher Schrift.",
        )
    for match in re.finditer(r"[!¡❗‼️]+|\?!+", title):
        yield hit(*match.span(), "Ausrufezeichen im Titel gelten Suchmaschinen als Werbung.", "Lassen Sie es weg.")


def _name_in(name: str, title: str) -> re.Match | None:
    name = name.strip()
    # Looked for as it stands before a pattern is made of it: hardly any title holds one.
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", title) if len(name) >= 3 and name in title else None


# L09: the body


def _readable(vacancy) -> Iterator[Hit]:
    def hit(field, why, better):
        return Hit(Rule.READABLE, Severity.WARNING, field, 0, 0, "", why, better)

    if not _text(vacancy, "tasks").strip():
        yield hit(
            "tasks",
            "Was in der Stelle zu tun ist, steht noch nicht da.",
            "Drei bis sechs Aufgaben in ganzen Sätzen genügen.",
        )
    if not _text(vacancy, "profile").strip():
        yield hit(
            "profile",
            "Was jemand mitbringen soll, steht noch nicht da.",
            "Trennen Sie, was nötig ist, von dem, was sich lernen lässt.",
        )
    length = sum(len(_text(vacancy, field).strip()) for field in BODY)
    if 0 < length < LEAST_TEXT:
        yield hit(
            "tasks",
            f"Aufgaben, Profil und Angebot haben zusammen {length} Zeichen. Unter {LEAST_TEXT} bleibt vieles offen.",
            "Erzählen Sie, woran jemand im ersten halben Jahr arbeiten wird und mit wem.",
        )
    for field in BODY:
        text = _text(vacancy, field)
        for match in re.finditer(r"\S(?:[^\n]|\n(?![^\S\n]*(?:\n|[-*+•–] |\d+[.)] )))*", text):
            if len(match.group().rstrip()) > LONGEST_PARAGRAPH:
                start = match.start()
                end = start + len(match.group()[:CONTEXT].rpartition(" ")[0] or match.group()[:CONTEXT])
                yield _at(
                    text,
                    field,
                    start,
                    end,
                    rule=Rule.READABLE,
                    severity=Severity.WARNING,
                    why="Dieser Absatz ist auf dem Telefon mehr als ein Bildschirm lang.",
                    better="Teilen Sie ihn, oder machen Sie aus Aufzählungen eine Liste.",
                )
