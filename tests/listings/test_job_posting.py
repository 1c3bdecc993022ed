"""What is read of schema.org JobPosting as it is found in the wild, and what is refused."""

import json
import tomllib
from datetime import date
from decimal import Decimal
from html import escape, unescape

import nh3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobboard.text import markdown
from listings import structured_data
from listings.importing.job_posting import read
from listings.importing.postings import MAX_BYTES, Broken, decoded, load
from listings.importing.rich_text import section_of, sections, to_markdown
from listings.models import Vacancy
from profiles.reference import FIXTURES
from tests.posting import posting


def read_one(**fields):
    (found,) = read(json.dumps(posting(**fields)))
    return found


def says(**fields):
    return read_one(**fields).says


# Where postings stand


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, one]},
        lambda one: [{"@graph": [one]}],
        lambda one: {"@graph": {"@graph": [one]}},
        lambda one: {"@type": "WebPage", "mainEntity": one},
        lambda one: {"@graph": [{"@type": ["WebPage", "ItemPage"], "mainEntity": [one]}]},
        lambda one: {
            "@type": "ItemList",
            "itemListElement": [{"@type": "ListItem", "position": 1, "item": one}, "https://a.de"],
        },
        lambda one: {"@type": "CollectionPage", "mainEntity": {"itemListElement": one}},
        lambda one: {**one, "@type": ["JobPosting", "Thing"]},
        lambda one: {**one, "@type": "schema:JobPosting"},
        lambda one: {**one, "@type": "http://schema.org/JobPosting"},
        lambda one: {f"schema:{name}" if name[0] != "@" else name: value for name, value in one.items()},
    ],
)
def test_a_posting_is_found_wherever_it_stands(wrap):
    (found,) = read(json.dumps(wrap(posting())))
    assert (found.title, found.identity, found.faults) == (
        "IT-Projektkoordination (m/w/d)",
        ("Hasewerk GmbH", "4711"),
        [],
    )


def test_a_page_is_read_for_the_json_that_it_holds():
    script = json.dumps(posting()).replace("<", "\\u003c")
    page = (
        "<!DOCTYPE html>\n<html><!-- <script type='application/ld+json'>{kaputt</script> -->\n<script>var a = {};</script>\n"
        f'<script type="application/ld+json">{{"@type": "BreadcrumbList"}}</script>\n<SCRIPT type=application/ld+json>{script}</SCRIPT></html>'
    )
    (found,) = read(page)
    assert (found.line, found.says["title"]) == (5, "IT-Projektkoordination (m/w/d)")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<![CDATA[", "]]>"), ("<!--\n", "\n-->"), ("\n//<![CDATA[\n", "\n//]]>\n"), ("/*<![CDATA[*/ ", " /*]]>*/"),
        ("// <!--\n", "\n// -->"),
    ],
)  # fmt: skip
def test_what_hides_json_from_old_browsers_is_passed_over(before, after):
    script = before + json.dumps([posting(), posting(title="Zweite (m/w/d)")], indent=1) + after
    for text in (script, f'<html>\n<script type="application/ld+json">{script}</script><p>--></p></html>'):
        assert [each.title for each in read(text)] == ["IT-Projektkoordination (m/w/d)", "Zweite (m/w/d)"]
    with pytest.raises(Broken, match="nach dem Ende"):
        read(script + after)
    with pytest.raises(Broken, match="nach dem Ende"):
        read(json.dumps(posting()) + "]]>")


def test_each_posting_of_a_list_knows_its_line():
    items = [{"@type": "ListItem", "item": posting()} for _ in range(2)]
    text = json.dumps({"@type": "ItemList", "itemListElement": items}, indent=1)
    starts = [number for number, line in enumerate(text.splitlines(), 1) if '"@type": "ListItem"' in line]
    assert [each.line + 1 for each in read(text)] == starts


def test_broken_json_on_a_page_tells_the_line_of_the_page():
    with pytest.raises(Broken) as error:
        read('<html>\n<script type="application/ld+json">\n{"@type": "JobPosting",\n}\n</script>')
    assert error.value.line == 4


def test_each_posting_knows_its_line():
    text = json.dumps({"@context": "https://schema.org", "@graph": [posting(), posting()]}, indent=1)
    starts = [number for number, line in enumerate(text.splitlines(), 1) if '"@type": "JobPosting"' in line]
    assert [each.line + 2 for each in read(text)] == starts


