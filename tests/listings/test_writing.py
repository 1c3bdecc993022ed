"""An ad that saves itself: what is stored, what waits, what is told, and what survives a login in between."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate, localtime

from jobboard import kept
from listings.daily import forget_contacts
from listings.models import Status, Vacancy
from profiles.reference import load_all
from tests.listings.employer_side import NEW, ad, error_of, text_of, url
from tests.make import HAMM, make_employer, make_user, make_vacancy
from tests.races import at_once, needs_connections

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef" * 2
HTMX = {"HX-Request": "true"}


def autosave(client, path, **fields):
    return client.post(path, fields, headers=HTMX)


def sent_version(response) -> str:
    return re.search(r'name="version" value="([^"]*)"', response.content.decode())[1]


# Drafts


def test_the_first_words_begin_a_draft_and_the_address_becomes_its_own(client_of, anna, employer):
    response = autosave(client_of(anna), NEW, form_key=KEY, tasks="Termine halten.")
    vacancy = Vacancy.objects.get()
    assert (vacancy.tasks, vacancy.title, vacancy.status) == ("Termine halten.", "", Status.DRAFT)
    assert response["HX-Replace-Url"] == url(vacancy, end="bearbeiten/")
    assert f"Gespeichert um {localtime(vacancy.changed_at):%H:%M} Uhr" in text_of(response)
    assert b"<html" not in response.content
    assert b"hx-swap-oob" in response.content
    assert "HX-Request" in response["Vary"]
    assert [event.step for event in vacancy.events.all()] == ["create"]


@pytest.mark.parametrize("fields", [{}, {"title": "  "}, {"level": "erfahren", "pay_unit": "month"}])
def test_nothing_written_begins_nothing(fields, client_of, anna, employer):
    response = autosave(client_of(anna), NEW, form_key=KEY, **fields)
    assert "Noch nicht gespeichert" in text_of(response)
    assert not Vacancy.objects.exists()


def test_the_same_form_always_finds_its_own_draft(client_of, anna, employer):
    client = client_of(anna)
    version = sent_version(autosave(client, NEW, form_key=KEY, title="IT-Koordination (m/w/d)"))
    autosave(client, NEW, form_key=KEY, version=version, title="IT-Koordination (m/w/d)", tasks="Termine.")
    vacancy = Vacancy.objects.get()
    assert (vacancy.tasks, vacancy.version) == ("Termine.", 2)
    # A double click sends the same twice; the second time there is nothing to do.
    for _ in range(2):
        response = client.post(NEW, {"form_key": KEY, "title": vacancy.title, "tasks": "Termine.", "vorschau": 1})
        assert response.url == url(vacancy, end="vorschau/")
    # The back button shows the empty form again: what is typed there now is told, not stored.
    response = client.post(NEW, {"form_key": KEY, "title": "Etwas ganz anderes (m/w/d)"})
    assert "inzwischen an anderer Stelle geändert" in text_of(response)
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.version) == ("IT-Koordination (m/w/d)", 2)


def test_the_heading_is_the_title_that_has_just_been_saved(client_of, anna, employer):
    client = client_of(anna)
    page = client.post(NEW, {"form_key": KEY, "title": "IT-Koordination (m/w/d)", "pay_low": "fünf", "pruefen": 1})
    assert b"<h1>IT-Koordination (m/w/d)</h1>" in page.content
    path = url(Vacancy.objects.get(), end="bearbeiten/")
    page = client.post(path, {"title": "Netzkoordination (m/w/d)", "pay_low": "fünf", "version": 1})
    assert b"<h1>Netzkoordination (m/w/d)</h1>" in page.content


def test_what_is_typed_beside_a_mistake_is_not_called_missing(client_of, anna, employer):
    fields = {"form_key": KEY, "title": "IT-Koordination (m/w/d)"}
    page = text_of(autosave(client_of(anna), NEW, **fields, pay_low="5.000", pay_high="4.200"))
    assert "„von“ darf nicht über „bis“ liegen" in page
    assert "das obere Ende des Gehalts" not in page
    page = text_of(autosave(client_of(anna), NEW, **fields, pay_low="fünf"))
    assert "das obere Ende des Gehalts" in page


def test_a_key_of_somebody_else_leads_nowhere(client_of, anna, employer, eva):
    autosave(client_of(anna), NEW, form_key=KEY, title="Geheim (m/w/d)")
    response = autosave(client_of(eva), NEW, form_key=KEY, title="Meine (m/w/d)")
    assert b"Geheim" not in response.content
    assert {ad.employer.name for ad in Vacancy.objects.all()} == {"Hasewerk GmbH", "Fremdwerk GmbH"}
    assert Vacancy.objects.get(title="Geheim (m/w/d)").form_key == KEY


def test_several_firms_are_asked_for_before_anything_is_stored(client_of, anna, employer):
    other = make_employer("Zweitwerk GmbH", owner=anna)
    client = client_of(anna)
    response = autosave(client, NEW, form_key=KEY, title="IT-Koordination (m/w/d)")
    assert "Noch nicht gespeichert: Für welche Firma?" in text_of(response)
    assert not Vacancy.objects.exists()
    autosave(client, NEW, form_key=KEY, title="IT-Koordination (m/w/d)", employer=other.pk)
    assert Vacancy.objects.get().employer == other


def test_what_does_not_fit_waits_with_its_companions_and_the_rest_is_stored(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    typed = ad(title="Neuer Titel (m/w/d)", pay_low="5.000", pay_high="4.200", skills="EDI", version=1)
    response = autosave(client, path, **typed)
    assert "bis auf das, was noch nicht passt" in text_of(response)
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.skills, vacancy.version) == ("Neuer Titel (m/w/d)", "EDI", 2)
    assert (vacancy.pay_low, vacancy.pay_high) == (3500, 4000), "one end of a range alone would be another range"
    assert vacancy.unsaved == {"pay_low": "5.000", "pay_high": "4.200"}
    page = client.get(path)
    assert "„von“" in error_of(page, "pay_low")
    assert b'value="5.000"' in page.content
    assert "Alles andere ist gespeichert" in text_of(page)
    preview = client.get(url(vacancy, end="vorschau/"))
    assert "passt noch nicht und ist nicht gespeichert" in text_of(preview)
    client.post(url(vacancy, end="einreichen/"))
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT
    autosave(client, path, **typed | {"pay_high": "5.500", "version": 2})
    vacancy.refresh_from_db()
    assert (vacancy.pay_low, vacancy.pay_high, vacancy.unsaved) == (5000, 5500, {})


def test_saving_by_itself_never_overwrites_and_goes_on_telling(client_of, anna, ben, employer):
    vacancy = make_vacancy(employer)
    path = url(vacancy, end="bearbeiten/")
    autosave(client_of(ben), path, **ad(title="Bens Fassung (m/w/d)", version=1))
    for _ in range(2):
        response = autosave(client_of(anna), path, **ad(title="Annas Fassung (m/w/d)", version=1))
        assert "Nicht gespeichert: an anderer Stelle geändert" in text_of(response)
        assert b'name="version"' not in response.content, "or the next save would win silently"
    vacancy.refresh_from_db()
    assert vacancy.title == "Bens Fassung (m/w/d)"


def test_a_choice_among_towns_of_one_name_is_offered_while_writing(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    path = url(vacancy, end="bearbeiten/")
    response = autosave(client_of(anna), path, **ad(place_name="Hamm", postal_code="", version=1))
    assert "Hamm, Rheinland-Pfalz, bei" in text_of(response)
    assert Vacancy.objects.get().unsaved == {"place_name": "Hamm", "postal_code": ""}
    version = sent_version(response)
    autosave(client_of(anna), path, **ad(place_name="Hamm", postal_code="", place_choice=HAMM, version=version))
    vacancy.refresh_from_db()
    assert (vacancy.place_id, vacancy.unsaved) == (HAMM, {})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("apply_email", "www.firma.de/jobs", "Feld darunter"),
        ("apply_email", "a@example.com", "Beispiele"),
        ("apply_email", "no-reply@firma.de", "niemand liest"),
        ("apply_email", "a b@firma.de", "E-Mail"),
        ("apply_url", "jobs@firma.de", "Feld darüber"),
        ("apply_url", "mailto:jobs@firma.de", "Feld darüber"),
        ("apply_url", "https://firma.de/a b", "Leerzeichen"),
        ("apply_url", "http://127.0.0.1:8000/stellen/", "dieser Jobbörse"),
        ("apply_url", "http://192.168.1.5/jobs", "eigenen Netz"),
        ("apply_url", "https://intranet/jobs", ""),
        ("apply_url", "https://ich:geheim@firma.de/", "Zugangsdaten"),
        ("apply_url", "javascript:alert(1)", ""),
        ("apply_url", "https://www.example.com/jobs", "Beispiele"),
    ],
)
def test_ways_to_apply_that_lead_nowhere_are_told(field, value, says, client_of, anna, employer):
    response = client_of(anna).post(NEW, ad(apply_email="", apply_url="") | {field: value})
    assert says in error_of(response, field)
    assert error_of(response, field)


@pytest.mark.parametrize(
    ("field", "typed", "meant"),
    [
        ("apply_email", "mailto:jobs@firma.de?subject=x", "jobs@firma.de"),
        ("apply_email", " jobs@firma.de ", "jobs@firma.de"),
        ("apply_url", "firma.de/jobs", "https://firma.de/jobs"),
        ("apply_url", " https://karriere.firma.de/?id=7 ", "https://karriere.firma.de/?id=7"),
    ],
)
def test_ways_to_apply_are_understood_as_people_write_them(field, typed, meant, client_of, anna, employer):
    assert client_of(anna).post(NEW, ad(apply_email="", apply_url="") | {field: typed}).status_code == 302
    assert getattr(Vacancy.objects.get(), field) == meant


# What stands beside


def test_beside_the_text_stands_what_is_missing_how_the_pay_compares_and_what_machines_read(client_of, anna, employer):
    vacancy = make_vacancy(employer, tasks="", pay_low=2900, pay_high=3100, street="")
    text = text_of(client_of(anna).get(url(vacancy, end="bearbeiten/")))
    assert "Bitte beschreiben Sie die Aufgaben." in text
    assert "innerhalb der Spanne „Einstieg“" in text
    assert "IT-Projektkoordination (m/w/d), Osnabrück · Koordinaten" in text
    assert "Ohne Straße fehlt die genaue Anschrift" in text


def test_the_advice_follows_what_is_typed(client_of, anna, employer):
    vacancy = make_vacancy(employer, tasks="")
    path = url(vacancy, end="bearbeiten/")
    response = autosave(
        client_of(anna), path, **ad(tasks="Viel.", pay_unit="year", pay_low="42.000", pay_high="45.000", version=1)
    )
    assert "Bitte beschreiben Sie die Aufgaben." not in text_of(response)
    assert "42.000 bis 45.000 € ÷ 12 = 3.500 bis 3.750 € im Monat" in text_of(response)


def test_the_compass_never_passes_off_old_pay_as_what_is_typed(client_of, anna, employer):
    draft = make_vacancy(employer)
    path = f"/arbeitgeber/stellen/{draft.pk}/bearbeiten/"
    told = "Was beim Gehalt steht, passt noch nicht. Hier sehen Sie, was zuletzt gepasst hat."
    typed = ad(pay_low="4.000", pay_high="3.000", version=draft.version)
    assert told in text_of(autosave(client_of(anna), path, **typed))
    typed |= {"pay_high": "4.500", "version": Vacancy.objects.get().version}
    assert told not in text_of(autosave(client_of(anna), path, **typed))


def test_what_the_linter_finds_stands_beside_the_text_and_errors_stop_the_way(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    typed = ad(title="Projektleiter", tasks="Wir sind ein junges Team.", version=1)
    response = autosave(client, path, **typed)
    assert "<mark>junges Team</mark>" in response.content.decode()
    assert 'href="#id_title"' in response.content.decode()
    assert "hält das Einreichen auf" in text_of(response)
    client.post(url(vacancy, end="einreichen/"))
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT
    response = autosave(client, path, **typed | {"title": "Projektleitung", "version": 2})
    assert "Nichts davon hält Sie auf" in text_of(response)
    preview = client.get(url(vacancy, end="vorschau/"))
    assert "einreichen können Sie trotzdem" in text_of(preview)
    client.post(url(vacancy, end="einreichen/"))
    vacancy.refresh_from_db()
    assert vacancy.status == Status.IN_REVIEW


def test_the_form_asks_few_questions_whatever_waits(client_of, anna, employer, django_assert_max_num_queries):
    vacancy = make_vacancy(employer, facts=["jira", "change-management"], status="in_review")
    vacancy.send_back(None, "Bitte den Ort nennen.")
    vacancy.events.create(
        step="override", role="editor", rule="L04", reason="Zitat.", data={"found": "Gehaltsnachweis"}
    )
    typed = {"pay_low": "viel", "place_name": "Hamm", "postal_code": "", "title": "Projektleiter"}
    Vacancy.objects.update(unsaved=typed)
    client = client_of(anna)
    with django_assert_max_num_queries(12):
        assert "mehrere" in error_of(client.get(url(vacancy, end="bearbeiten/")), "place_choice")
    Vacancy.objects.update(unsaved={})
    for headers in ({}, HTMX):
        with django_assert_max_num_queries(12):
            client.get(url(vacancy, end="bearbeiten/"), headers=headers)


# A login in between


def test_a_form_that_saves_itself_says_that_the_session_has_ended(client, employer):
    vacancy = make_vacancy(employer)
    response = autosave(client, url(vacancy, end="bearbeiten/"), **ad(title="Ungespeichert (m/w/d)", version=1))
    assert response.status_code == 200
    assert "Sie sind nicht mehr angemeldet" in text_of(response)
    assert response["HX-Retarget"] == "[data-saved]"
    assert not response.cookies
    vacancy.refresh_from_db()
    assert vacancy.title == "IT-Projektkoordination (m/w/d)"


def test_what_was_sent_without_a_session_is_there_after_the_login(client, anna, employer):
    vacancy = make_vacancy(employer)
    path = url(vacancy, end="bearbeiten/")
    response = client.post(path, ad(title="Lange getippt (m/w/d)", skills="EDI", version=1))
    assert response.url == f"/konto/login/?next={path}"
    assert client.session.get_expiry_age() <= kept.MAX_AGE
    client.force_login(anna)
    page = client.get(path)
    assert b'value="Lange getippt (m/w/d)"' in page.content
    assert "bevor die Anmeldung dazwischenkam" in text_of(page)
    assert b"hx-post" not in page.content, "storing it is for the person to decide"
    assert b"Lange getippt" not in client.get(path, {"gespeichert": "1"}).content
    vacancy.refresh_from_db()
    assert vacancy.title == "IT-Projektkoordination (m/w/d)", "reading changes nothing"
    client.post(path, ad(title="Lange getippt (m/w/d)", skills="EDI", version=sent_version(page)))
    vacancy.refresh_from_db()
    assert vacancy.title == "Lange getippt (m/w/d)"
    assert kept.KEY not in client.session


def test_a_new_ad_survives_the_login_too(client, anna, employer):
    client.post(NEW, ad(title="Lange getippt (m/w/d)", form_key=KEY))
    client.force_login(anna)
    page = client.get(NEW)
    assert b'value="Lange getippt (m/w/d)"' in page.content
    assert f'name="form_key" value="{KEY}"'.encode() in page.content
    assert not Vacancy.objects.exists()


def test_somebody_else_who_logs_in_does_not_see_it_for_an_ad_that_is_not_theirs(client, eva, employer):
    vacancy = make_vacancy(employer)
    path = url(vacancy, end="bearbeiten/")
    client.post(path, ad(title="Geheim (m/w/d)"))
    client.force_login(eva)
    assert client.get(path).status_code == 404
    assert b"Geheim" not in client.get(NEW).content


def test_too_much_is_not_kept_and_the_rest_not_for_long(client, anna, employer, monkeypatch):
    client.post(NEW, ad(tasks="x" * (kept.MAX_LENGTH + 1)))
    assert kept.KEY not in client.session
    client.post(NEW, ad(title="Alt (m/w/d)"))
    monkeypatch.setattr(kept.time, "time", lambda: 4_000_000_000)
    request = type("Request", (), {"session": dict(client.session), "path": NEW})()
    assert kept.typing(request) is None


def test_nobody_fills_the_sessions_without_a_login(client, employer, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_PER_HOUR", 3)
    path = url(make_vacancy(employer), end="bearbeiten/")
    answers = [Client().post(address, ad()) for address in (NEW, path, NEW, path, NEW)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert Session.objects.count() == 3
    assert client.get(NEW).status_code == 302, "looking stays free"


def logged_in(user, *, strict=True):
    client = Client(enforce_csrf_checks=strict)
    client.force_login(user)
    return client


def test_a_token_from_before_the_login_loses_nothing(anna, employer):
    vacancy = make_vacancy(employer)
    path = url(vacancy, end="bearbeiten/")
    client = logged_in(anna)
    response = client.post(path, ad(title="Lange getippt (m/w/d)", version=1, csrfmiddlewaretoken="x" * 64))
    assert response.url == path
    assert b'value="Lange getippt (m/w/d)"' in client.get(path).content
    assert "csrfmiddlewaretoken" not in client.session[kept.KEY]["text"]
    vacancy.refresh_from_db()
    assert vacancy.title == "IT-Projektkoordination (m/w/d)"


def test_a_form_that_saves_itself_gets_a_fresh_token_and_sends_itself_again(anna, employer):
    client = logged_in(anna)
    vacancy = make_vacancy(employer)
    response = client.post(url(vacancy, end="bearbeiten/"), ad(version=1), headers=HTMX)
    assert (response["HX-Retarget"], response["HX-Trigger-After-Swap"]) == ("[data-token]", "renewed")
    token = re.search(r'value="(\w+)"', response.content.decode())[1]
    fields = ad(title="Nun aber (m/w/d)", version=1, csrfmiddlewaretoken=token)
    client.post(url(vacancy, end="bearbeiten/"), fields, headers=HTMX)
    vacancy.refresh_from_db()
    assert vacancy.title == "Nun aber (m/w/d)"


def test_a_form_that_saves_itself_without_any_cookie_says_that_nobody_is_logged_in(employer):
    vacancy = make_vacancy(employer)
    response = Client(enforce_csrf_checks=True).post(url(vacancy, end="bearbeiten/"), ad(version=1), headers=HTMX)
    assert (response.status_code, response["HX-Retarget"]) == (200, "[data-saved]")
    assert "nicht mehr angemeldet" in text_of(response)


def test_pages_of_others_and_other_forms_get_the_plain_refusal(anna, employer):
    client = logged_in(anna)
    vacancy = make_vacancy(employer)
    response = client.post(url(vacancy, end="bearbeiten/"), ad(), headers={"Origin": "https://boese.example"})
    assert response.status_code == 403
    assert kept.KEY not in client.session
    assert client.post(url(vacancy, end="einreichen/")).status_code == 403
    assert Client(enforce_csrf_checks=True).post(NEW, ad()).status_code == 403


def test_somebody_without_a_firm_is_led_to_describe_it(client_of):
    response = client_of(make_user("Nora Neu")).post(NEW, ad(), headers=HTMX)
    assert response.status_code == 302


# Running ads


def as_sent(client, path) -> dict:
    """What a browser would send for the form as it stands there."""
    page = client.get(path)
    form = page.context["form"]
    data = {name: value for name, value in form.stored_typing().items() if value not in (False, "", [])}
    number = re.search(r'name="number" value="(\d+)"', page.content.decode())[1]
    return data | {"version": sent_version(page), "number": number}


def sending(response) -> str:
    return re.search(r'data-sending="(\w*)"', response.content.decode())[1]


@pytest.mark.parametrize("status", ["published", "paused"])
def test_a_running_ad_is_changed_only_when_somebody_sends_it(status, client, client_of, anna, employer):
    vacancy = make_vacancy(employer, status=status)
    anna_writes, path = client_of(anna), url(vacancy, end="bearbeiten/")
    typed = as_sent(anna_writes, path) | {"tasks": "Sie halten jetzt auch die Budgets zusammen."}
    response = autosave(anna_writes, path, **typed)
    assert "noch nicht gesendet" in text_of(response)
    assert sending(response) == "live"
    vacancy.refresh_from_db()
    assert vacancy.unsaved == {"tasks": "Sie halten jetzt auch die Budgets zusammen."}
    assert (vacancy.tasks, vacancy.version) == (
        "Sie halten Termine, Beteiligte und Entscheidungen zusammen.",
        int(typed["version"]),
    ), "an editor who looks at the ad meanwhile is not in the way"
    page = anna_writes.get(path)
    assert b"auch die Budgets zusammen.</textarea>" in page.content
    preview = text_of(anna_writes.get(url(vacancy, end="vorschau/")))
    assert "auch die Budgets" in preview
    assert "Vorschau Ihrer Änderung" in preview
    assert "angefangen, aber noch nicht gesendet" in text_of(anna_writes.get(url(vacancy)))
    if status == "published":
        assert "Budgets" not in text_of(client.get(vacancy.get_absolute_url()))
    number = re.search(r'name="number" value="(\d+)"', page.content.decode())[1]
    response = anna_writes.post(path, typed | {"number": number, "senden": 1})
    assert response.url == url(vacancy)
    vacancy.refresh_from_db()
    assert (vacancy.tasks, vacancy.unsaved) == ("Sie halten jetzt auch die Budgets zusammen.", {})
    assert vacancy.waiting_revision() is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fields", "outcome", "because"),
    [
        ({}, "", ""),
        ({"offer": "Mehr Ruhe."}, "live", ""),
        ({"facts_tool": ["jira"]}, "live", ""),
        ({"contact_name": "Jana Jahn"}, "live", ""),
        ({"title": "ERP-Projektkoordination (m/w/d)"}, "waiting", "Titel"),
        ({"pay_high": "4.100"}, "waiting", "Gehalt"),
        ({"tariff": "TVöD 9b"}, "waiting", "Gehalt"),
        ({"working_time": "part", "hours_low": "20", "hours_high": "20"}, "waiting", "Gehalt"),
        ({"place_name": "Gelsenkirchen", "postal_code": ""}, "waiting", "Arbeitsort"),
        ({"workplace": "hybrid", "remote_days": "2"}, "waiting", "Arbeitsort"),
        ({"employer_kind": "zeitarbeit"}, "waiting", "wer einstellt"),
        ({"apply_email": "neu@firma.example"}, "waiting", "Bewerbungsweg"),
        ({"tasks": "Nennen Sie uns bitte Ihr aktuelles Gehalt."}, "waiting", ""),
    ],
)
def test_the_form_says_beforehand_what_sending_will_do(fields, outcome, because, client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    typed = as_sent(client, path) | fields
    response = autosave(client, path, **typed)
    assert sending(response) == outcome, text_of(response)[:900]
    assert because in text_of(response)
    number = str(int(typed["number"]) + bool(fields))
    assert client.post(path, typed | {"number": number, "senden": 1}).url == url(vacancy)
    vacancy.refresh_from_db()
    assert ("waiting" if vacancy.waiting_revision() else "live" if fields else "") == outcome


def test_sending_nothing_new_is_not_called_a_change(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    response = client.post(path, as_sent(client, path) | {"senden": 1}, follow=True)
    assert "Geändert hat sich nichts" in text_of(response)
    assert "Leserinnen und Leser sehen es ab sofort" not in text_of(response)


def test_only_what_changes_is_named_as_the_reason_for_waiting(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True, pay_unit="year", pay_low=58_000, pay_high=66_000)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    response = autosave(client, path, **as_sent(client, path) | {"title": "ERP-Koordination (m/w/d)"})
    assert "denn es ändert sich: Titel." in text_of(response)


def test_the_form_shows_what_waits_and_sends_the_next_change_with_it(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    vacancy.edit(anna, {"title": "ERP-Koordination (m/w/d)"}, vacancy.version)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    page = client.get(path)
    assert b'value="ERP-Koordination (m/w/d)"' in page.content
    assert "liegt schon bei der Redaktion" in text_of(page)
    client.post(path, as_sent(client, path) | {"offer": "Mehr Ruhe.", "senden": 1})
    vacancy.refresh_from_db()
    assert vacancy.waiting_revision().changes == {"title": "ERP-Koordination (m/w/d)", "offer": "Mehr Ruhe."}


def test_a_change_that_does_not_fit_is_not_sent(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    response = client.post(path, as_sent(client, path) | {"pay_low": "viel", "offer": "Mehr.", "senden": 1})
    assert response.status_code == 200
    assert error_of(response, "pay_low")
    vacancy.refresh_from_db()
    assert (vacancy.offer, vacancy.unsaved) == (
        "Sie bekommen Zeit zum Einarbeiten.",
        {"pay_low": "viel", "offer": "Mehr."},
    )
    response = client.post(path, as_sent(client, path) | {"tasks": "", "senden": 1})
    assert "Bitte beschreiben Sie die Aufgaben." in error_of(response, "tasks")
    client.post(path, {"verwerfen": 1})
    vacancy.refresh_from_db()
    assert vacancy.unsaved == {}


def test_the_first_day_of_an_ad_cannot_move_past_its_last(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True, first_day=localdate() + timedelta(days=3))
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    later = (vacancy.last_day + timedelta(days=5)).isoformat()
    response = client.post(path, as_sent(client, path) | {"first_day": later, "senden": 1})
    assert "vor dem ersten" in error_of(response, "last_day")


def test_a_running_ad_is_made_no_longer_by_the_form(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    assert b"id_first_day" not in client.get(path).content
    later = (vacancy.last_day + timedelta(days=5)).isoformat()
    response = client.post(path, as_sent(client, path) | {"last_day": later, "senden": 1})
    assert "verlängern" in error_of(response, "last_day")
    sooner = (vacancy.last_day - timedelta(days=5)).isoformat()
    client.post(path, as_sent(client, path) | {"last_day": sooner, "senden": 1})
    vacancy.refresh_from_db()
    assert vacancy.last_day.isoformat() == sooner


def test_what_nobody_has_sent_is_forgotten_with_the_contact_of_a_closed_ad(employer):
    vacancy = make_vacancy(employer, status="closed", apply_email="", apply_url="https://firma.de/jobs")
    Vacancy.objects.update(unsaved={"contact_name": "Jana Jahn"})
    forget_contacts(timezone.now() + timedelta(days=200))
    vacancy.refresh_from_db()
    assert vacancy.unsaved == {}


def test_a_returned_change_is_where_the_next_one_begins(client_of, anna, rita, employer):
    vacancy = make_vacancy(employer, open=True, facts=["jira"])
    changes = {"title": "ERP-Koordination", "place": HAMM, "postal_code": "", "asks_photo": True, "facts": ["erp"]}
    vacancy.edit(anna, changes, vacancy.version)
    vacancy.return_revision(rita, "Bitte neutral.", 1)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    assert f'href="{path}?zurueckgegeben=1"' in client.get(url(vacancy)).content.decode()
    assert b"ERP-Koordination" not in client.get(path).content
    page = client.get(path, {"zurueckgegeben": "1"})
    assert 'value="ERP-Koordination"' in page.content.decode()
    assert "Bitte neutral." in text_of(page)
    assert "Noch nicht gesendet" in text_of(page)
    assert sending(page) == "waiting"
    vacancy.refresh_from_db()
    assert (vacancy.unsaved, vacancy.waiting_revision()) == ({}, None), "reading changes nothing"
    numbers = {name: as_sent(client, path)[name] for name in ("version", "number")}
    typed = {name: value for name, value in page.context["form"].data.lists() if value != [""]}
    client.post(path, typed | numbers | {"title": "ERP-Koordination (m/w/d)", "senden": 1})
    vacancy.refresh_from_db()
    assert vacancy.waiting_revision().changes == changes | {"title": "ERP-Koordination (m/w/d)"}
    assert "Bitte neutral." not in text_of(client.get(path, {"zurueckgegeben": "1"})), "another one waits by now"


def test_two_tabs_of_a_running_ad_overwrite_nothing(client_of, anna, ben, employer):
    vacancy = make_vacancy(employer, open=True)
    path = url(vacancy, end="bearbeiten/")
    typed = as_sent(client_of(anna), path)
    autosave(client_of(ben), path, **typed | {"offer": "Bens Fassung."})
    response = autosave(client_of(anna), path, **typed | {"offer": "Annas Fassung."})
    assert "an anderer Stelle geändert" in text_of(response)
    response = client_of(anna).post(path, typed | {"offer": "Annas Fassung.", "senden": 1})
    assert "Wir haben nichts überschrieben" in text_of(response)
    vacancy.refresh_from_db()
    assert (vacancy.unsaved, vacancy.offer) == ({"offer": "Bens Fassung."}, "Sie bekommen Zeit zum Einarbeiten.")


def test_what_changes_no_word_of_the_ad_stops_nobody_who_writes(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    typed = as_sent(client, path) | {"offer": "Mehr Ruhe."}
    vacancy.ask()
    vacancy.pause(None)
    response = autosave(client, path, **typed)
    assert "noch nicht gesendet" in text_of(response)
    vacancy.resume(anna)
    number = re.search(r'name="number" value="(\d+)"', response.content.decode())[1]
    assert client.post(path, typed | {"number": number, "senden": 1}).url == url(vacancy)
    vacancy.refresh_from_db()
    assert vacancy.offer == "Mehr Ruhe."


@pytest.mark.parametrize(
    ("changes", "typed"),
    [
        ({"place": HAMM}, {}),
        ({}, {"place_name": "Neuenkirchen", "postal_code": "", "pay_low": "viel", "title": "IT-Koordination (m/w/d)"}),
    ],
)
def test_the_form_of_a_running_ad_asks_few_questions(
    changes, typed, client_of, anna, employer, django_assert_max_num_queries
):
    vacancy = make_vacancy(employer, open=True, facts=["jira"])
    changes = {"title": "ERP-Projektleiter", "pay_high": "4100", "facts": ["erp"], **changes}
    vacancy.edit(anna, changes, vacancy.version)
    Vacancy.objects.update(unsaved=typed)
    client, path = client_of(anna), url(vacancy, end="bearbeiten/")
    with django_assert_max_num_queries(13):  # one counts the open ads of the city, which are kept from then on
        client.get(path)
    with django_assert_max_num_queries(12):
        page = client.get(path)
    assert bool(typed) == ("mehrere" in error_of(page, "place_choice"))


# Many at once


@pytest.mark.django_db(transaction=True)
@needs_connections
@pytest.mark.parametrize("path", ["new", "draft", "running"])
def test_whoever_sends_at_the_same_moment_overwrites_nobody(path):
    load_all()  # a transactional test before this one has emptied the database
    anna = make_user()
    employer = make_employer("Hasewerk GmbH", owner=anna)
    vacancy = None if path == "new" else make_vacancy(employer, open=path == "running")
    address = NEW if vacancy is None else url(vacancy, end="bearbeiten/")
    if path == "running":
        fields = as_sent(logged_in(anna, strict=False), address)
    else:
        fields = ad(form_key=KEY, version=1 if vacancy else "")

    def send(client, number):
        return text_of(autosave(client, address, **fields | {"offer": f"Fassung {number}"}))

    clients = [logged_in(anna, strict=False) for _ in range(3)]
    answers = at_once(*[lambda client=client, n=n: send(client, n) for n, client in enumerate(clients)])
    assert sum("an anderer Stelle geändert" in answer for answer in answers) == 2
    stored = Vacancy.objects.get()
    told = stored.unsaved["offer"] if path == "running" else stored.offer
    assert re.fullmatch("Fassung [0-2]", told)
