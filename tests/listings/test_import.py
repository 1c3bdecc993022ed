"""Ads taken over from a file: what becomes of each posting, once and again."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from functools import partial
from io import StringIO
from itertools import product
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from post_office.models import Email

from jobboard.templatetags.board import day
from jobboard.text import markdown
from listings.importing.job_posting import read
from listings.importing.storing import Import
from listings.models import Origin, Revision, SearchText, Vacancy, VacancyEvent
from tests.make import HAMM, OSNABRUECK, make_employer, make_vacancy
from tests.posting import posting
from tests.races import at_once, needs_connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(employer):
    employer.website = "https://www.hasewerk.de"
    employer.save()
    return employer


@pytest.fixture
def take(tmp_path, firm):
    """take(posting, …): the report of importing them."""

    def run(*postings, text=None, employer=firm, **options):
        path = tmp_path / f"{uuid4()}.json"  # two may run at once
        path.write_text(json.dumps(postings, indent=1) if text is None else text, encoding="utf-8")
        out = StringIO()
        call_command("import_vacancies", str(path), employer=employer.slug, stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    return run


def number(value, **fields):
    return posting(identifier={"name": "Hasewerk GmbH", "value": value}, **fields)


def everything():
    """All rows that an import could touch."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Vacancy, VacancyEvent, Origin, Revision, SearchText, Email)
    ]


def later(days):
    return (localdate() + timedelta(days=days)).isoformat()


# New ones


def test_a_new_posting_becomes_a_draft_of_the_firm(take, firm):
    report = take(posting(validThrough=later(20)))
    ad = Vacancy.objects.get()
    assert (ad.employer, ad.employer_kind, ad.status, ad.source, ad.external_id) == (
        firm,
        "direkt",
        "draft",
        "Hasewerk GmbH",
        "4711",
    )
    assert (ad.title, ad.place_id, ad.postal_code, ad.street) == (
        "IT-Projektkoordination (m/w/d)",
        OSNABRUECK,
        "49074",
        "Hafenstraße 5",
    )
    assert (ad.pay_low, ad.pay_high, ad.pay_unit, ad.pay_month_low) == (3500, 4200, "month", 3500)
    assert (ad.hours_low, ad.hours_high, ad.full_time_hours) == (40, 40, 40)
    assert (ad.first_day, ad.last_day) == (localdate(), localdate() + timedelta(days=20))
    assert ad.tasks.startswith("- Termine, Beteiligte")
    assert (ad.apply_email, ad.city.slug) == ("bewerbung@hasewerk.de", "osnabrueck")
    event = ad.events.get()
    assert (event.step, event.role, event.by) == ("create", "system", None)
    assert ad in Vacancy.objects.matching("Statusberichte")
    assert "1 Stelle für Hasewerk GmbH: 1 neu, 0 geändert, 0 unverändert, 0 nicht übernommen" in report
    assert "angenommen ist „Mit Erfahrung“" in report
    assert not Email.objects.exists()


def test_what_a_draft_holds_is_what_save_would_derive(take):
    take(posting(), number("2", jobLocation={"address": {"addressLocality": "Melle", "postalCode": "49324"}}))
    for ad in Vacancy.objects.all():
        before = (ad.city_id, ad.pay_month_low, ad.pay_month_high)
        ad.save()
        assert (ad.city_id, ad.pay_month_low, ad.pay_month_high) == before


def test_with_publish_what_is_complete_is_submitted_and_waits(take):
    report = take(posting(), number("2", baseSalary=None), publish=True)
    ad, without_pay = Vacancy.objects.order_by("external_id")[::-1]
    assert (ad.status, without_pay.status) == ("in_review", "draft")
    assert "eingereicht, wartet auf Prüfung" in report
    assert "bleibt vorerst Entwurf" in report
    assert "Gehalt von: Bitte nennen Sie das untere Ende" in report


