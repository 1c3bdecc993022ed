"""Reads schema.org JobPosting: whatever real files hold where the type asks for something else."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from jobboard.templatetags.board import amount, day
from jobboard.text import fold
from listings.apply_fields import ApplyEmailField, ApplyLinkField
from listings.importing.json_ld import Node, bare, nodes_of
from listings.importing.postings import COLUMNS, MAX_POSTINGS, Broken, Posting, Where, fitting, is_text, one_line
from listings.importing.rich_text import sections, to_markdown
from listings.models import Vacancy
from listings.models.revisions import field_of
from listings.vacancy_form import LIKELY_PAY
from profiles.models import Level

TYPE = "JobPosting"
SOURCE = "jsonld"  # of postings whose identifier has no name
MAX_DESCRIPTION = 100_000
_GERMANY = {"de", "deu", "ger", "deutschland", "germany", "bundesrepublik deutschland", "allemagne"}
_UNITS = {
    "hour": "hour", "hourly": "hour", "hur": "hour", "stunde": "hour", "std": "hour",
    "month": "month", "monthly": "month", "mon": "month", "monat": "month", "monatlich": "month",
    "year": "year", "yearly": "year", "annual": "year", "ann": "year", "jahr": "year", "jahrlich": "year",
    "annually": "year",
}  # fmt: skip
_SHORT_UNITS = {"day": "Tag", "daily": "Tag", "tag": "Tag", "week": "Woche", "weekly": "Woche", "woche": "Woche"}
_TYPES = {
    "fulltime": "full", "vollzeit": "full", "parttime": "part", "teilzeit": "part",
    "temporary": "fixed_term", "befristet": "fixed_term", "permanent": "permanent", "unbefristet": "permanent",
    "festanstellung": "permanent", "feste anstellung": "permanent",
    "contractor": "free", "freelance": "free", "freiemitarbeit": "free", "perdiem": "free",
    "intern": "none", "internship": "none", "praktikum": "none", "volunteer": "none", "werkstudent": "none", "minijob": "none",
}  # fmt: skip
# "4.500 €", "4500-5200 EUR im Monat", "€ 48.000 – 52.000 brutto/Jahr", and nothing beside it
_EURO, _AMOUNT = r"\s*(?:€|eur\b|euro\b)?\s*", r"(\d[\d.,]*)"
_PAY = re.compile(
    rf"{_EURO}{_AMOUNT}{_EURO}(?:(?:-|–|—|bis){_EURO}{_AMOUNT}{_EURO})?"
    r"(?:brutto)?\s*(?:(?:/|pro\b|im\b|in der\b|je\b)\s*(\w+)\.?)?\s*(?:brutto)?",
    re.I,
)
_EDUCATION = {
    "professional certificate": "ausbildung",
    "bachelor degree": "bachelor",
    "bachelors degree": "bachelor",
    "bachelor": "bachelor",
    "postgraduate degree": "master",
    "master degree": "master",
    "master": "master",
    "no requirements": "",
    "high school": "",
}
_DEGREES = ["", "ausbildung", "meister", "bachelor", "master"]
_email, _link = ApplyEmailField(required=False), ApplyLinkField(required=False, max_length=400)


def read(text: str, progress: Callable[[int, int], None] = lambda done, total: None) -> list[Posting]:
    """All postings of a file. Raises Broken where one of them, or the file itself, cannot be read."""
    nodes = list(nodes_of(text))
    for number, node in enumerate(nodes, 1):
        if not isinstance(node.value, dict):
            raise Broken(f"Element {number} ist kein Objekt.", node.line)
    known = {str(node.value["@id"]): node.value for node in nodes if is_text(node.value.get("@id"))}
    found = [node for node in nodes if _is_a(node.value, TYPE)]
    if not found:
        raise Broken("In der Datei steht keine Stelle (JobPosting).")
    if len(found) > MAX_POSTINGS:
        raise Broken(f"In der Datei stehen mehr als {MAX_POSTINGS} Stellen; bitte teilen Sie sie.")
    postings = []
    for node in found:
        postings.append(_Reading(node, known).posting)
        progress(len(postings), len(found))
    return postings


def _is_a(value: dict, name: str) -> bool:
    types = value.get("@type")
    return any(isinstance(each, str) and bare(each) == name for each in (types if isinstance(types, list) else [types]))


def _key(text: str) -> str:
    """FULL_TIME, full-time, https://schema.org/FULL_TIME: fulltime."""
    return re.sub(r"[\W_]", "", fold(bare(text.strip())))