def test_what_stands_elsewhere_in_the_graph_is_found_by_its_id():
    graph = [
        posting(hiringOrganization={"@id": "#firma"}),
        {"@id": "#firma", "@type": "Organization", "name": "Hasewerk GmbH"},
    ]
    (found,) = read(json.dumps({"@graph": graph}))
    assert found.firm == "Hasewerk GmbH"


# What is refused, with the line


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "hier fehlt ein Wert"),
        ("stellen", 1, "hier fehlt ein Wert"),
        ('[{"@type": "JobPosting"},\n{"a" 1}]', 2, "Doppelpunkt"),
        ('[\n{"a": 1}\n{"b": 2}]', 3, "Komma"),
        ('{"a": "b\nc"}', 1, "Zeilenumbruch"),
        ('{"a": "b', 1, "hört nicht auf"),
        ('{"@graph": [{},\n{]}', 2, "Name"),
        ('{"@graph": [1,\n', 2, "hier fehlt ein Wert"),
        ('{"a": 1,}', 1, "JSON"),
        ("{}\n{}", 2, "nach dem Ende"),
        ('[{},\n{"title": 1, "title": 2}]', 2, "zweimal"),
        ('{"title": 1,\n"schema:title": 2}', 1, "zweimal"),
        ('[\n{"a": NaN}]', 2, "keine Zahl"),
        ('{"a": -Infinity}', 1, "keine Zahl"),
        ("[{},\n" + "[" * 100_000, 2, "verschachtelt"),
        ('{"a":' * 100_000, 1, "verschachtelt"),
        ('[{},\n"JobPosting"]', 2, "kein Objekt"),
        ("[null]", 1, "kein Objekt"),
        ("4", 1, "kein Objekt"),
        ("[]", 0, "keine Stelle"),
        ('{"@type": "Product", "title": "Kran"}', 0, "keine Stelle"),
        ('[{"@type": "Thing"},\n{"@type": "JobPosting", "title": {}, "description": [[]]}]', 2, "weder Titel noch"),
        ("<html><p>Stellen</p></html>", 0, "keine Stelle"),
        ("<!--" + " " * 300_000, 0, "keine Stelle"),
        ("<!--{}--> " + " " * 300_000 + "x", 1, "nach dem Ende"),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 0, "keine Stelle"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text, line, words):
    with pytest.raises(Broken) as error:
        read(text)
    assert error.value.line == line
    assert words in str(error.value)


def test_a_file_of_too_many_postings_is_refused(monkeypatch):
    monkeypatch.setattr("listings.importing.job_posting.MAX_POSTINGS", 2)
    with pytest.raises(Broken, match="mehr als 2 Stellen"):
        read(json.dumps([posting()] * 3))


def test_a_file_must_be_readable_text(tmp_path):
    latin = b'{"title":\n"M\xfcller"}'
    for data, line in [(latin, 2), ("{}".encode("utf-16"), 1), (b'{\n"a": "\x00"}', 2), (b" " * (MAX_BYTES + 1), 0)]:
        with pytest.raises(Broken) as error:
            decoded(data)
        assert error.value.line == line
    assert decoded(b"\xef\xbb\xbf{}") == "{}"
    for path in (tmp_path, tmp_path / "fehlt.json", tmp_path / "fehlt" / "a.json"):
        with pytest.raises(Broken):
            load(path)


def test_a_file_without_permission_is_refused_in_words(tmp_path, monkeypatch):
    path = tmp_path / "geheim.json"
    path.write_text("{}")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(Broken, match="lässt sich nicht lesen"):
        load(path)


# Each statement


@pytest.mark.parametrize(
    ("identifier", "url", "source", "number"),
    [
        ({"@type": "PropertyValue", "name": "Personalwolke", "value": "A-1"}, None, "Personalwolke", "A-1"),
        ({"value": 4711}, None, "jsonld", "4711"),
        ("A-1", None, "jsonld", "A-1"),
        ([{"value": ""}, {"value": "A-2", "name": "X"}], None, "X", "A-2"),
        (None, "https://firma.de/jobs/1", "jsonld", "https://firma.de/jobs/1"),
    ],
)
def test_a_posting_is_known_by_its_identifier_or_address(identifier, url, source, number):
    found = read_one(identifier=identifier, url=url)
    assert found.identity == (source, number)