def test_of_a_trusted_firm_it_is_published_where_the_linter_finds_nothing(take, firm, rita):
    firm.trust(rita)
    long = posting()["description"].replace(
        "30 Tage Urlaub.", "30 Tage Urlaub. " + "Wir erklären, was wir tun, und fragen nach. " * 8
    )
    report = take(posting(description=long), number("2", description=long + "<p>Junges Team!</p>"), publish=True)
    assert sorted(Vacancy.objects.values_list("external_id", "status")) == [("2", "in_review"), ("4711", "published")]
    assert "veröffentlicht" in report
    assert VacancyEvent.objects.get(step="publish").by is None


def test_an_ad_of_an_untrusted_firm_is_never_published_by_an_import(take):
    take(posting(), publish=True)
    assert not Vacancy.objects.open().exists()


def test_drafts_are_submitted_later_too(take):
    take(posting())
    report = take(posting(), publish=True)
    assert Vacancy.objects.get().status == "in_review"
    assert "eingereicht" in report


def test_what_an_editor_sent_back_is_not_handed_in_again(take, rita):
    take(posting(), publish=True)
    Vacancy.objects.get().send_back(rita, "Bitte nennen Sie die Straße.")
    before = everything()
    take(posting(), publish=True)
    assert everything() == before


# What the firm hears


def test_an_import_writes_one_mail_about_all_its_ads(take, firm, anna, rita, running):
    firm.trust(rita)
    long = posting()["description"].replace("30 Tage Urlaub.", "Wir erklären, was wir tun, und fragen nach. " * 9)
    take(
        posting(validThrough=later(20), title="IT-Planung (m/w/d)"),
        number("2", description=long, title="IT-Rollout <Nord> & {{ mehr }} (m/w/d)", validThrough=later(9)),
        number("3"),
        number("4", baseSalary=None),
        publish=True,
    )
    mail = Email.objects.get()
    assert (mail.to, mail.subject) == ([anna.email], "Aus einer Datei übernommen: Anzeigen für Hasewerk GmbH")
    online = Vacancy.objects.get(external_id="2")
    assert (
        f"VERÖFFENTLICHT (1)\n\n- IT-Rollout <Nord> & {{{{ mehr }}}} (m/w/d), bis {day(online.last_day)}"
        in mail.message
    )
    assert settings.BASE_URL + online.get_absolute_url() in mail.message
    assert "IN PRÜFUNG (1)" in mail.message
    assert "ÄNDERUNG IN PRÜFUNG (1)" in mail.message
    assert "- IT-Projektkoordination (m/w/d) (Titel)" in mail.message
    assert "NOCH ENTWURF (1)" in mail.message
    assert "  Gehalt von: Bitte nennen Sie das untere Ende" in mail.message
    assert "GEÄNDERT (" not in mail.message
    assert "IT-Rollout &lt;Nord&gt; &amp; {{ mehr }}" in mail.html_message
    assert "\n\n\n" not in mail.message


def test_a_mail_about_very_many_ads_names_the_first_of_them(take, firm, monkeypatch):
    monkeypatch.setattr("listings.emails.MOST_LISTED", 2)
    take(*[number(str(each)) for each in range(5)], publish=True)
    mail = Email.objects.get()
    assert mail.message.count("- IT-Projektkoordination") == 2
    for body in (mail.message, mail.html_message):
        assert "(5)" in body
        assert "… und 3 weitere" in body


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hiringOrganization": {"name": "Fremdwerk AG"}}, "anderen Firma: Fremdwerk AG"),
        ({"validThrough": "2020-01-01"}, "abgelaufen"),
        ({"datePosted": "2099-01-01"}, "beginnt erst"),
        (
            {"jobLocation": [{"address": {"addressLocality": each}} for each in ("Hagen", "Hamm")]},
            "Mehrere Arbeitsorte",
        ),
        ({"title": "x" * 101}, "101 Zeichen"),
        ({"employmentType": "VOLUNTEER"}, "nicht vorgesehen"),
        ({"identifier": None, "url": None}, "wiedererkennen"),
    ],
)
def test_what_cannot_be_an_ad_of_the_firm_is_left_out_with_the_reason(take, fields, words):
    report = take(posting(**fields), number("2"))
    assert [ad.external_id for ad in Vacancy.objects.all()] == ["2"]
    assert words in report
    assert "1 nicht übernommen" in report


