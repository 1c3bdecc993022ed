"""Writing an ad: what is kept, what is asked back, which town is meant, two people at once."""

import re
from datetime import timedelta
from decimal import Decimal
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from listings import vacancy_form
from listings.models import Status, Vacancy
from profiles.models import Fact
from tests.listings.employer_side import NEW, ad, error_of, text_of, url
from tests.make import HAMM, OSNABRUECK, make_vacancy

pytestmark = pytest.mark.django_db


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
    assert response.url == url(vacancy, end="bearbeiten/#pruefung")
    assert vacancy.status == Status.DRAFT
    page = text_of(client_of(anna).get(url(vacancy, end="vorschau/")))
    assert re.search(r"Vor dem Einreichen sind noch \d Dinge offen", page)
    assert "Bitte beschreiben Sie die Aufgaben." in page


def test_an_empty_title_is_not(client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(title="", tasks="Viel geschrieben."))
    assert "Titel" in error_of(response, "title")
    assert b"Viel geschrieben." in response.content
    vacancy = Vacancy.objects.get()
    assert (vacancy.title, vacancy.tasks) == ("", "Viel geschrieben.")
    assert "Anzeige ohne Titel" in text_of(client_of(anna).get(url(vacancy)))


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
    assert again.version == vacancy.version
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


@pytest.mark.slow
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
    # All else is stored, and what does not fit is there again the next time, with its error.
    vacancy = Vacancy.objects.get()
    assert (vacancy.offer, vacancy.status) == ("Ein <ruhiges> Büro.", Status.DRAFT)
    path = url(vacancy, end="bearbeiten/")
    again = client_of(anna).get(path)
    if "\x00" not in value:  # no database keeps that one
        assert bool(error_of(again, field)) == (field in vacancy_form.with_companions(vacancy.unsaved))
    assert f'href="/arbeitgeber/stellen/{vacancy.pk}/"'.encode() in again.content
    client_of(anna).post(url(vacancy, end="einreichen/"))
    vacancy.refresh_from_db()
    assert (vacancy.status == Status.DRAFT) == bool(vacancy.unsaved) or not vacancy.title or not vacancy.tasks


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
    vacancy = Vacancy.objects.get()
    assert (vacancy.place, vacancy.unsaved) == (None, {"place_name": "Hamm"})
    path = url(vacancy, end="bearbeiten/")
    assert "mehrere" in error_of(client.get(path), "place_choice")
    # Beside another mistake the choice stays chosen.
    choice = ad(place_name="Hamm", postal_code="", place_choice=HAMM, version=vacancy.version)
    response = client.post(path, choice | {"pay_low": "viel"})
    assert re.search(rf'value="{HAMM}"[^>]*checked', response.content.decode())
    assert client.post(path, choice | {"version": vacancy.version + 1}).status_code == 302
    vacancy.refresh_from_db()
    assert (vacancy.place_id, vacancy.unsaved) == (HAMM, {})


@pytest.mark.parametrize(("code", "land"), [("59065", "07"), ("57577", "08"), ("20535", "04")])
def test_the_postal_code_tells_which_hamm_is_meant(code, land, client_of, anna, employer):
    assert client_of(anna).post(NEW, ad(place_name="hamm", postal_code=code)).status_code == 302
    assert Vacancy.objects.get().place.land == land


@pytest.mark.parametrize("choice", ["x", "\x00", str(OSNABRUECK), str(10**30), "-1"])
def test_a_place_that_was_not_offered_cannot_be_chosen(choice, client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(place_name="Hamm", postal_code="", place_choice=choice))
    assert error_of(response, "place_choice")
    assert Vacancy.objects.get().place is None


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
    # What changes nothing overwrites nothing, whatever version it knows: a double click.
    assert client.post(path, ad(title="Zweite Fassung (m/w/d)", version=1)).status_code == 302
    vacancy.refresh_from_db()
    assert vacancy.version == 3


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 40, "\x00", "1.0"])
def test_a_version_that_is_not_the_stored_one_saves_nothing(version, client_of, anna, employer):
    vacancy = make_vacancy(employer)
    response = client_of(anna).post(url(vacancy, end="bearbeiten/"), ad(title="Neu (m/w/d)", version=version))
    assert response.status_code == 200
    vacancy.refresh_from_db()
    assert vacancy.title == "IT-Projektkoordination (m/w/d)"


def test_saving_loses_against_somebody_who_is_faster_by_a_moment(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    settle = vacancy_form.VacancyForm.settle

    def meanwhile(form):
        settle(form)
        Vacancy.objects.get(pk=vacancy.pk).submit(anna)

    with mock.patch.object(vacancy_form.VacancyForm, "settle", meanwhile):
        response = client_of(anna).post(url(vacancy, end="bearbeiten/"), ad(title="Zu spät (m/w/d)", version=1))
    assert "kein Entwurf mehr" in text_of(response)
    vacancy.refresh_from_db()
    assert (vacancy.status, vacancy.title) == (Status.IN_REVIEW, "IT-Projektkoordination (m/w/d)")


@pytest.mark.parametrize("status", ["in_review", "closed", "removed"])
def test_what_is_in_review_or_over_is_not_edited_and_the_page_says_what_can_be_done(status, client_of, anna, employer):
    vacancy = make_vacancy(employer, status=status)
    client = client_of(anna)
    path = url(vacancy, end="bearbeiten/")
    assert "lässt sich diese Anzeige nicht bearbeiten" in text_of(client.get(path))
    response = client.post(path, ad(title="Meine lange Arbeit (m/w/d)", version=vacancy.version))
    assert "kein Entwurf mehr" in text_of(response)
    assert "Meine lange Arbeit (m/w/d)" in response.content.decode()
    vacancy.refresh_from_db()
    assert vacancy.title == "IT-Projektkoordination (m/w/d)"
