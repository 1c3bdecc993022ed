"""schema.org for search engines: the same statements as the page, no more and no less."""

import json
from datetime import datetime, time
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from jobboard.text import markdown

UNITS = {"hour": "HOUR", "month": "MONTH", "year": "YEAR"}
CREDENTIALS = {
    "ausbildung": "professional certificate",
    "meister": "professional certificate",
    "bachelor": "bachelor degree",
    "master": "postgraduate degree",
}
GERMANY = {"@type": "Country", "name": "Deutschland"}
# Where the classifications of occupations put this one; city pages say so to people too (_occupation.html).
CATEGORIES = [
    ("KldB 2010", "43323", "Berufe in der IT-Koordination – komplexe Spezialistentätigkeiten"),
    ("ISCO-08", "2519", ""),
]


def _script(data: dict) -> SafeString:
    """JSON that can stand inside a script element whatever its strings hold."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, default=_plain)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return mark_safe(text)  # noqa: S308 (every character that could end the script is escaped)


def _plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    raise TypeError(type(value))


def description(vacancy) -> str:
    """The ad's text as sanitised HTML, under the page's own headings."""
    parts = [("Aufgaben", vacancy.tasks), ("Profil", vacancy.profile), ("Angebot", vacancy.offer)]
    return "".join(f"<h2>{escape(heading)}</h2>{markdown(text)}" for heading, text in parts if text.strip())


def vacancy(vacancy) -> SafeString | str:
    """JobPosting; empty while the ad lacks what the type requires."""
    return _script(_posting(vacancy)) if _is_posting(vacancy) else ""


def _is_posting(vacancy) -> bool:
    return bool(vacancy.pk and vacancy.last_day and vacancy.pay_low and vacancy.tasks)


def reading(vacancy) -> dict:
    """What machines make of an ad that is being written: `title`, `json`, and `problems` (field or "", text)."""
    title = f"{vacancy}, {vacancy.location}" if vacancy.location else str(vacancy)
    data = json.dumps(_posting(vacancy), ensure_ascii=False, indent=2, default=_plain) if _is_posting(vacancy) else ""
    return {"title": f"{title} · Koordinaten", "json": data, "problems": problems(vacancy)}


def problems(vacancy) -> list[tuple[str, str]]:
    """What search engines for jobs ask for or recommend and do not find: the field ("" for the firm's) and what to say."""
    found = []
    if not vacancy.title:
        found.append(("title", "Ohne Titel gibt es nichts zu finden."))
    if not vacancy.tasks:
        found.append(("tasks", "Ohne Aufgaben fehlt die Beschreibung; sie ist Pflicht."))
    if not vacancy.is_remote and not vacancy.place:
        found.append(("place_name", "Ohne Ort ordnet keine Suchmaschine die Stelle einer Gegend zu; er ist Pflicht."))
    elif not vacancy.is_remote and not vacancy.postal_code:
        found.append(("postal_code", "Ohne Postleitzahl bleibt der Arbeitsort ungenau; sie wird empfohlen."))
    elif not vacancy.is_remote and not vacancy.street:
        found.append(("street", "Ohne Straße fehlt die genaue Anschrift; sie wird empfohlen."))
    if not (vacancy.pay_low and vacancy.pay_high):
        found.append(("pay_low", "Ohne Gehalt zeigen viele Suchen die Stelle ohne Spanne."))
    if not vacancy.last_day:
        found.append(("last_day", "Ohne letzten Tag weiß keine Maschine, wie lange die Stelle gilt."))
    if vacancy.employer_id and not vacancy.employer.website:
        found.append(("", "Ohne Website in den Angaben zur Firma lässt sich nicht erkennen, wer sie ist."))
    return found


def _posting(vacancy) -> dict:
    last_day = min(filter(None, [vacancy.last_day, vacancy.apply_until]))
    organization = {"@type": "Organization", "name": vacancy.employer.name}
    if vacancy.employer.website:
        organization["sameAs"] = vacancy.employer.website
    if vacancy.employer.logo_id:
        organization["logo"] = settings.BASE_URL + vacancy.employer.logo_url
    types = {"full": ["FULL_TIME"], "part": ["PART_TIME"], "both": ["FULL_TIME", "PART_TIME"]}[vacancy.working_time]
    if vacancy.contract == vacancy.Contract.FIXED_TERM:
        types = [*types, "TEMPORARY"]
    data = {
        "@type": "JobPosting",
        "title": vacancy.title,
        "description": description(vacancy),
        # The day it was first to be read; publishing sets it once.
        "datePosted": (vacancy.first_day or timezone.localdate()).isoformat(),
        "validThrough": timezone.make_aware(datetime.combine(last_day, time(23, 59, 59))).isoformat(),
        "hiringOrganization": organization,
        "employmentType": types,
        "identifier": {
            "@type": "PropertyValue",
            "name": vacancy.employer.name,
            "value": vacancy.reference_number or str(vacancy.pk),
        },
        "directApply": False,
        "url": settings.BASE_URL + vacancy.get_absolute_url(),
        "baseSalary": _amount(vacancy.pay_low, vacancy.pay_high, vacancy.pay_unit),
    }
    if vacancy.is_remote:
        data |= {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": [GERMANY]}
    elif vacancy.place:
        address = {
            "@type": "PostalAddress",
            "streetAddress": vacancy.street,
            "postalCode": vacancy.postal_code,
            "addressLocality": vacancy.place.name,
            "addressRegion": vacancy.place.get_land_display(),
            "addressCountry": "DE",
        }
        data["jobLocation"] = {"@type": "Place", "address": {key: value for key, value in address.items() if value}}
    if vacancy.months_of_experience:
        data["experienceRequirements"] = {
            "@type": "OccupationalExperienceRequirements",
            "monthsOfExperience": vacancy.months_of_experience,
        }
    if vacancy.education:
        data["educationRequirements"] = {
            "@type": "EducationalOccupationalCredential",
            "credentialCategory": CREDENTIALS[vacancy.education],
        }
        if vacancy.way_in:
            data["experienceInPlaceOfEducation"] = True
    return data


def _amount(low, high, unit: str, **more) -> dict:
    """A range in EUR; what is not stated (an end, the unit, anything in `more`) is left out."""
    value = {"@type": "QuantitativeValue", "minValue": low, "maxValue": high, "unitText": UNITS.get(unit)}
    return {"@type": "MonetaryAmount", "currency": "EUR", "value": _stated(value), **_stated(more)}


def _stated(data: dict) -> dict:
    return {key: value for key, value in data.items() if value not in (None, "")}


def crumbs(city) -> list[tuple[str, str]]:
    """The way from home to the page of `city`: names and addresses, for people and machines."""
    return [
        ("Start", reverse("listings:home")),
        ("Städte", reverse("listings:cities")),
        (city.place.name, reverse("listings:city", args=[city.slug])),
    ]


def city(edition, figures) -> SafeString:
    """Where one is (BreadcrumbList) and what the profession pays there (Occupation); ranges, never percentiles."""
    place = edition.city.place
    way = [(name, settings.BASE_URL + address) for name, address in crumbs(edition.city)]
    occupation = {
        "@type": "Occupation",
        "name": "IT-Projektkoordinator/in",
        "description": edition.lead,
        "mainEntityOfPage": way[-1][1],
        "occupationalCategory": [
            _stated(
                {
                    "@type": "CategoryCode",
                    "codeValue": code,
                    "name": name,
                    "inCodeSet": {"@type": "CategoryCodeSet", "name": code_set},
                }
            )
            for code_set, code, name in CATEGORIES
        ],
        "occupationLocation": [
            {
                "@type": "City",
                "name": place.name,
                "containedInPlace": {"@type": "State", "name": place.get_land_display()},
            }
        ],
    }
    if figures:
        occupation["estimatedSalary"] = [
            _amount(figure.low, figure.high, figure.period, name=figure.label, description=_limits(figure))
            for figure in figures
        ]
    breadcrumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(way, 1)
        ],
    }
    return _script({"@graph": [occupation, breadcrumbs]})


def _limits(figure) -> str:
    """How the text qualifies a figure, and whether it means gross or net where it says so."""
    gross = figure.get_gross_display() if figure.gross else ""
    return ", ".join(filter(None, [figure.qualifier, gross]))


def site() -> SafeString:
    url = f"{settings.BASE_URL}/"
    organization = {"@type": "Organization", "@id": f"{url}#organization", "name": "Koordinaten", "url": url}
    website = {
        "@type": "WebSite",
        "name": "Koordinaten",
        "url": url,
        "inLanguage": "de",
        "publisher": {"@id": organization["@id"]},
    }
    return _script({"@graph": [website, organization]})