@pytest.mark.parametrize(
    "organization",
    [
        "HASEWERK",
        {"name": "Hasewerk"},
        {"name": "Hasewerk Gruppe", "sameAs": "https://jobs.hasewerk.de/"},
        {"name": "Hasewerk Gruppe", "url": ["https://www.hasewerk.de"]},
        None,
    ],
)
def test_a_firm_is_known_by_its_name_or_website(take, organization):
    take(posting(hiringOrganization=organization))
    assert Vacancy.objects.count() == 1


def test_the_last_day_is_within_sixty_days_and_told(take):
    report = take(number("1", validThrough=later(61)), number("2", validThrough=later(60)), number("3"))
    days = dict(Vacancy.objects.values_list("external_id", "last_day"))
    assert [(days[each] - localdate()).days for each in "123"] == [60, 60, 30]
    assert "auf 60 Tage gekürzt. (1 Stelle)" in report
    assert "läuft die Anzeige 30 Tage" in report


def test_full_time_hours_are_asked_for_and_can_be_given(take):
    report = take(posting(workHours=None), publish=True)
    assert "Bitte nennen Sie die Wochenstunden" in report
    take(number("2", workHours=None), number("3", workHours=None, employmentType="PART_TIME"), full_time_hours="38,5")
    hours = dict(Vacancy.objects.values_list("external_id", "hours_high"))
    assert (hours["2"], hours["3"]) == (Decimal("38.5"), None)


def test_a_posting_that_stands_twice_is_taken_once_unless_it_contradicts_itself(take):
    report = take(posting(), posting(), number("2"), number("2", title="IT-Planung (m/w/d)"))
    assert [ad.external_id for ad in Vacancy.objects.all()] == ["4711"]
    assert "steht mehrmals in der Datei" in report


def test_a_note_about_few_of_many_names_them(take):
    report = take(
        *[number(str(each)) for each in range(5)], number("6", baseSalary="nach Tarif", title="IT-Planung (m/w/d)")
    )
    assert re.search(
        r"Gehalt weggelassen: ohne Währung\. \(1 Stelle\)\n    Zeile \d+: IT-Planung \(m/w/d\) \[6\]\n", report
    )
    assert re.search(r"angenommen ist „Mit Erfahrung“. \(6 Stellen\)\n  [^ ]", report)


# Places


def test_an_unclear_place_is_asked_for_and_never_guessed(take):
    somewhere = {"address": {"addressLocality": "Neustadt", "addressCountry": "DE"}}
    report = take(posting(jobLocation=somewhere), number("2"))
    assert [ad.external_id for ad in Vacancy.objects.all()] == ["2"]
    assert '--place "Neustadt=' in report
    assert "nicht klar" in report
    answer = next(line for line in report.splitlines() if "an der Weinstraße" in line)
    chosen = answer.split("=")[1].split('"')[0]
    take(posting(jobLocation=somewhere), place=[f"Neustadt={chosen}"])
    assert str(Vacancy.objects.get(external_id="4711").place_id) == chosen
    before = everything()
    assert "Die Datei sagt nichts Neues" in take(posting(jobLocation=somewhere), number("2"))  # it remembers the answer
    assert everything() == before


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ({"addressLocality": "Hamm", "postalCode": "59065"}, HAMM),
        ({"addressLocality": "Hamm"}, None),
        ({"addressLocality": "Hamm", "addressRegion": "NRW"}, HAMM),
        ({"addressLocality": "Hamm", "addressRegion": "Hessen"}, None),
        ({"addressLocality": "Osnabrück"}, OSNABRUECK),
        ({"addressLocality": "OSNABRUECK"}, OSNABRUECK),
        ({"addressLocality": "Osnabrück, Niedersachsen"}, OSNABRUECK),
        ({"addressLocality": "Osnabrück, Hafen"}, None),
        ({"addressLocality": "Ludwigshafen"}, None),
        ({"addressLocality": "Osnabrück", "postalCode": "80331"}, None),
        ({"addressLocality": "Atlantis"}, None),
        ({"addressLocality": "Atlantis", "postalCode": "49074"}, None),
        ({"postalCode": "49074"}, None),
        ({"addressLocality": "Berlin (Remote)"}, None),
    ],
)
def test_which_place_is_certain(take, address, place):
    report = take(posting(jobLocation={"address": address}))
    ad = Vacancy.objects.first()
    assert (ad and ad.place_id) == place
    assert ("Orte, die zu klären sind" in report) is (place is None)