def test_a_posting_without_identity_is_a_fault():
    assert "wiedererkennen" in read_one(identifier=None, url=None).faults[0]


def test_a_long_identity_stays_one_of_its_own():
    first, second = (read_one(identifier={"name": "N" * 60, "value": f"{'x' * 200}{end}"}) for end in "ab")
    assert first.identity != second.identity
    assert (len(first.source), len(first.external_id)) == (40, 120)


@pytest.mark.parametrize(
    ("salary", "pay"),
    [
        (
            {"currency": "EUR", "value": {"minValue": 3500, "maxValue": 4200, "unitText": "MONTH"}},
            (3500, 4200, "month"),
        ),
        ({"currency": "EUR", "value": {"value": "48.000,50", "unitText": "year"}}, ("48000.5", "48000.5", "year")),
        ({"currency": "eur", "value": 21.5, "unitText": "HOUR"}, ("21.5", "21.5", "hour")),
        (
            {"currency": "EUR", "value": [{"minValue": "45,000", "maxValue": "50,000.00", "unitText": "YEAR"}]},
            (45000, 50000, "year"),
        ),
        (
            {"currency": "EUR", "minValue": 3500, "maxValue": 4000, "value": {"unitText": "MONTH"}},
            (3500, 4000, "month"),
        ),
        (
            [{"currency": "USD", "value": 9}, {"currency": "EUR", "value": {"value": 4000, "unitCode": "MON"}}],
            (4000, 4000, "month"),
        ),
        ({"currency": "EUR", "value": {"minValue": 3500, "unitText": "MONTH"}}, (3500, None, "month")),
        ({"value": {"value": "4.500 €", "unitText": "MONTH"}}, (4500, 4500, "month")),
        ({"currency": "EUR", "value": {"value": "4500-5200", "unitText": "MONTH"}}, (4500, 5200, "month")),
        ("4500-5200 EUR pro Monat", (4500, 5200, "month")),
        ("€ 48.000 – € 52.000 brutto im Jahr", (48000, 52000, "year")),
        ("21,50 bis 24,00 Euro/Std.", ("21.5", 24, "hour")),
    ],
)
def test_pay_is_read_as_it_is_stated(salary, pay):
    said = says(baseSalary=salary)
    low, high, unit = pay
    assert (said["pay_low"], said["pay_high"], said["pay_unit"]) == (
        Decimal(low),
        None if high is None else Decimal(high),
        unit,
    )


@pytest.mark.parametrize(
    ("salary", "words"),
    [
        ({"currency": "USD", "value": {"value": 4000, "unitText": "MONTH"}}, "nicht in Euro (USD)"),
        ({"value": {"value": 4000, "unitText": "MONTH"}}, "ohne Währung"),
        (4000, "ohne Währung"),
        ("4500-5200 pro Monat", "ohne Währung"),
        ("4.500 €", "ohne Zeitraum"),
        ("4.500 $ pro Monat", "ohne Währung"),
        ({"currency": "EUR", "value": "ab 4.500 € im Monat"}, "kein Betrag"),
        ({"currency": "EUR", "value": "4.500 € im Monat + Bonus"}, "kein Betrag"),
        ({"currency": "EUR", "value": "4.500 €/5.000 € im Monat"}, "kein Betrag"),
        ({"currency": "EUR", "value": "900 € pro Woche"}, "Woche"),
        ({"value": {"value": "4.500 € pro Monat", "unitText": "YEAR"}}, "zwei verschiedene"),
        ("5.200-4.500 € im Monat", "über dem oberen"),
        ({"currency": "EUR", "value": {"value": 300, "unitText": "DAY"}}, "Tag"),
        ({"currency": "EUR", "value": {"value": 900, "unitText": "WEEK"}}, "Woche"),
        ({"currency": "EUR", "value": {"value": 4000}}, "ohne Zeitraum"),
        ({"currency": "EUR", "value": {"value": 4000, "unitText": "FORTNIGHT"}}, "unbekannten Zeitraum"),
        ({"currency": "EUR", "value": {"value": 4000, "unitText": "HOUR"}}, "nicht glaubhaft"),
        ({"currency": "EUR", "value": {"minValue": 5000, "maxValue": 4000, "unitText": "MONTH"}}, "über dem oberen"),
        ({"currency": "EUR", "value": {"value": "nach Tarif", "unitText": "MONTH"}}, "kein Betrag"),
        ({"currency": "EUR", "value": {"value": -1, "unitText": "MONTH"}}, "nicht glaubhaft"),
        ({"currency": "EUR", "value": {"value": 0, "unitText": "MONTH"}}, "kein Betrag"),
    ],
)
def test_pay_that_is_not_certain_is_dropped_with_the_reason(salary, words):
    found = read_one(baseSalary=salary)
    assert found.says["pay_low"] is None
    assert any(words in note for note in found.notes), found.notes


