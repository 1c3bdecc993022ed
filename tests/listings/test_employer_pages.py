"""What employers see and do behind the login: firm, ads, steps; and what nobody else may."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils.timezone import localdate, now
from PIL import Image

from listings import forms
from listings.models import Employer, Status, Vacancy, WrongStatus
from profiles.models import Fact
from tests.make import HAMM, OSNABRUECK, make_employer, make_user, make_vacancy

pytestmark = pytest.mark.django_db
NEW = "/arbeitgeber/stellen/neu/"
FIRM = "/arbeitgeber/firma/"
LIST = "/arbeitgeber/stellen/"


def text_of(response) -> str:
    html = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").split())


def error_of(response, field) -> str:
    """What stands beside the field, as the page shows it."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', response.content.decode(), re.DOTALL)
    return found.group(1) if found else ""


def ad(**fields) -> dict:
    """A complete ad as a browser would send it."""
    today = localdate()
    return {
        "title": "IT-Projektkoordination (m/w/d)",
        "level": "erfahren",
        "employer_kind": "direkt",
        "tasks": "Termine halten.",
        "profile": "Ein Projekt begleitet.",
        "offer": "",
        "working_time": "full",
        "full_time_hours": "38,5",
        "hours_low": "",
        "hours_high": "",
        "contract": "permanent",
        "workplace": "on_site",
        "place_name": "Osnabrück",
        "postal_code": "49074",
        "pay_low": "3.500",
        "pay_high": "4.100,50",
        "pay_unit": "month",
        "apply_email": "bewerbung@hasewerk.example",
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=30)).isoformat(),
        **fields,
    }


def png(name="logo.png"):
    out = BytesIO()
    Image.new("RGB", (300, 100), "navy").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def firm(**fields) -> dict:
    return {"name": "Hasewerk GmbH", "kind": "direkt", "place_name": "Osnabrück", "terms": "on", **fields}


def url(vacancy, *, end=""):
    return f"/arbeitgeber/stellen/{vacancy.pk}/{end}"


# Who may


PAGES = [
    pattern.name
    for pattern in get_resolver("listings.urls").url_patterns
    if str(pattern.pattern).lstrip("^").startswith("arbeitgeber/") and pattern.name != "for_employers"
]
OWNERS_ONLY = {"employer_edit"}
FOR_ALL_LOGGED_IN = {"employer_create", "employer_vacancies", "employer_vacancy_create"}