@pytest.mark.parametrize("option", ["Neustadt", "=1", "Neustadt=", "Neustadt=x", "Neustadt=999999999", "Neustadt=²"])
def test_a_wrong_answer_stops_before_anything_happens(take, option):
    with pytest.raises(CommandError, match="--place"):
        take(posting(), place=[option])
    assert not Vacancy.objects.exists()


# The same file again, and another one


def test_a_second_import_of_the_same_file_changes_nothing(take):
    postings = [posting(), number("2", baseSalary=None), number("3", validThrough=later(99))]
    take(*postings)
    take(*postings, publish=True)
    before = everything()
    for _ in range(2):
        report = take(*postings, publish=True)
        assert everything() == before
    assert "0 neu, 0 geändert, 3 unverändert" in report


def test_a_draft_follows_the_file(take):
    take(posting())
    ad = Vacancy.objects.get()
    report = take(
        posting(
            title="IT-Projektassistenz (m/w/d)",
            jobLocation={"address": {"addressLocality": "Hamm", "postalCode": "59065"}},
        )
    )
    changed = Vacancy.objects.get()
    assert (changed.title, changed.place_id, changed.street, changed.version) == (
        "IT-Projektassistenz (m/w/d)",
        HAMM,
        "",
        ad.version + 1,
    )
    assert changed.city.slug == "hamm"
    assert changed in Vacancy.objects.matching("Projektassistenz")
    assert "Titel: IT-Projektkoordination (m/w/d) → IT-Projektassistenz (m/w/d)" in report
    assert "1 geändert" in report


def test_what_people_have_changed_meanwhile_stays_theirs(take):
    take(posting(baseSalary=None))
    Vacancy.objects.update(pay_low=3600, pay_high=4100, level="einstieg", street="Anderer Weg 1")
    take(posting(baseSalary=None, title="IT-Planung (m/w/d)"))
    ad = Vacancy.objects.get()
    assert (ad.title, ad.pay_low, ad.level, ad.street) == ("IT-Planung (m/w/d)", 3600, "einstieg", "Anderer Weg 1")
    take(posting(title="IT-Planung (m/w/d)"))
    assert Vacancy.objects.get().pay_low == 3500


def test_what_only_makes_sense_together_follows_the_file_together(take):
    take(posting())
    Vacancy.objects.update(
        apply_email="", apply_url="https://hasewerk.de/hier", pay_low=50_000, pay_high=55_000, pay_unit="year"
    )
    contact, pay = {"email": "jobs@hasewerk.de"}, {"minValue": 3600, "maxValue": 4200, "unitText": "MONTH"}
    take(posting(applicationContact=contact, baseSalary={"currency": "EUR", "value": pay}))
    ad = Vacancy.objects.get()
    assert (ad.apply_email, ad.apply_url) == ("jobs@hasewerk.de", "")
    assert (ad.pay_low, ad.pay_high, ad.pay_unit) == (3600, 4200, "month")


def test_a_new_street_leaves_a_place_that_was_asked_for(take):
    def in_neustadt(street):
        return posting(jobLocation={"address": {"addressLocality": "Neustadt", "streetAddress": street}})

    take(in_neustadt("Markt 1"), place=["Neustadt=2864054"])
    take(in_neustadt("Markt 2"))
    ad = Vacancy.objects.get()
    assert (ad.place_id, ad.street) == (2864054, "Markt 2")


@pytest.fixture
def running(take, rita):
    """An ad that was imported and that readers see."""
    take(posting(validThrough=later(20)), publish=True)
    ad = Vacancy.objects.get()
    ad.publish(rita, ad.version)
    Email.objects.all().delete()
    return ad