@pytest.mark.parametrize("number", ["1e999", "1e99999999999999999999", "9" * 5000, "-0.0", "1e-400"])
def test_huge_numbers_are_no_pay(number):
    text = json.dumps(posting(baseSalary={"currency": "EUR", "value": {"value": "X", "unitText": "MONTH"}}))
    (found,) = read(text.replace('"X"', number))
    assert found.says["pay_low"] is None


def test_an_estimate_is_no_pay_and_that_is_told():
    estimate = {"currency": "EUR", "value": {"value": 4000, "unitText": "MONTH"}}
    found = read_one(baseSalary=None, estimatedSalary=estimate)
    assert found.says["pay_low"] is None
    assert "Gehalt weggelassen: nur eine Schätzung (estimatedSalary)." in found.notes


@pytest.mark.parametrize(
    ("types", "time", "contract"),
    [
        ("FULL_TIME", "full", "permanent"),
        ("full-time", "full", "permanent"),
        ("https://schema.org/PART_TIME", "part", "permanent"),
        (["FULL_TIME", "PART_TIME"], "both", "permanent"),
        ("Vollzeit, Teilzeit", "both", "permanent"),
        (["PART_TIME", "TEMPORARY"], "part", "fixed_term"),
        (["FULL_TIME", "CONTRACTOR"], "full", "permanent"),
        ([{"@value": "TEILZEIT"}], "part", "permanent"),
    ],
)
def test_the_kind_of_employment(types, time, contract):
    said = says(employmentType=types)
    assert (said["working_time"], said["contract"]) == (time, contract)


def test_an_unknown_kind_of_employment_is_assumed_aloud_and_a_foreign_one_left_out():
    assert any("angenommen ist Vollzeit" in note for note in read_one(employmentType="OTHER").notes)
    assert any("angenommen ist Vollzeit" in note for note in read_one(employmentType=None).notes)
    for kind in ("INTERN", ["FULL_TIME", "INTERN"], "CONTRACTOR", "Teilzeit, Werkstudent"):
        assert "nicht vorgesehen" in read_one(employmentType=kind).faults[0]


@pytest.mark.parametrize(
    ("hours", "time", "low", "high"),
    [
        ("38,5 Stunden pro Woche", "FULL_TIME", "38.5", "38.5"),
        ("40 hours per week", "FULL_TIME", "40", "40"),
        ("40h/Woche", "FULL_TIME", "40", "40"),
        ("20-30 Std.", "PART_TIME", "20", "30"),
        (25, "PART_TIME", None, "25"),
        ("9:00-17:00", "FULL_TIME", None, None),
        ("Mo-Fr", "FULL_TIME", None, None),
        ("flexibel", "PART_TIME", None, None),
        ("20", "FULL_TIME", None, None),
        ("80", "PART_TIME", None, None),
    ],
)
def test_hours_are_read_where_they_are_certain(hours, time, low, high):
    said = says(workHours=hours, employmentType=time)
    assert (said["hours_low"], said["hours_high"]) == tuple(each and Decimal(each) for each in (low, high))