def _text(value: Any) -> str:
    """What a value says as text: itself, of several the German or first one, of an object its name."""
    for _ in range(4):
        if isinstance(value, list):
            german = [each for each in value if isinstance(each, dict) and str(each.get("@language")).startswith("de")]
            value = next((each for each in [*german, *value] if each), "")
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or ""
        else:
            break
    if isinstance(value, Decimal):
        return f"{value:f}" if value.adjusted() < 40 else ""
    return value if isinstance(value, str) else ""


def _number(value: Any) -> Decimal | None:
    """3500, "3.500,00", "45,000.00 €"; None for anything else, and for what is larger than any pay."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        digits = re.sub(r"[\s\u202f€]|EUR", "", value.strip())
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}", digits):
            digits = digits.replace(".", "").replace(",", ".")
        elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
            digits = digits.replace(",", "")
        value = Decimal(digits) if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", digits) else None
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() > 8:
        return None
    return value


def _day(value: Any) -> date | None:
    """The day in Berlin."""
    text = _text(value).strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d?-\d\d?", text):
            return parse_date(text)
        if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        moment = parse_datetime(text)
        if moment is None:
            return None
        return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).date()
    except (ValueError, OverflowError):
        return None


class _Reading:
    """One JobPosting on its way to a Posting; each method reads one thing that an ad says."""

    def __init__(self, node: Node, known: dict[str, dict]):
        self.data, self.known = node.value, known
        self.posting = Posting(line=node.line)
        self.says = self.posting.says = dict.fromkeys(COLUMNS)
        for name in COLUMNS:
            if not field_of(name).null:
                self.says[name] = field_of(name).get_default()
        if not is_text(self.text("title") or self.text("name")) and not is_text(self.text("description")):
            raise Broken("Diese Stelle hat weder Titel noch Beschreibung, die sich lesen lassen.", node.line)
        for read_one in (
            self.identity, self.firm, self.title, self.description, self.place, self.time, self.pay, self.demands,
            self.application, self.days,
        ):  # fmt: skip
            read_one()

    # What stands under a name

    def note(self, words: str) -> None:
        if words not in self.posting.notes:
            self.posting.notes.append(words)

    def fault(self, words: str) -> None:
        self.posting.faults.append(words)

    def text(self, name: str, data: dict | None = None) -> str:
        return _text((self.data if data is None else data).get(name))

    def line(self, name: str, data: dict | None = None) -> str:
        return one_line(self.text(name, data))

    def each(self, value: Any) -> Iterator[Any]:
        """The values of a property, whether one or several, and what stands elsewhere in the file under their @id."""
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and set(each) <= {"@id", "@type"} and isinstance(each.get("@id"), str):
                yield self.known.get(each["@id"], each)
            elif each not in (None, "", {}, []):
                yield each

    def short(self, column: str, text: str, label: str) -> None:
        """A column that an ad can do without: what is too long for it is left out."""
        if len(text) <= (field_of(column).max_length):
            self.says[column] = text
        else:
            self.note(f"{label}: länger als {field_of(column).max_length} Zeichen, deshalb weggelassen.")

    # Who, and which one

    def identity(self):
        name = value = ""
        for each in self.each(self.data.get("identifier")):
            if isinstance(each, dict):
                name, value = self.line("name", each) or self.line("propertyID", each), self.line("value", each)
            else:
                name, value = "", one_line(_text(each))
            if value:
                break
        if value:
            self.short("reference_number", value, "Kennziffer")
        value = value or self.line("url") or self.line("@id")
        if not value:
            self.fault("Ohne Kennung (identifier oder url) ließe sie sich beim nächsten Mal nicht wiedererkennen.")
        self.posting.source = fitting(name or SOURCE, 40)
        self.posting.external_id = fitting(value, 120)

    def firm(self):
        for each in self.each(self.data.get("hiringOrganization")):
            if isinstance(each, dict):
                self.posting.firm = self.line("name", each) or self.line("legalName", each)
                self.posting.firm_sites = [
                    site for name in ("sameAs", "url") for value in self.each(each.get(name)) if (site := _text(value))
                ]
            else:
                self.posting.firm = one_line(_text(each))
            return

    # What it says

    def title(self):
        title = self.line("title") or self.line("name")
        longest = field_of("title").max_length
        if not title:
            self.fault("Der Titel (title) fehlt.")
        elif len(title) > longest:
            self.fault(f"Der Titel hat {len(title)} Zeichen; möglich sind {longest}.")
        self.says["title"] = title

    def description(self):
        text = self.text("description")
        if len(text) > MAX_DESCRIPTION:
            self.fault(f"Die Beschreibung hat {len(text)} Zeichen; das kann keine Anzeige sein.")
            return
        parts = sections(text)
        said = {"tasks": parts.tasks, "profile": parts.profile, "offer": parts.offer}
        own = {"tasks": ["responsibilities"], "profile": ["qualifications"], "offer": ["jobBenefits", "benefits"]}
        for column, names in own.items():
            texts = [
                "\n\n".join(to_markdown(_text(value)) for value in self.each(self.data.get(name))) for name in names
            ]
            if any(texts) and (column not in parts.found or not said[column]):
                # What stands in a description without headings is the introduction to what is said apart.
                said[column] = "\n\n".join(filter(None, [said[column], *texts]))
                parts.found.add(column)
        for column, label in (("tasks", "Die Aufgaben"), ("profile", "Das Profil"), ("offer", "Das Angebot")):
            longest = field_of(column).max_length
            if len(said[column]) > longest:
                self.fault(f"{label}: {len(said[column])} Zeichen; möglich sind {longest}.")
            self.says[column] = said[column]
        if not text.strip():
            self.note("Die Beschreibung (description) fehlt.")
        elif not parts.found:
            self.note(
                "Aufgaben, Profil und Angebot waren an Überschriften nicht zu erkennen; der ganze Text steht bei den Aufgaben."
            )
        elif not said["profile"]:
            self.note("Was jemand mitbringen soll, war an keiner Überschrift zu erkennen; das Profil ist leer.")
        elif not said["tasks"]:
            self.note("Was zu tun ist, war an keiner Überschrift zu erkennen; die Aufgaben sind leer.")
        self.short(
            "skills", ", ".join(one_line(_text(each)) for each in self.each(self.data.get("skills"))), "Kenntnisse"
        )

    def demands(self):
        self.note(f"Das Niveau steht nicht in der Datei; angenommen ist „{Level(self.says['level']).label}“.")
        for each in self.each(self.data.get("experienceRequirements")):
            months = _number(each.get("monthsOfExperience")) if isinstance(each, dict) else None
            if months is not None and 0 <= months <= 480:
                self.says["months_of_experience"] = int(months) or None
            elif _key(_text(each)) not in ("norequirements", "keine", ""):
                self.note("Die Berufserfahrung (experienceRequirements) war nicht als Zahl zu lesen und fehlt.")
        degrees = set()
        for each in self.each(self.data.get("educationRequirements")):
            names = self.each(each.get("credentialCategory")) if isinstance(each, dict) else [each]
            for name in names:
                degree = " ".join(re.sub(r"[’'_]", "", _text(name)).lower().split())
                if degree in _EDUCATION:
                    degrees.add(_EDUCATION[degree])
                elif degree:
                    self.note("Der verlangte Abschluss (educationRequirements) ist hier keine Auswahl und fehlt.")
        self.says["education"] = min(degrees, key=_DEGREES.index, default="")
        instead = self.data.get("experienceInPlaceOfEducation")
        self.says["way_in"] = instead is True or (isinstance(instead, str) and _key(instead) == "true")

    # Where

    def place(self):
        is_remote = any(_key(_text(each)) == "telecommute" for each in self.each(self.data.get("jobLocationType")))
        if is_remote:
            self.says["workplace"] = Vacancy.Workplace.REMOTE
            areas = [one_line(_text(each)) for each in self.each(self.data.get("applicantLocationRequirements"))]
            if areas and not any(fold(area) in _GERMANY for area in areas):
                self.note(
                    f"Bewerben kann sich, wer hier lebt: {', '.join(areas)[:80]}. Das bildet diese Jobbörse nicht ab."
                )
        found: dict[Where, tuple[str, str]] = {}
        for each in self.each(self.data.get("jobLocation")):
            where, street, country = self._address(each)
            if country and fold(country) not in _GERMANY:
                self.fault(f"Der Arbeitsort liegt nicht in Deutschland ({country[:40]}).")
            elif where.name or where.code:
                found.setdefault(where, (street, country))
        if len(found) > 1:
            names = ", ".join(map(str, found))
            self.fault(f"Mehrere Arbeitsorte ({names[:200]}): Eine Anzeige hat genau einen; bitte je Ort eine Stelle.")
        elif found:
            where, (street, _) = next(iter(found.items()))
            self.posting.where = where
            self.says["postal_code"] = where.code
            self.short("street", street, "Straße")
        elif not is_remote and not self.posting.faults:
            self.note("Der Arbeitsort (jobLocation) fehlt.")

    def _address(self, value: Any) -> tuple[Where, str, str]:
        """(place, street, country) of a Place, a PostalAddress or a line of text."""
        address = value.get("address", value) if isinstance(value, dict) else value
        address = next(self.each(address), {})
        if not isinstance(address, dict):
            line = one_line(_text(address))
            if match := re.search(r"(?:^|[,\s])(?:D-)?(\d{5})\s+([^,]+)", line):
                return Where(match[2].strip(), match[1]), line[: match.start()].strip(" ,"), ""
            return Where(line[:120]), "", ""
        name, code = self.line("addressLocality", address), self.line("postalCode", address)
        if match := re.fullmatch(r"(?:D-?)?(\d{5})\s+(.+)", name):
            name, code = match[2], code or match[1]
        code = re.sub(r"^D[\s-]*", "", code)
        if re.fullmatch(r"\d{4}", code):
            code = f"0{code}"  # a spreadsheet has taken it for a number
        if code and not re.fullmatch(r"\d{5}", code):
            self.note("Die Postleitzahl hat nicht fünf Ziffern und fehlt.")
            code = ""
        region = self.line("addressRegion", address)[:60]
        return (
            Where(name[:120], code, region),
            self.line("streetAddress", address),
            self.line("addressCountry", address),
        )

    # How much

    def time(self):
        words = [
            _key(word)
            for each in self.each(self.data.get("employmentType"))
            for word in re.split(r"[,;|]", _text(each))
        ]
        kinds = {_TYPES.get(word) for word in words}
        is_employed = bool(kinds & {"full", "part"})
        if "none" in kinds or ("free" in kinds and not is_employed):  # an internship may be in full time
            self.fault("Die Art der Beschäftigung (employmentType) ist hier nicht vorgesehen.")
        elif "free" in kinds:
            self.note("Freie Mitarbeit ist hier nicht vorgesehen; übernommen ist die Anstellung.")
        if not is_employed and not self.posting.faults:
            self.note("Voll- oder Teilzeit steht nicht in der Datei; angenommen ist Vollzeit.")
        elif {"full", "part"} <= kinds:
            self.says["working_time"] = Vacancy.WorkingTime.BOTH
        elif "part" in kinds:
            self.says["working_time"] = Vacancy.WorkingTime.PART
        if "fixed_term" in kinds and "permanent" not in kinds:
            self.says["contract"] = Vacancy.Contract.FIXED_TERM
        self._hours()
        start = self.line("jobStartDate")
        begins = _day(start)
        now = self.data.get("jobImmediateStart")
        self.short("start", day(begins) if begins else start or ("ab sofort" if now is True else ""), "Beginn")

    def _hours(self):
        low, high = _hours(self.line("workHours"))
        time = self.says["working_time"]
        if high is None:
            if self.line("workHours"):
                self.note("Die Wochenstunden (workHours) waren nicht zu lesen.")
            return
        if time == Vacancy.WorkingTime.FULL:
            if not 30 <= high <= 48:
                self.note("Die Wochenstunden (workHours) passen nicht zu Vollzeit und fehlen.")
                return
            self.says["full_time_hours"] = high
            low = high if low is None else low
        self.says["hours_low"], self.says["hours_high"] = low, high

    def pay(self):
        problem, found = "", None
        for each in self.each(self.data.get("baseSalary")):
            found, problem = self._amount(each)
            if found:
                break
        if found:
            self.says["pay_low"], self.says["pay_high"], self.says["pay_unit"] = found
        elif problem:
            self.note(f"Gehalt weggelassen: {problem}.")
        elif self.data.get("estimatedSalary"):
            self.note("Gehalt weggelassen: nur eine Schätzung (estimatedSalary).")

    def _amount(self, salary: Any) -> tuple[tuple | None, str]:
        outer = salary if isinstance(salary, dict) else {"value": salary}
        value = next(self.each(outer.get("value")), None)
        inner = value if isinstance(value, dict) else {"value": value}
        stated = {**{name: outer.get(name) for name in ("minValue", "maxValue")}, **inner}
        one = inner.get("value")
        said = one_line(one) if isinstance(one, str) else ""
        match = _PAY.fullmatch(said)
        currency = self.line("currency", outer) or self.line("currency", inner) or self.line("salaryCurrency")
        if not currency and match and re.search(r"€|eur", said, re.I):
            currency = "EUR"
        if currency.upper() not in ("EUR", "€", "EURO"):
            return None, f"nicht in Euro ({currency[:20]})" if currency else "ohne Währung"
        least, most = (match[1], match[2] or match[1]) if match else (one, one)
        low = _number(stated.get("minValue")) or _number(least)
        high = _number(stated.get("maxValue")) or _number(most)
        if not low and not high:
            return None, "kein Betrag, der sich lesen lässt"
        unit = _key(self.text("unitText", inner) or self.text("unitText", outer) or self.text("unitCode", inner))
        beside = _key((match and match[3]) or "")
        if unit and beside and _UNITS.get(unit) != _UNITS.get(beside):
            return None, "für zwei verschiedene Zeiträume"
        unit = unit or beside
        if unit in _SHORT_UNITS:
            return None, f"für einen Zeitraum, den diese Jobbörse nicht kennt ({_SHORT_UNITS[unit]})"
        if unit not in _UNITS:
            return None, "ohne Zeitraum" if not unit else "für einen unbekannten Zeitraum"
        unit = _UNITS[unit]
        if low and high and low > high:
            return None, "das untere Ende liegt über dem oberen"
        lowest, highest = LIKELY_PAY[unit]
        for end in (low, high):
            if end and not lowest <= end <= highest:
                return None, f"{amount(end)} Euro {Vacancy.PayUnit(unit).label} sind nicht glaubhaft"
        if not (low and high):
            self.note("Vom Gehalt steht nur ein Ende in der Datei.")
        cents = Decimal("0.01")
        ends = [end.quantize(cents, ROUND_HALF_UP) if end else None for end in (low, high)]
        return (*ends, Vacancy.PayUnit(unit)), ""

    # How to apply, and until when

    def application(self):
        ways: list[tuple[str, str]] = []
        for each in self.each(self.data.get("applicationContact")):
            if isinstance(each, dict):
                ways += [("apply_url", self.line("url", each)), ("apply_email", self.line("email", each))]
                if _is_a(each, "Person") or not _is_a(each, "Organization"):
                    self.short("contact_name", self.line("name", each), "Ansprechperson")
            elif "@" in _text(each):
                ways.append(("apply_email", one_line(_text(each))))
        ways.append(("apply_url", self.line("url")))
        problems = []
        for column, value in ways:
            if not value:
                continue
            try:
                self.says[column] = (_email if column == "apply_email" else _link).clean(value)
                return
            except ValidationError as error:
                problems.append(f"Weg der Bewerbung weggelassen: {' '.join(error.messages)}")
        for problem in problems[:1]:
            self.note(problem)

    def days(self):
        self.posting.first_day = _day(self.data.get("datePosted"))
        stated = self.text("validThrough").strip()
        self.posting.last_day = _day(stated)
        if not stated:
            self.note("Der letzte Tag (validThrough) fehlt.")
        elif self.posting.last_day is None:
            self.note("Der letzte Tag (validThrough) war nicht zu lesen.")


def _hours(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Weekly hours: "38,5 Stunden pro Woche" (None, 38.5), "20-30 h" (20, 30); times of day are none."""
    number = r"(\d{1,2}(?:[.,]\d{1,2})?)"
    unit = r"(?:(?:wochen)?stunden|std\.?|h|hours?|hrs?)?(?:[\s/]*(?:pro|per|in der|je|a|/)?\s*(?:woche|week|wo\.?))?"
    match = re.fullmatch(rf"{number}(?:\s*(?:-|–|bis|to)\s*{number})?\s*{unit}\.?", text.strip(), re.I)
    if not match:
        return None, None
    low, high = (Decimal(each.replace(",", ".")) if each else None for each in match.groups())
    if high is None:
        low, high = None, low
    if high is None or not 1 <= high <= 48 or (low is not None and not 1 <= low <= high):
        return None, None
    return low, high