def test_a_change_of_a_running_ad_goes_the_way_of_every_edit(take, running):
    report = take(
        posting(
            validThrough=later(20),
            workHours="39 h",
            applicationContact={"email": "bewerbung@hasewerk.de", "name": "Carla Conrad"},
        )
    )
    ad = Vacancy.objects.get()
    assert (ad.contact_name, ad.hours_high) == ("Carla Conrad", 39)
    assert "gleich sichtbar" in report
    assert ad.events.last().step == "edit"
    report = take(posting(title="IT-Planung (m/w/d)", validThrough=later(20), workHours="39 h"))
    ad = Vacancy.objects.get()
    assert ad.title == "IT-Projektkoordination (m/w/d)"
    assert ad.waiting_revision().changes["title"] == "IT-Planung (m/w/d)"
    assert "Änderung wartet auf Prüfung" in report
    before = everything()
    take(posting(title="IT-Planung (m/w/d)", validThrough=later(20), workHours="39 h"))
    assert everything() == before


def test_a_running_ad_is_not_lengthened_by_a_file(take, running):
    report = take(posting(validThrough=later(40)))
    assert Vacancy.objects.get().last_day == running.last_day
    assert "verlängert" in report
    take(posting(validThrough=later(10)))
    assert Vacancy.objects.get().last_day == localdate() + timedelta(days=10)


def test_a_change_that_takes_what_readers_need_is_refused_and_told_each_time(take, running):
    for _ in range(2):
        report = take(posting(validThrough=later(20), baseSalary=None))
        assert Vacancy.objects.get().pay_low == 3500
        assert "Bitte nennen Sie das untere Ende" in report
        assert "1 nicht übernommen" in report


def test_an_ad_in_review_is_left_alone_and_told(take):
    take(posting(), publish=True)
    before = everything()
    report = take(posting(title="IT-Planung (m/w/d)"), publish=True)
    assert everything() == before
    assert "gerade in Prüfung" in report


def test_an_ad_that_is_over_stays_over(take, running, anna):
    running.close(anna, Vacancy.ClosedAs.FILLED)
    report = take(posting(title="IT-Planung (m/w/d)"), publish=True)
    assert Vacancy.objects.get().status == "closed"
    assert "öffnet sie nicht wieder" in report


def test_what_the_file_no_longer_names_is_told_and_stays(take, running, firm):
    make_vacancy(firm, open=True)
    report = take(number("2"))
    assert Vacancy.objects.open().count() == 2
    assert "Nicht mehr in der Datei" in report
    assert "[4711]: Veröffentlicht" in report


def test_the_same_numbers_of_two_firms_are_two_ads(take, firm, eva):
    other = make_employer("Zweitwerk GmbH")
    take(posting())
    take(posting(hiringOrganization=None), employer=other)
    assert Vacancy.objects.filter(external_id="4711").count() == 2


# Nothing half


def test_an_import_that_was_interrupted_goes_on_where_it_stopped(take, monkeypatch):
    postings = [number(str(each)) for each in range(7)]
    monkeypatch.setattr("listings.importing.storing.BATCH", 3)
    submit, calls = Vacancy.submit, []

    def lose_power(self, *args, **kwargs):
        calls.append(self)
        if len(calls) == 5:
            raise KeyboardInterrupt
        submit(self, *args, **kwargs)

    monkeypatch.setattr(Vacancy, "submit", lose_power)
    with pytest.raises(CommandError, match=r"nach 6 von 7.*derselbe Aufruf macht dort weiter"):
        take(*postings, publish=True)
    assert (
        SearchText.objects.count() == Origin.objects.count() == VacancyEvent.objects.filter(step="create").count() == 6
    )
    assert Vacancy.objects.filter(status="in_review").count() == 4
    assert "IN PRÜFUNG (4)" in Email.objects.get().message
    take(*postings, publish=True)
    assert Vacancy.objects.filter(status="in_review").count() == 7
    assert "IN PRÜFUNG (3)" in Email.objects.last().message
    assert VacancyEvent.objects.filter(step="submit").count() == 7