@pytest.mark.parametrize(
    ("stated", "last_day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31T23:59:59+01:00", date(2026, 12, 31)),
        ("2026-12-31T23:30:00Z", date(2027, 1, 1)),
        ("2026-12-31T22:59:59.000Z", date(2026, 12, 31)),
        ("2026-12-31T18:00", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("2026-13-45", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("0001-01-01T00:00:00+12:00", None),
        ("bald", None),
        (20261231, date(2026, 12, 31)),
        ({"@value": "2026-12-31"}, date(2026, 12, 31)),
    ],
)
def test_the_last_day_is_a_day_in_berlin(stated, last_day):
    assert read_one(validThrough=stated).last_day == last_day


@pytest.mark.parametrize(
    ("location", "where", "street"),
    [
        ({"address": {"addressLocality": "Hamm", "postalCode": "59065", "addressCountry": "DE"}}, "59065 Hamm", ""),
        (
            {"address": {"addressLocality": "Hamm", "addressRegion": "NRW", "addressCountry": {"name": "Deutschland"}}},
            "Hamm, NRW",
            "",
        ),
        (
            {"address": {"addressLocality": "Dresden", "postalCode": 1067, "addressCountry": "Germany"}},
            "01067 Dresden",
            "",
        ),
        ({"address": {"addressLocality": "D-49074 Osnabrück"}}, "49074 Osnabrück", ""),
        ({"address": "Markt 1, 49074 Osnabrück, Deutschland"}, "49074 Osnabrück", "Markt 1"),
        ({"@type": "PostalAddress", "addressLocality": "Hagen", "streetAddress": "Markt 1"}, "Hagen", "Markt 1"),
        ("Berlin (Remote)", "Berlin (Remote)", ""),
        ([{"address": {"addressLocality": "Hagen"}}, {"address": {"addressLocality": "Hagen"}}], "Hagen", ""),
    ],
)
def test_a_place_of_work_is_read_however_it_is_written(location, where, street):
    found = read_one(jobLocation=location)
    assert (str(found.where), found.says["street"], found.faults) == (where, street, [])


def test_several_places_and_foreign_ones_are_left_to_people():
    places = [{"address": {"addressLocality": name}} for name in ("Hagen", "Hamm")]
    assert "Hagen, Hamm" in read_one(jobLocation=places).faults[0]
    assert "(AT)" in read_one(jobLocation={"address": {"addressLocality": "Wien", "addressCountry": "AT"}}).faults[0]


def test_telecommute_is_fully_remote_and_needs_no_place():
    found = read_one(jobLocation=None, jobLocationType="TELECOMMUTE")
    assert (found.where, found.says["workplace"], found.faults) == (None, "remote", [])


@pytest.mark.parametrize(
    ("fields", "column", "value"),
    [
        ({"experienceRequirements": {"monthsOfExperience": 24}}, "months_of_experience", 24),
        ({"experienceRequirements": {"monthsOfExperience": "36"}}, "months_of_experience", 36),
        ({"experienceRequirements": "mehrere Jahre"}, "months_of_experience", None),
        ({"educationRequirements": {"credentialCategory": "bachelor degree"}}, "education", "bachelor"),
        ({"educationRequirements": [{"credentialCategory": ["postgraduate degree", "bachelor degree"]}]}, "education", "bachelor"),
        ({"educationRequirements": {"credentialCategory": "professional certificate"}}, "education", "ausbildung"),
        ({"educationRequirements": "Abitur"}, "education", ""),
        ({"experienceInPlaceOfEducation": True}, "way_in", True),
        ({"experienceInPlaceOfEducation": "nein"}, "way_in", False),
        ({"jobStartDate": "2027-04-01"}, "start", "1. April 2027"),
        ({"jobImmediateStart": True}, "start", "ab sofort"),
        ({"title": "<b>IT-Koordination</b>\n&amp; Planung (m/w/d)"}, "title", "IT-Koordination & Planung (m/w/d)"),
        ({"skills": ["Jira", {"name": "ERP"}]}, "skills", "Jira, ERP"),
        ({"applicationContact": {"email": "jobs@hasewerk.de", "name": "Carla Conrad"}}, "apply_email", "jobs@hasewerk.de"),
        ({"applicationContact": {"email": "jobs@hasewerk.de", "name": "Carla Conrad"}}, "contact_name", "Carla Conrad"),
        ({"applicationContact": {"url": "https://hasewerk.de/los"}}, "apply_url", "https://hasewerk.de/los"),
        ({"applicationContact": None, "url": "https://hasewerk.de/jobs/1"}, "apply_url", "https://hasewerk.de/jobs/1"),
        ({"applicationContact": None, "url": "javascript:alert(1)"}, "apply_url", ""),
        ({"applicationContact": None, "url": "http://10.0.0.1/"}, "apply_url", ""),
    ],
)  # fmt: skip
def test_each_statement_becomes_a_column(fields, column, value):
    assert says(**fields)[column] == value


def test_what_is_too_long_is_told_and_never_cut():
    assert "Titel hat 120 Zeichen" in read_one(title="x" * 120).faults[0]
    assert "Beschreibung hat" in read_one(description="x" * 200_000).faults[0]
    assert "Aufgaben: " in read_one(description=f"<p>{'lang ' * 2000}</p>").faults[0]
    long = read_one(skills="x" * 400)
    assert long.says["skills"] == ""
    assert any("Kenntnisse: länger als 300 Zeichen" in note for note in long.notes)


# Descriptions


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Ihre Aufgaben", "tasks"), ("Deine Aufgaben bei uns:", "tasks"), ("Was Sie erwartet", "tasks"),
        ("AUFGABENGEBIET", "tasks"), ("Ihr Profil", "profile"), ("Das bringen Sie mit:", "profile"),
        ("Was Sie mitbringen sollten", "profile"), ("Anforderungsprofil", "profile"), ("Qualifikationen", "profile"),
        ("Wir bieten Ihnen", "offer"), ("Was wir bieten", "offer"), ("Das erwartet Sie bei uns", "offer"),
        ("Deine Benefits", "offer"), ("Unser Angebot", "offer"), ("Über uns", ""), ("Kontakt", ""),
        ("Your responsibilities", "tasks"), ("What we offer", "offer"),
    ],
)  # fmt: skip
def test_headings_name_the_part_of_an_ad(heading, section):
    assert section_of(heading) == section