@pytest.mark.parametrize("who", ["anna", "ben", "eva", "rita", "nobody"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_asks_who_is_there(name, who, request, client, client_of, employer, ben, eva, rita):
    vacancy = make_vacancy(employer, title="Geheime Leitung")
    args = {"employer_edit": [employer.slug], "employer_vacancy_step": [vacancy.pk, "einreichen"]}
    no_args = name in FOR_ALL_LOGGED_IN
    path = reverse(f"listings:{name}", args=args.get(name, [] if no_args else [vacancy.pk]))
    browser = client if who == "nobody" else client_of(request.getfixturevalue(who))
    ask = browser.post if name == "employer_vacancy_step" else browser.get
    response = ask(path)
    if who == "nobody":
        assert response.status_code == 302
        assert response.url == f"/konto/login/?next={path}"
    elif no_args:
        assert response.status_code in (200, 302)
        assert b"Geheime Leitung" not in response.content or who in ("anna", "ben")
    elif who == "anna" or (who == "ben" and name not in OWNERS_ONLY):
        assert response.status_code in (200, 302)
    else:
        assert response.status_code == 404
    vacancy.refresh_from_db()
    submitted = name == "employer_vacancy_step" and who in ("anna", "ben")
    assert vacancy.status == (Status.IN_REVIEW if submitted else Status.DRAFT)
    if who != "nobody" and response.status_code != 404:
        assert "no-store" in response.headers["Cache-Control"]


def test_the_walk_above_knows_every_page():
    assert len(PAGES) == 8


@pytest.mark.parametrize("who", ["eva", "rita"])
@pytest.mark.parametrize("end", ["bearbeiten/", "einreichen/", "zuruecknehmen/", "pausieren/", "schliessen/"])
def test_strangers_and_editors_cannot_write(who, end, request, client_of, employer):
    vacancy = make_vacancy(employer, status="in_review")
    response = client_of(request.getfixturevalue(who)).post(
        url(vacancy, end=end), ad(closed_as="filled", title="Fremd", version=2)
    )
    assert response.status_code == 404
    vacancy.refresh_from_db()
    assert (vacancy.status, vacancy.title) == (Status.IN_REVIEW, "IT-Projektkoordination (m/w/d)")


@pytest.mark.parametrize("number", ["0", "999999999999999999", "00000000000000001"])
def test_numbers_of_no_ad_are_not_found(number, client_of, anna):
    assert client_of(anna).get(f"/arbeitgeber/stellen/{number}/").status_code == 404


def test_a_firm_of_somebody_else_cannot_be_chosen_for_an_ad(client_of, anna, employer, eva):
    make_employer("Zweitwerk GmbH", owner=anna)
    foreign = eva.employers.get()
    response = client_of(anna).post(NEW, ad(employer=foreign.pk))
    assert error_of(response, "employer")
    assert not Vacancy.objects.exists()


# The list


def test_somebody_without_a_firm_is_led_to_describe_it(client_of):
    client = client_of(make_user("Nora Neu"))
    response = client.get(LIST)
    assert "Willkommen, Nora Neu." in text_of(response)
    assert f'href="{FIRM}"'.encode() in response.content
    assert client.get(NEW).url == FIRM
    assert client.post(NEW, ad()).url == FIRM
    assert not Vacancy.objects.exists()


def test_the_list_groups_by_what_needs_doing_and_says_the_state_in_words(client_of, anna, employer, rita):
    today = localdate()
    make_vacancy(employer, title="Leitung A")
    waiting = make_vacancy(employer, title="Leitung B", status="in_review")
    Vacancy.objects.filter(pk=waiting.pk).update(submitted_at=now() - timedelta(days=1))
    make_vacancy(employer, title="Leitung C", open=True, last_day=today + timedelta(days=9))
    make_vacancy(employer, title="Leitung D", open=True, first_day=today + timedelta(days=3))
    ended = make_vacancy(employer, title="Leitung E", open=True)
    Vacancy.objects.filter(pk=ended.pk).update(first_day=today - timedelta(days=9), last_day=today - timedelta(days=2))
    make_vacancy(employer, title="Leitung F", status="paused")
    make_vacancy(employer, title="Leitung G", status="closed")
    sent_back = make_vacancy(employer, title="Leitung H", status="in_review")
    sent_back.send_back(rita, "Der Ort fehlt im Text.")
    text = text_of(client_of(anna).get(LIST))

    def tail(title):
        return text[text.index(title) :][:120]

    assert "Entwurf zuletzt geändert am" in tail("Leitung A")
    assert "wartet seit gestern auf die Redaktion" in tail("Leitung B")
    assert f"läuft bis {forms_day(today + timedelta(days=9))}" in tail("Leitung C")
    assert f"beginnt am {forms_day(today + timedelta(days=3))}" in tail("Leitung D")
    assert f"abgelaufen am {forms_day(today - timedelta(days=2))}" in tail("Leitung E")
    assert "ruht" in tail("Leitung F")
    assert "besetzt am" in tail("Leitung G")
    assert "zurückgegeben" in tail("Leitung H")
    order = ["Bei Ihnen", "In Prüfung", "Leitung B", "Veröffentlicht", "Leitung C", "Angehalten", "Leitung F", "Vorbei"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert text.index("Vorbei") < text.index("Leitung E")


def forms_day(day):
    from django.utils.formats import date_format

    return date_format(day, "j. F")


def test_the_list_asks_few_questions_and_turns_pages(client_of, anna, employer, django_assert_max_num_queries):
    vacancy = make_vacancy(employer)
    Vacancy.objects.bulk_create(
        Vacancy(employer=employer, title=f"Entwurf {n}", place_id=OSNABRUECK) for n in range(60)
    )
    client = client_of(anna)
    with django_assert_max_num_queries(10):
        first = client.get(LIST)
    assert first.content.count(b"own-ad") == 50
    assert b"?seite=2" in first.content
    second = client.get(LIST, {"seite": 2})
    assert second.content.count(b"own-ad") == 11
    assert vacancy.title in text_of(second)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "\x00", "9999", "²"])
def test_a_foolish_page_of_the_list_is_no_error(page, client_of, anna, employer):
    make_vacancy(employer)
    assert client_of(anna).get(LIST, {"seite": page}).status_code == 200


# The firm


def test_a_firm_is_described_once_and_the_terms_are_kept(client_of, settings):
    user = make_user("Nora Neu")
    client = client_of(user)
    data = firm(website="www.hasewerk.example", description="Wir bauen **Pumpen**.", logo=png(), size="11-50")
    response = client.post(FIRM, data)
    assert response.url == NEW
    made = Employer.objects.owned_by(user).get()
    assert (made.slug, made.place_id, made.website) == ("hasewerk-gmbh", OSNABRUECK, "https://www.hasewerk.example")
    assert made.terms_version == settings.TERMS_VERSION
    assert abs(made.terms_at - now()) < timedelta(minutes=1)
    assert made.logo_id
    # A second one is not made, whether by the button or by a second tab.
    assert client.get(FIRM).url == client.post(FIRM, data).url == f"{FIRM}hasewerk-gmbh/"
    assert Employer.objects.count() == 1


def test_two_firms_of_one_name_get_two_addresses(client_of):
    make_employer("Hasewerk GmbH")
    assert client_of(make_user("Nora Neu")).post(FIRM, firm()).status_code == 302
    assert set(Employer.objects.values_list("slug", flat=True)) == {"hasewerk-gmbh", "hasewerk-gmbh-2"}


def test_a_taken_address_is_tried_again(client_of):
    make_employer("Hasewerk GmbH")
    with mock.patch.object(Employer, "free_slug", side_effect=["hasewerk-gmbh", "hasewerk-gmbh-2"]):
        assert client_of(make_user("Nora Neu")).post(FIRM, firm()).status_code == 302
    assert Employer.objects.filter(slug="hasewerk-gmbh-2").exists()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("terms", "", "Nutzungsbedingungen"),
        ("name", "", "Namen der Firma"),
        ("name", "  \u200b ", "Namen der Firma"),
        ("name", "Hase\x00werk", "Nullzeichen"),
        ("name", "x" * 121, "120"),
        ("kind", "grossartig", "gültige"),
        ("website", "ftp://firma.example", "keine Webadresse"),
        ("website", "javascript:alert(1)", "keine Webadresse"),
        ("website", "firma\x00.de", "Nullzeichen"),
        ("website", "https://" + "x" * 300 + ".de", ""),
        ("place_name", "Atlantis", "kennen wir"),
        ("place_name", "\x00", "Nullzeichen"),
        ("postal_code", "123", "fünf Ziffern"),
        ("postal_code", "１２３４５", "fünf Ziffern"),
        ("postal_code", "10115", "liegt nicht in Osnabrück"),
        ("size", "riesig", "gültige"),
        ("sector", "x" * 81, "80"),
        ("description", "x" * 3001, "3000"),
        (
            "logo",
            SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            "kein Bild",
        ),
        ("logo", SimpleUploadedFile("logo.png", b"Guten Tag", "image/png"), "kein Bild"),
        ("logo", SimpleUploadedFile("logo.png", b"", "image/png"), "leer"),
        ("logo", SimpleUploadedFile("logo.png", b"x" * 3_000_000, "image/png"), "größer als 2 MB"),
    ],
)
def test_a_mistake_about_the_firm_is_told_beside_the_field(field, value, says, client_of):
    data = firm(description="Wir bauen <Pumpen>.") | {field: value}
    response = client_of(make_user("Nora Neu")).post(FIRM, data)
    assert response.status_code == 200
    error = error_of(response, field)
    assert error
    assert says in error
    if field != "description":
        assert b"Wir bauen &lt;Pumpen&gt;." in response.content, "nothing typed is lost"
    assert not Employer.objects.filter(memberships__user__name="Nora Neu").exists()