def test_of_a_broken_file_nothing_is_taken(take):
    before = everything()
    with pytest.raises(CommandError, match=r"Zeile 2: .*Nichts übernommen"):
        take(text=f'[{json.dumps(posting())},\n{{"@type" "JobPosting"}}]')
    assert everything() == before


def test_a_firm_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(CommandError, match="„niemand“ gibt es nicht"):
        call_command("import_vacancies", str(tmp_path), employer="niemand")
    firm = make_employer("Emswerk GmbH")
    with pytest.raises(CommandError, match=r"gibt es nicht\. Vielleicht ist gemeint: emswerk-gmbh\."):
        call_command("import_vacancies", str(tmp_path), employer="emswerk")
    for path in (tmp_path, tmp_path / "fehlt"):
        with pytest.raises(CommandError, match="Nichts übernommen"):
            call_command("import_vacancies", str(path), employer=firm.slug)


def test_a_dry_run_tells_the_same_and_writes_nothing(take, running, rita):
    take(number("3", baseSalary=None), number("5"))
    postings = [
        posting(validThrough=later(20), title="IT-Planung (m/w/d)"), number("2"), number("3", baseSalary=None, title="Jetzt (m/w/d)"),
        number("4", baseSalary=None), number("5"), number("6", title="Projektleiter"), number("7", hiringOrganization="Fremd"),
        number("8", jobLocation="Neustadt"),
    ]  # fmt: skip
    before = everything()
    with CaptureQueriesContext(connection) as queries:
        foreseen = take(*postings, publish=True, dry_run=True)
    assert everything() == before
    assert not [each["sql"] for each in queries if not each["sql"].lstrip().startswith("SELECT")]
    assert foreseen.removeprefix("Probelauf, nichts geschrieben: ") == take(*postings, publish=True)


def test_batches_take_few_questions(take, django_assert_max_num_queries):
    take(*[number(str(each)) for each in range(30)])
    with django_assert_max_num_queries(30):
        take(*[number(str(each)) for each in range(30, 60)])


def test_the_example_of_the_papers_is_taken_over(take):
    text = (settings.BASE_DIR / "docs/examples/job_postings.json").read_text(encoding="utf-8")
    take = partial(take, employer=make_employer("Hasetal Fördertechnik GmbH"))  # of the demo
    report = take(text=text, publish=True)
    ad = Vacancy.objects.get()
    assert (ad.external_id, ad.source, ad.status) == ("2026-017", "Personalportal", "in_review")
    assert (ad.working_time, ad.hours_low, ad.hours_high, ad.months_of_experience) == ("both", 30, Decimal("38.5"), 24)
    assert (ad.contact_name, ad.apply_email) == ("Carla Conrad", "bewerbung@hasetal-foerdertechnik.example")
    assert ad.profile.startswith("Sie haben schon ein IT-Projekt")
    assert "Neustadt=" in report
    paper = (settings.BASE_DIR / "docs/importing.md").read_text(encoding="utf-8")
    answer = re.search(r'--place "(Neustadt=\d+)"', paper)[1]
    report = take(text=text, place=[answer], full_time_hours="38,5", publish=True)
    assert "1 neu, 0 geändert, 1 unverändert" in report
    assert "Bitte nennen Sie das untere Ende des Gehalts" in report