@pytest.mark.parametrize(
    "text",
    [
        "<p>Vorweg.</p><h2>Ihre Aufgaben</h2><ul><li>eins</li><li>zwei</li></ul><h2>Ihr Profil</h2><p>Mut</p><h2>Wir bieten</h2><p>Zeit</p>",
        "<p>Vorweg.</p><p><strong>Ihre Aufgaben:</strong></p><ul><li>eins</li><li>zwei</li></ul><p><b>Ihr Profil</b></p><p>Mut</p><p><b>Wir bieten</b></p>Zeit",
        "Vorweg.<br><br><b>Ihre Aufgaben</b><br>• eins<br>• zwei<br><b>Ihr Profil</b><br>Mut<br><b>Wir bieten</b><br>Zeit",
        "Vorweg.\n\nIhre Aufgaben:\n- eins\n- zwei\n\nIhr Profil:\nMut\n\nWir bieten:\nZeit",
        "&lt;p&gt;Vorweg.&lt;/p&gt;&lt;h3&gt;Aufgaben&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;eins&lt;li&gt;zwei&lt;/ul&gt;&lt;h3&gt;Profil&lt;/h3&gt;Mut&lt;h3&gt;Angebot&lt;/h3&gt;Zeit",
    ],
)  # fmt: skip
def test_a_description_is_cut_at_its_headings_however_they_look(text):
    found = sections(text)
    assert (found.tasks, found.profile, found.offer) == ("Vorweg.\n\n- eins\n- zwei", "Mut", "Zeit")


def test_without_headings_all_is_a_task_and_the_note_says_so():
    found = read_one(description="<p>Sie koordinieren.</p><p>Zu Ihrem Profil gehört Mut, und wir bieten Zeit.</p>")
    assert found.says["tasks"].startswith("Sie koordinieren.")
    assert (found.says["profile"], found.says["offer"]) == ("", "")
    assert any("nicht zu erkennen" in note for note in found.notes)


def test_parts_that_stand_apart_are_taken_from_there():
    said = says(
        description="<p>Wir sind klein.</p>",
        responsibilities="<ul><li>Planen</li></ul>",
        qualifications="Mut",
        jobBenefits="Zeit",
    )
    assert (said["tasks"], said["profile"], said["offer"]) == ("Wir sind klein.\n\n- Planen", "Mut", "Zeit")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a&nbsp;&amp;&nbsp;b &euro; &lt;c&gt;</p>", "a & b € <c>"),
        ("<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li><p>d</p><p>e</p></li></ul>", "- a\n  - b\n    1. c\n- d\n  e"),
        ("<p><b>Wichtig:</b> <i>sehr</i> <a href='https://a.de/x_y'>hier</a></p>", "**Wichtig:** *sehr* [hier](https://a.de/x_y)"),
        ("<p>fett<b>er</b> und<b> Luft </b>darin</p>", "fett**er** und **Luft** darin"),
        ("<p>Kolleg*in</p>", "Kolleg*in"),
        ("<p>1. Platz</p><p># eins</p>", "1\\. Platz\n\n\\# eins"),
        ("<script>alert(1)</script><style>p{}</style><p onclick='x()'>a<img src='http://t.de/p.gif'></p>", "a"),
        ("<a href='javascript:alert(1)'>klick</a>", "klick"),
        ("<iframe src='http://b.de'>weg</iframe><svg><text>weg</text></svg>da", "da"),
        ("<h4>Über uns</h4><p>klein</p>", "### Über uns\n\nklein"),
        ("a\u202eb\x00c", "abc"),
    ],
)  # fmt: skip
def test_html_becomes_markdown_that_says_the_same(html, text):
    assert to_markdown(html) == text