def test_a_logo_beside_another_mistake_has_to_be_chosen_again_and_the_page_says_so(client_of):
    response = client_of(make_user("Nora Neu")).post(FIRM, firm(name="", logo=png()))
    assert "noch einmal" in error_of(response, "logo")


def test_owners_change_the_firm_and_the_ads_are_found_under_the_new_name(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    path = f"{FIRM}{employer.slug}/"
    client = client_of(anna)
    before = (employer.terms_version, employer.terms_at)
    assert client.post(path, firm(name="Hasepumpen AG", logo=png())).status_code == 302
    employer.refresh_from_db()
    assert (employer.name, employer.slug) == ("Hasepumpen AG", "hasewerk-gmbh")
    assert (employer.terms_version, employer.terms_at) == before
    assert employer.logo_id
    assert vacancy in Vacancy.objects.matching("hasepumpen")
    client.post(path, firm(name="Hasepumpen AG", remove_logo="on"))
    employer.refresh_from_db()
    assert employer.logo_id is None


def test_a_mistake_does_not_rename_the_firm_on_the_page(client_of, anna, employer):
    response = client_of(anna).post(f"{FIRM}{employer.slug}/", firm(name="", sector="x" * 99))
    assert "<h1>Hasewerk GmbH</h1>" in response.content.decode()


# Writing an ad


def test_a_complete_ad_is_kept_as_it_was_meant(client_of, anna, employer):
    facts = {"facts_tool": ["jira"], "facts_method": ["change-management"]}
    assert Fact.objects.filter(slug__in=["jira", "change-management"]).count() == 2
    response = client_of(anna).post(NEW, ad(vorschau="1", **facts))
    vacancy = Vacancy.objects.get()
    assert response.url == url(vacancy, end="vorschau/")
    assert (vacancy.pay_low, vacancy.pay_high) == (Decimal(3500), Decimal("4100.50"))
    assert vacancy.hours_low == vacancy.hours_high == vacancy.full_time_hours == Decimal("38.5")
    assert (vacancy.place_id, vacancy.city.slug) == (OSNABRUECK, "osnabrueck")
    assert set(vacancy.facts.values_list("slug", flat=True)) == {"jira", "change-management"}
    assert [(event.step, event.by, event.role) for event in vacancy.events.all()] == [("create", anna, "employer")]
    assert vacancy in Vacancy.objects.matching("jira")


def test_a_title_is_enough_for_a_draft(client_of, anna, employer):
    response = client_of(anna).post(NEW, {"title": "Koordination (m/w/d)"})
    vacancy = Vacancy.objects.get()
    assert response.url == url(vacancy, end="bearbeiten/")
    assert vacancy.status == Status.DRAFT
    page = text_of(client_of(anna).get(url(vacancy, end="vorschau/")))
    assert "Zum Einreichen fehlt noch einiges" in page
    assert "Bitte beschreiben Sie die Aufgaben." in page


def test_an_empty_title_is_not(client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(title="", tasks="Viel geschrieben."))
    assert "Titel" in error_of(response, "title")
    assert b"Viel geschrieben." in response.content
    assert not Vacancy.objects.exists()


def test_the_form_asks_few_questions(client_of, anna, employer, django_assert_max_num_queries):
    vacancy = make_vacancy(employer, facts=["jira", "change-management"])
    client = client_of(anna)
    for path in (NEW, url(vacancy, end="bearbeiten/")):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


def test_the_form_shows_what_is_stored_and_saving_it_unchanged_changes_nothing(client_of, anna, employer):
    vacancy = make_vacancy(
        employer,
        facts=["jira"],
        place_id=HAMM,
        postal_code="",
        pay_low=Decimal("14.60"),
        pay_high=Decimal("21.05"),
        pay_unit="hour",
        hours_low=Decimal("38.5"),
        hours_high=Decimal("38.5"),
        full_time_hours=Decimal("38.5"),
        months_of_experience=18,
        education="meister",
        salaries_per_year=Decimal("13.5"),
        asks_photo=True,
        tasks="Zeile eins\n\n- Punkt <b>\n- „Punkt“",
        apply_until=localdate() + timedelta(days=10),
    )
    way_in = Fact.objects.filter(kind=Fact.Kind.WAY_IN).first()
    vacancy.facts.add(way_in)
    vacancy.refresh_from_db()
    client = client_of(anna)
    path = url(vacancy, end="bearbeiten/")
    form = client.get(path).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False, []):
            data[field.html_name] = [str(each) for each in value] if isinstance(value, list) else str(value)
    assert (data["pay_low"], data["hours_high"]) == ("14,60", "38,5")
    assert client.post(path, {**data, "version": vacancy.version}).status_code == 302
    again = Vacancy.objects.get()
    skipped = {"version", "changed_at", "_state"}
    same = {name: value for name, value in vars(vacancy).items() if name not in skipped and not name.startswith("_")}
    stored = {name: value for name, value in vars(again).items() if name in same}
    assert stored == same
    assert again.version == vacancy.version + 1
    assert set(again.facts.all()) == {Fact.objects.get(slug="jira"), way_in}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3500", "3500"),
        ("3.500", "3500"),
        ("3.500,50", "3500.50"),
        ("3500,5", "3500.5"),
        (" 3 500 € ", "3500"),
        ("3.500,-", "3500"),
        ("3500.00", "3500"),
        ("3.500,–", "3500"),
        ("3500 EUR", "3500"),
        ("3\u202f500", "3500"),
    ],
)
def test_amounts_are_understood_as_people_write_them(typed, meant, client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(pay_low=typed))
    assert response.status_code == 302, error_of(response, "pay_low")
    assert Vacancy.objects.get().pay_low == Decimal(meant)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "IT\x00", "Nullzeichen"),
        ("title", "x" * 101, "100"),
        ("title", "!!! 2026 !!!", "Titel"),
        ("title", "\u202e\u200b", "Titel"),
        ("level", "gott", "gültige"),
        ("employer_kind", "\x00", "gültige"),
        ("tasks", "x" * 8001, "8000"),
        ("profile", "a\x00b", "Nullzeichen"),
        ("skills", "x" * 301, "300"),
        ("months_of_experience", "10**30", "gültige"),
        ("months_of_experience", str(10**30), "gültige"),
        ("education", "doktor", "gültige"),
        ("facts_tool", "gibt-es-nicht", "gültige"),
        ("facts_tool", "\x00", "gültige"),
        ("facts_tool", str(10**30), "gültige"),
        ("working_time", "immer", "gültige"),
        ("full_time_hours", "168", "48"),
        ("full_time_hours", "zehn", "Zahl"),
        ("hours_low", "39", "„von“"),
        ("hours_high", "47", "mehr als Ihre Vollzeit"),
        ("hours_high", "-20", "Zahl"),
        ("hours_high", "20,123", "2 Stellen"),
        ("fixed_term_months", "12", "befristet"),
        ("fixed_term_months", str(10**30), "120"),
        ("fixed_term_months", "9" * 5000, "ganze Zahl"),
        ("start", "x" * 61, "60"),
        ("workplace", "mond", "gültige"),
        ("remote_days", "3", "hybrid"),
        ("remote_days", "8", "5"),
        ("place_name", "Atlantis", "kennen wir"),
        ("place_name", "", "auch den Ort|bitte tragen Sie den Ort ein"),
        ("place_name", "<script>", "kennen wir"),
        ("postal_code", "4907", "fünf Ziffern"),
        ("postal_code", "59065", "liegt nicht in Osnabrück"),
        ("pay_low", "viel", "Zahl"),
        ("pay_low", "1e5", "Zahl"),
        ("pay_low", "NaN", "Zahl"),
        ("pay_low", "٣٥٠٠", "Zahl"),
        ("pay_low", str(10**30), "9999999"),
        ("pay_low", "9" * 5000, "Zahl"),
        ("pay_low", "3,500.00", "Zahl"),
        ("pay_low", "-3500", "Zahl"),
        ("pay_low", "0", ""),
        ("pay_low", "5.000", "„von“"),
        ("pay_high", "45.000", "prüfen Sie Betrag und Zeitraum"),
        ("pay_low", "22", "prüfen Sie Betrag und Zeitraum"),
        ("pay_unit", "day", "gültige"),
        ("salaries_per_year", "99", "16"),
        ("tariff", "x" * 81, "80"),
        ("apply_email", "kein-at", "E-Mail"),
        ("apply_email", "a@b.de\nBcc: c@d.de", "E-Mail"),
        ("apply_email", "a\x00@b.de", ""),
        ("apply_url", "https://firma.example/jobs", "entweder"),
        ("apply_until", "31.02.2027", "Tag"),
        ("apply_until", "2000-01-01", "möglich"),
        ("apply_until", "9999-12-31", "Jahr voraus"),
        ("contact_name", "x" * 121, "120"),
        ("reference_number", "x" * 41, "40"),
        ("first_day", "gestern", "Tag"),
        ("first_day", "2099-01-01", "60 Tage"),
        ("last_day", "2000-01-01", "vorbei"),
        ("last_day", "2099-01-01", "60 Tage"),
        ("last_day", "0001-01-01", "vorbei"),
        ("last_day", "\x00", "Tag"),
    ],
)
def test_a_mistake_in_an_ad_is_told_beside_the_field(field, value, says, client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(offer="Ein <ruhiges> Büro.") | {field: value})
    assert response.status_code == 200
    error = error_of(response, field)
    assert error, text_of(response)[:600]
    assert any(each in error for each in says.split("|"))
    assert b"Ein &lt;ruhiges&gt; B" in response.content, "nothing typed is lost"
    assert f'href="#id_{field}"'.encode() in response.content
    assert f'id="id_{field}"'.encode() in response.content
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize(
    ("unit", "pay", "fits"),
    [
        ("hour", "4,99", False),
        ("hour", "5", True),
        ("hour", "300", True),
        ("hour", "300,01", False),
        ("month", "199", False),
        ("month", "200", True),
        ("month", "30.000", True),
        ("month", "30.001", False),
        ("year", "2.999", False),
        ("year", "3.000", True),
        ("year", "400.000", True),
        ("year", "400.001", False),
    ],
)
def test_pay_that_fits_another_period_is_asked_about(unit, pay, fits, client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(pay_unit=unit, pay_low=pay, pay_high=pay))
    assert response.status_code == (302 if fits else 200)
    assert bool(error_of(response, "pay_low")) != fits