def test_on_a_terminal_the_place_is_asked_for(take, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("\nnein\n2\n"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("django.core.management.base.OutputWrapper.isatty", lambda self: True)
    hamm = posting(jobLocation="Hamm")
    for _ in range(2):
        take(hamm)
        assert not Vacancy.objects.exists()
    take(hamm)
    assert Vacancy.objects.get().place.name.startswith("Hamm")
    take(hamm)  # and never again


TEXT = """Sie halten **sechs** Vorhaben zusammen, mit Kolleg\\*innen und [Plan](https://hasewerk.de/plan_b).

### Ihr Profil im Team

- Termine
  - je Standort
- Budget *und* Personal

1. zuerst fragen
2. dann planen"""


@pytest.mark.parametrize(
    "fields",
    [
        {"tasks": TEXT, "profile": TEXT, "offer": "Wir bieten viel: #eins & <zwei>."},
        {"working_time": "part", "hours_low": 20, "hours_high": 25, "pay_unit": "hour", "pay_low": Decimal("21.50"), "pay_high": 24},
        {"working_time": "both", "contract": "fixed_term", "fixed_term_months": 24, "pay_unit": "year", "pay_low": 48000, "pay_high": 54000},
        {"workplace": "remote", "place_id": None, "postal_code": ""},
        {"education": "bachelor", "way_in": True, "months_of_experience": 36, "street": "Markt 1"},
        {"education": "master", "title": "Koordination „IT & Bau“ <intern> (m/w/d)"},
    ],
)  # fmt: skip
def test_what_our_pages_tell_machines_is_read_back_as_it_is(client, firm, fields):
    ad = make_vacancy(firm, open=True, reference_number="KZ-17", **fields)
    ad.refresh_from_db()
    (found,) = read(client.get(ad.get_absolute_url()).content.decode())
    assert (found.faults, found.firm, found.identity) == ([], "Hasewerk GmbH", ("Hasewerk GmbH", "KZ-17"))
    told = ["title", "pay_low", "pay_high", "pay_unit", "working_time", "contract", "workplace", "street", "postal_code", "education",
            "way_in", "months_of_experience", "reference_number"]  # fmt: skip
    assert {name: found.says[name] for name in told} == {name: getattr(ad, name) for name in told}
    for name in ("tasks", "profile", "offer"):
        assert markdown(found.says[name]) == markdown(getattr(ad, name))
    assert (found.first_day, found.last_day) == (ad.first_day, ad.last_day)
    assert str(found.where or "") == ("49074 Osnabrück, Niedersachsen" if ad.place else "")


def test_the_page_of_an_ad_can_be_imported_by_the_firm(take, client, firm):
    page = client.get(make_vacancy(firm, open=True, reference_number="KZ-17").get_absolute_url()).content.decode()
    take(text=page)
    ad = Vacancy.objects.get(external_id="KZ-17")
    assert (ad.place_id, ad.pay_low, ad.status) == (OSNABRUECK, 3500, "draft")


def test_editors_see_where_an_ad_comes_from(take, editor):
    take(posting())
    page = editor.get(f"/redaktion/listings/vacancy/{Vacancy.objects.get().pk}/change/").content.decode()
    assert "Zuletzt eingelesen" in page
    assert "4711" in page


@pytest.mark.django_db(transaction=True)
@needs_connections
def test_two_imports_of_the_same_file_at_once_store_each_ad_once(board, take):
    postings = [number(str(each)) for each in range(20)]
    at_once(lambda: take(*postings), lambda: take(*postings))
    assert Vacancy.objects.count() == SearchText.objects.count() == VacancyEvent.objects.count() == 20


@pytest.mark.django_db(transaction=True)
@needs_connections
def test_two_imports_that_bring_the_same_new_words_do_not_block_each_other(board, take, firm):
    words = ["".join(letters) for letters in product("bdfg", "aou", "klmn", "eiu", "rst")]
    ads = [number(str(each), skills=" ".join(words[each::100])) for each in range(100)]
    other = make_employer("Emswerk GmbH")
    others = [{**ad, "hiringOrganization": {"name": other.name}} for ad in reversed(ads)]
    at_once(lambda: take(*ads), lambda: take(*others, employer=other))
    assert [each.vacancies.count() for each in (firm, other)] == [100, 100]


def test_drafts_change_in_the_order_in_which_the_search_locks_them(take, monkeypatch):
    take(*[number(str(each)) for each in range(3)])
    changed, revise = [], Import._revise
    monkeypatch.setattr(
        Import, "_revise", lambda self, each, at: changed.append(each.vacancy.pk) or revise(self, each, at)
    )
    take(*[number(str(each), title=f"IT-Koordination {each} (m/w/d)") for each in (1, 2, 0)])
    assert changed == sorted(changed)
    assert len(changed) == 3