@given(st.text(alphabet="ab *_-+#>[](){}<>&\\`~1.)!", min_size=1, max_size=60))
@settings(max_examples=150)
def test_whatever_characters_a_text_holds_readers_see_them(text):
    text = f"x {text}"  # what begins like an item becomes one
    seen = nh3.clean(markdown(to_markdown(f"<p>{escape(text)}</p>")), tags=set())
    assert unescape(seen).split() == text.split()


def test_deep_and_huge_descriptions_are_read_in_no_time():
    assert sections("<div>" * 5_000 + "tief" + "</div>" * 5_000).tasks == "tief"
    assert len(sections("<ul><li>x" * 3_000).tasks) < 60_000
    assert sections("&amp;" * 20_000).tasks
    assert sections("<!DOCTYPE a [<!ENTITY l 'l'><!ENTITY m '&l;&l;'>]><p>&m;</p>").tasks
    assert sections("<" * 50_000).tasks is not None
    assert sections("*a" * 5_000).tasks


# Anything at all

_json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=8) | st.sampled_from(["EUR", "MONTH", "FULL_TIME", "2026-12-31", "Osnabrück", "@id"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["@id", "@type", "@value", "@language", "name", "value", "address", "minValue", "unitText", "currency", "email", "url"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(fields=st.dictionaries(st.sampled_from(sorted(posting())), _json, max_size=5))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_stands_under_a_name_is_read_or_refused(fields):
    try:
        (found,) = read(json.dumps({**posting(), **fields, "@type": "JobPosting"}))
    except Broken:
        return
    assert found.said()
    assert found.identity
    assert all(isinstance(each, str) for each in found.notes + found.faults)


_huge = st.sampled_from(
    ["\ud800", "a\x00b", "<" * 50_000, "9" * 50_000, "Ä" * 200_000, "<ul><li>" * 3_000, "[" * 900, "1" + "0" * 39]
)
_anything = st.deferred(
    lambda: _json | _huge | st.integers(10**30, 10**45) | st.builds(_nested, _huge, st.integers(1, 400))
)


def _nested(value, depth):
    for number in range(depth):
        value = [value] if number % 2 else {"name": value}
    return value


@given(
    path=st.sampled_from(
        [(name,) for name in sorted(posting())]
        + [("jobLocation", "address", "addressLocality"), ("baseSalary", "value"), ("baseSalary", "value", "minValue")]
        + [("baseSalary", "currency"), ("identifier", "value"), ("hiringOrganization", "sameAs"), ("applicationContact", "url")]
    ),
    value=_anything,
    is_cut=st.booleans(),
)  # fmt: skip
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_posting_with_one_part_gone_mad_is_read_or_refused(path, value, is_cut):
    mad = posting()
    inner = mad
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    text = json.dumps([posting(), mad])
    try:
        found = read(text[: -len(text) // 3] if is_cut else text)
    except Broken:
        return
    assert len(found) == 1 + (mad.get("@type") == "JobPosting")
    for each in found:
        assert each.said()
        assert all(isinstance(words, str) and len(words) < 400 for words in each.notes + each.faults)


def _demo_ads():
    for path in sorted((FIXTURES / "demo").glob("*.toml")):
        yield from tomllib.loads(path.read_text(encoding="utf-8"))["vacancies"]


def test_the_texts_of_a_whole_board_come_back_as_they_were():
    for entry in _demo_ads():
        ad = Vacancy(**{name: entry.get(name, "").strip() for name in ("tasks", "profile", "offer")})
        found = sections(structured_data.description(ad))
        for name in ("tasks", "profile", "offer"):
            assert markdown(getattr(found, name)) == markdown(getattr(ad, name)), entry["title"]