@pytest.mark.parametrize("unit", ["hour", "month", "year"])
def test_the_highest_pay_for_the_fewest_hours_fits_into_the_database(unit, client_of, anna, employer):
    pay = {"hour": "300", "month": "30.000", "year": "400.000"}[unit]
    data = ad(
        working_time="part",
        hours_high="1",
        full_time_hours="48",
        pay_low=pay,
        pay_high=pay,
        pay_unit=unit,
        salaries_per_year="16",
    )
    assert client_of(anna).post(NEW, data).status_code == 302
    assert Vacancy.objects.get().pay_month_high > 0


def test_a_form_that_is_nothing_like_ours_is_told_so(client_of, anna, employer):
    client = client_of(anna)
    assert (
        client.post(NEW, b"\xff\xfe" + "title=IT".encode("utf-16-le"), "application/x-www-form-urlencoded").status_code
        == 200
    )
    assert client.post(NEW, '{"title": "IT"}', "application/json").status_code == 200
    assert client.post(NEW, {"title": SimpleUploadedFile("x.txt", b"IT")}).status_code == 200
    assert not Vacancy.objects.exists()


def test_invisible_characters_do_not_reach_the_database(client_of, anna, employer):
    client_of(anna).post(NEW, ad(title="IT-\x07Koordination\r\n  (m/w/d)", tasks="eins\r\nzwei\x0b\x1b"))
    vacancy = Vacancy.objects.get()
    assert (vacancy.title, vacancy.tasks) == ("IT-Koordination (m/w/d)", "eins\nzwei")


def test_hybrid_asks_for_days_and_a_fixed_term_for_months_before_review(client_of, anna, employer):
    client = client_of(anna)
    client.post(NEW, ad(workplace="hybrid", contract="fixed_term"))
    vacancy = Vacancy.objects.get()
    response = client.post(url(vacancy, end="einreichen/"), follow=True)
    assert "wie viele Tage im Homeoffice" in text_of(response)
    assert "auf wie viele Monate" in text_of(response)
    assert f"{url(vacancy, end='bearbeiten/')}#id_remote_days".encode() in response.content
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


# Places


def test_hamm_alone_leads_to_a_choice_and_the_choice_counts(client_of, anna, employer):
    client = client_of(anna)
    response = client.post(NEW, ad(place_name="Hamm", postal_code="", tasks="Bleibt stehen."))
    assert "mehrere" in error_of(response, "place_choice")
    assert "Hamm, Nordrhein-Westfalen" in text_of(response)
    assert "Hamm, Rheinland-Pfalz, bei" in text_of(response)
    assert b"Bleibt stehen." in response.content
    assert not Vacancy.objects.exists()
    # Beside another mistake the choice stays chosen.
    response = client.post(NEW, ad(place_name="Hamm", postal_code="", place_choice=HAMM, title=""))
    assert re.search(rf'value="{HAMM}"[^>]*checked', response.content.decode())
    assert client.post(NEW, ad(place_name="Hamm", postal_code="", place_choice=HAMM)).status_code == 302
    assert Vacancy.objects.get().place_id == HAMM


@pytest.mark.parametrize(("code", "land"), [("59065", "07"), ("57577", "08"), ("20535", "04")])
def test_the_postal_code_tells_which_hamm_is_meant(code, land, client_of, anna, employer):
    assert client_of(anna).post(NEW, ad(place_name="hamm", postal_code=code)).status_code == 302
    assert Vacancy.objects.get().place.land == land


@pytest.mark.parametrize("choice", ["x", "\x00", str(OSNABRUECK), str(10**30), "-1"])
def test_a_place_that_was_not_offered_cannot_be_chosen(choice, client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(place_name="Hamm", postal_code="", place_choice=choice))
    assert error_of(response, "place_choice")
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize(
    ("typed", "name"), [("osnabrueck", "Osnabrück"), ("OSNABRÜCK ", "Osnabrück"), ("Hamm, Nordrhein-Westfalen", "Hamm")]
)
def test_places_are_found_however_they_are_written(typed, name, client_of, anna, employer):
    assert client_of(anna).post(NEW, ad(place_name=typed, postal_code="")).status_code == 302
    assert Vacancy.objects.get().place.name == name


def test_half_a_name_is_answered_with_the_whole_ones(client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(place_name="Frankfurt", postal_code=""))
    assert "Frankfurt am Main, Hessen" in text_of(response)


def test_remote_work_needs_no_place(client_of, anna, employer):
    assert client_of(anna).post(NEW, ad(workplace="remote", place_name="", postal_code="")).status_code == 302
    vacancy = Vacancy.objects.get()
    assert vacancy.place is None
    assert client_of(anna).post(url(vacancy, end="einreichen/")).url == url(vacancy)
    vacancy.refresh_from_db()
    assert vacancy.status == Status.IN_REVIEW


# Two people, two tabs


def test_the_second_tab_overwrites_nothing_and_keeps_what_was_typed(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    client = client_of(anna)
    path = url(vacancy, end="bearbeiten/")
    assert client.post(path, ad(title="Erste Fassung (m/w/d)", version=1)).status_code == 302
    response = client.post(path, ad(title="Zweite Fassung (m/w/d)", version=1))
    assert "inzwischen an anderer Stelle geändert" in text_of(response)
    assert b'value="Zweite Fassung (m/w/d)"' in response.content
    assert url(vacancy, end="vorschau/").encode() in response.content
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.version) == ("Erste Fassung (m/w/d)", 2)
    # Whoever has read that may still insist.
    assert b'name="version" value="2"' in response.content
    client.post(path, ad(title="Zweite Fassung (m/w/d)", version=2))
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.version) == ("Zweite Fassung (m/w/d)", 3)


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 40, "\x00", "1.0"])
def test_a_version_that_is_not_the_stored_one_saves_nothing(version, client_of, anna, employer):
    vacancy = make_vacancy(employer)
    response = client_of(anna).post(url(vacancy, end="bearbeiten/"), ad(title="Neu (m/w/d)", version=version))
    assert response.status_code == 200
    vacancy.refresh_from_db()
    assert vacancy.title == "IT-Projektkoordination (m/w/d)"


def test_saving_loses_against_somebody_who_is_faster_by_a_moment(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    clean = forms.VacancyForm.is_valid

    def meanwhile(form):
        result = clean(form)
        Vacancy.objects.get(pk=vacancy.pk).submit(anna)
        return result

    with mock.patch.object(forms.VacancyForm, "is_valid", meanwhile):
        response = client_of(anna).post(url(vacancy, end="bearbeiten/"), ad(title="Zu spät (m/w/d)", version=1))
    assert "kein Entwurf mehr" in text_of(response)
    vacancy.refresh_from_db()
    assert (vacancy.status, vacancy.title) == (Status.IN_REVIEW, "IT-Projektkoordination (m/w/d)")


@pytest.mark.parametrize("status", ["in_review", "published", "paused", "closed"])
def test_only_drafts_are_edited_and_the_page_says_what_can_be_done(status, client_of, anna, employer):
    vacancy = make_vacancy(employer, status=status)
    client = client_of(anna)
    path = url(vacancy, end="bearbeiten/")
    assert "Bearbeiten lässt sich nur ein Entwurf" in text_of(client.get(path))
    response = client.post(path, ad(title="Meine lange Arbeit (m/w/d)", version=vacancy.version))
    assert "kein Entwurf mehr" in text_of(response)
    assert "Meine lange Arbeit (m/w/d)" in response.content.decode()
    vacancy.refresh_from_db()
    assert vacancy.title == "IT-Projektkoordination (m/w/d)"


# Preview and state


def test_the_preview_is_the_live_page_with_a_bar_above(client, client_of, anna, employer, rita):
    vacancy = make_vacancy(employer, facts=["jira"], skills="Papierdeutsch")
    preview = text_of(client_of(anna).get(url(vacancy, end="vorschau/")))
    vacancy.submit(anna)
    vacancy.publish(rita, vacancy.version)
    live = text_of(client.get(vacancy.get_absolute_url()))
    start, end = "Aufgaben Sie halten", "Zeugnisse: zunächst nicht nötig"
    assert preview[preview.index(start) : preview.index(end)] == live[live.index(start) : live.index(end)]
    assert "Zur Prüfung einreichen" in preview
    assert "Zur Prüfung einreichen" not in live


def test_the_reason_of_the_editors_stands_where_it_cannot_be_missed(client_of, anna, employer, rita):
    vacancy = make_vacancy(employer, status="in_review")
    vacancy.send_back(rita, "Bitte <Ort> nennen.\nUnd die Stunden.")
    response = client_of(anna).get(url(vacancy))
    html = response.content.decode()
    assert '<blockquote class="reason">Bitte &lt;Ort&gt; nennen.\nUnd die Stunden.</blockquote>' in html
    assert "Entschieden hat das ein Mensch" in html
    assert "Rita" not in html, "editors act for the board"
    assert "von der Redaktion" in text_of(response)


STATES = ["draft", "in_review", "published", "paused", "closed"]
STEPS = {
    "einreichen": "submit",
    "zuruecknehmen": "take_back",
    "pausieren": "pause",
    "fortsetzen": "resume",
    "schliessen": "close",
}


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("verb", STEPS)
def test_each_verb_works_in_its_states_only(verb, status, client_of, anna, employer):
    vacancy = make_vacancy(employer, status=status)
    allowed, leads_to = Vacancy.LIFECYCLE[STEPS[verb]]
    count = vacancy.events.count()
    response = client_of(anna).post(url(vacancy, end=f"{verb}/"), {"closed_as": "withdrawn"}, follow=True)
    assert response.redirect_chain == [(url(vacancy), 302)]
    vacancy.refresh_from_db()
    if status in allowed:
        assert vacancy.status == leads_to
        assert vacancy.events.count() == count + 1
        assert vacancy.events.last().by == anna
    else:
        assert vacancy.status == status
        assert vacancy.events.count() == count
        assert "inzwischen geändert" in text_of(response)


@pytest.mark.parametrize("status", STATES)
def test_the_page_offers_exactly_the_verbs_that_work(status, client_of, anna, employer):
    vacancy = make_vacancy(employer, status=status)
    html = client_of(anna).get(url(vacancy)).content.decode()
    offered = set(re.findall(rf'action="/arbeitgeber/stellen/{vacancy.pk}/([a-z]+)/"', html))
    assert offered == {verb for verb, step in STEPS.items() if vacancy.can(step)}


@pytest.mark.parametrize("verb", [*STEPS, "loeschen", "publish"])
def test_reading_an_address_of_a_step_changes_nothing(verb, client_of, anna, employer):
    vacancy = make_vacancy(employer)
    response = client_of(anna).get(url(vacancy, end=f"{verb}/"))  # where a login in between leads
    if verb in STEPS:
        assert (response.status_code, response["Location"]) == (302, url(vacancy))
    else:
        assert response.status_code == 404
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


@pytest.mark.parametrize("verb", ["loeschen", "publish", "submit", "close", "bearbeite"])
def test_unknown_verbs_are_not_found(verb, client_of, anna, employer):
    assert client_of(anna).post(url(make_vacancy(employer), end=f"{verb}/")).status_code == 404


@pytest.mark.parametrize("reason", ["", "ended", "\x00", "egal"])
def test_closing_asks_why(reason, client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    response = client_of(anna).post(url(vacancy, end="schliessen/"), {"closed_as": reason})
    assert response.status_code == 200
    assert error_of(response, "closed_as")
    vacancy.refresh_from_db()
    assert vacancy.status == Status.PUBLISHED


def test_a_step_from_an_old_page_is_not_taken(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    client = client_of(anna)
    client.post(url(vacancy, end="bearbeiten/"), ad(title="Neuere Fassung (m/w/d)", version=1))
    response = client.post(url(vacancy, end="einreichen/"), {"version": 1}, follow=True)
    assert "inzwischen geändert" in text_of(response)
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


def test_a_step_that_somebody_else_took_a_moment_before_is_told(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    with mock.patch.object(Vacancy, "submit", side_effect=WrongStatus("submit")):
        response = client_of(anna).post(url(vacancy, end="einreichen/"), follow=True)
    assert "inzwischen geändert" in text_of(response)


def test_an_incomplete_ad_is_not_submitted_and_each_gap_leads_to_its_field(client_of, anna, employer):
    vacancy = make_vacancy(employer, pay_low=None, tasks="")
    client = client_of(anna)
    response = client.post(url(vacancy, end="einreichen/"), follow=True)
    assert response.redirect_chain == [(url(vacancy, end="vorschau/"), 302)]
    form = client.get(url(vacancy, end="bearbeiten/")).content.decode()
    gaps = re.findall(r'bearbeiten/#(id_\w+)">', response.content.decode())
    assert {"id_tasks", "id_pay_low"} <= set(gaps)
    assert all(f'id="{gap}"' in form for gap in gaps)


def test_every_gap_that_an_ad_can_have_leads_to_a_field(client_of, anna, employer):
    vacancy = Vacancy.objects.create(employer=employer, title="", workplace="hybrid", contract="fixed_term")
    client = client_of(anna)
    form = client.get(url(vacancy, end="bearbeiten/")).content.decode()
    gaps = re.findall(r'bearbeiten/#(id_\w+)">', client.get(url(vacancy)).content.decode())
    assert len(gaps) >= 10
    assert [gap for gap in gaps if f'id="{gap}"' not in form] == []


def test_resuming_after_the_last_day_says_that_nobody_sees_it(client_of, anna, employer):
    vacancy = make_vacancy(employer, status="paused")
    today = localdate()
    Vacancy.objects.filter(pk=vacancy.pk).update(
        first_day=today - timedelta(days=9), last_day=today - timedelta(days=1)
    )
    client = client_of(anna)
    assert b"/fortsetzen/" not in client.get(url(vacancy)).content
    response = client.post(url(vacancy, end="fortsetzen/"), follow=True)
    assert "ihr letzter Tag ist schon vorbei" in text_of(response)
    assert "abgelaufen" in text_of(response)


def test_steps_need_the_token_of_our_own_page(anna, employer):
    from django.test import Client

    vacancy = make_vacancy(employer)
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert client.post(url(vacancy, end="einreichen/")).status_code == 403
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


def test_a_removed_or_replaced_logo_leaves_the_net(client_of, client, anna, employer):
    def save(**fields):
        form = {"name": employer.name, "kind": "direkt", "place_name": "", **fields}
        assert client_of(anna).post(f"/arbeitgeber/firma/{employer.slug}/", form).status_code == 302
        employer.refresh_from_db()
        return employer.logo_url

    def picture(colour):
        file = BytesIO()
        Image.new("RGB", (90, 40), colour).save(file, "PNG")
        return SimpleUploadedFile("logo.png", file.getvalue(), "image/png")

    first = save(logo=picture("red"))
    assert client.get(first).status_code == 200
    second = save(logo=picture("blue"))
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    assert save(remove_logo="on") == ""
    assert client.get(second).status_code == 404
