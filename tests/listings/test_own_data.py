"""What people can do about their own data: see it, take it along, delete it."""

import json
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.urls import reverse
from django.utils.timezone import now
from post_office.models import Email

from jobboard.models import User
from listings.departure import delete_account, farewells
from listings.models import (
    AccessRequest,
    Employer,
    Invitation,
    LastOwner,
    Logo,
    Membership,
    Status,
    Vacancy,
    VacancyEvent,
    WrongStatus,
)
from listings.own_data import TOLD, own_data
from tests.listings.employer_side import FIRM, error_of, firm, png, text_of
from tests.make import PASSWORD, make_colleague, make_employer, make_user, make_vacancy

pytestmark = pytest.mark.django_db
DATA, DELETE = "/konto/daten/", "/konto/loeschen/"


# Seeing and taking along


def test_the_file_holds_what_the_board_knows_about_a_person(client_of, anna, ben, employer):
    vacancy = make_vacancy(employer, title="Leitung (m/w/d)", status="in_review")
    Invitation.send(employer, anna, "nora@firma.example", Membership.Role.OWNER)
    AccessRequest.ask(make_employer("Fremdwerk GmbH"), anna)
    response = client_of(anna).get(f"{DATA}eigene-daten.json")
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"].startswith('attachment; filename="koordinaten-eigene-daten-')
    told = json.loads(response.content)
    assert told["Konto"]["E-Mail-Adresse"] == anna.email
    assert told["E-Mail-Adressen"] == [{"Adresse": anna.email, "bestätigt": True, "Hauptadresse": True}]
    assert [each["Name der Firma"] for each in told["Firmen"]] == ["Hasewerk GmbH"]
    assert [each["Titel"] for each in told["Anzeigen Ihrer Firmen"]] == ["Leitung (m/w/d)"]
    assert [each["Anzeige"] for each in told["Schritte, die Sie getan haben"]] == [vacancy.title]
    assert [each["Adresse"] for each in told["Einladungen von Ihnen"]] == ["nora@firma.example"]
    assert [each["Firma"] for each in told["Bitten um Zugang"]] == ["Fremdwerk GmbH"]
    assert "Eingereicht: Leitung (m/w/d)" in [each["Betreff"] for each in told["E-Mails an Sie"]]
    assert ben.email not in response.content.decode(), "colleagues are not part of it"
    assert ben.name not in response.content.decode()


def test_no_password_and_no_key_is_in_it(client_of, anna, employer):
    anna.set_password(PASSWORD)
    anna.save()
    client = client_of(anna)
    client.post("/konto/password/reset/", {"email": anna.email})
    invitation = Invitation.send(employer, anna, "nora@firma.example", Membership.Role.OWNER)
    for path in (DATA, f"{DATA}eigene-daten.json"):
        text = client.get(path).content.decode()
        assert anna.password not in text
        assert invitation.digest not in text
        assert "password/reset/key" not in text


def test_the_page_says_the_same_for_people(client_of, anna, employer):
    make_vacancy(employer, title="Leitung <b> (m/w/d)", status="closed")
    response = client_of(anna).get(DATA)
    text = text_of(response)
    for heading in own_data(anna):
        assert heading in text or heading in ("Stand", "Quelle")
    assert "Leitung &lt;b&gt; (m/w/d)" in response.content.decode()
    assert "None" not in text
    assert "no-store" in response.headers["Cache-Control"]


def test_nothing_of_others_is_told(client_of, eva, employer, anna):
    make_vacancy(employer, title="Geheime Leitung", status="in_review")
    Invitation.send(employer, anna, "nora@firma.example", Membership.Role.OWNER)
    text = client_of(eva).get(f"{DATA}eigene-daten.json").content.decode()
    for foreign in ("Hasewerk", "Geheime", anna.email, "nora@"):
        assert foreign not in text


def test_a_letter_to_an_address_that_contains_mine_is_not_mine(employer, anna):
    nora = make_user("Nora Neu", email="neu@firma.example")
    Invitation.send(employer, anna, "nora.neu@firma.example", Membership.Role.OWNER)
    assert own_data(nora)["E-Mails an Sie"] == []


def test_every_row_that_points_to_a_person_is_told(anna, rita):
    """Those under headings of their own exist; all others are found by themselves."""
    for model, field in TOLD:
        assert model._meta.get_field(field).related_model is User
    from profiles.models import City, Edition

    Edition.objects.create(city=City.objects.first(), number=99, lead="Entwurf", created_by=rita)
    told = own_data(rita)["Außerdem"]
    assert any(each["Sie stehen dort als"] == "angelegt von" for each in told)
    assert own_data(anna)["Außerdem"] == []


def keys(told) -> set[str]:
    if isinstance(told, dict):
        return set(told).union(*map(keys, told.values()))
    return set().union(*map(keys, told)) if isinstance(told, list) else set()


def test_everything_is_told_in_words_for_people(anna, rita, employer):
    make_vacancy(employer, status="in_review", unsaved={"title": "Leitung"})
    employer.trust(rita)
    told = own_data(anna)
    nameless = {
        str(field.verbose_name)
        for model in (User, Employer, Vacancy)
        for field in model._meta.concrete_fields
        if field.verbose_name == field.name.replace("_", " ")
    }
    assert not nameless & keys(told)
    assert told["Anzeigen Ihrer Firmen"][0]["noch nicht übernommen"] == {"title": "Leitung"}
    ad = told["Anzeigen Ihrer Firmen"][0]
    assert (ad["Arbeitsort"], ad["wo gearbeitet wird"]) == ("Osnabrück (Niedersachsen)", "vor Ort")
    (trust,) = own_data(rita)["Außerdem"]
    assert (trust["Art"], trust["Name"]) == ("Arbeitgeber", "Hasewerk GmbH")
    assert trust["Sie stehen dort als"] == "als vertraut markiert von"


def test_second_factors_are_told_without_their_secrets(anna):
    Authenticator.objects.create(user=anna, type="totp", data={"secret": "geheim"})
    Authenticator.objects.create(user=anna, type="webauthn", data={"name": "Laptop", "credential": {"id": "geheim"}})
    app, passkey = own_data(anna)["Zweite Faktoren"]
    assert (app["Art"], passkey["Art"]) == ("App für Einmalcodes", "Passkey")
    assert app["eingerichtet am"] <= now()
    assert app["zuletzt benutzt am"] is None
    assert "geheim" not in str(own_data(anna))


def test_telling_asks_a_bounded_number_of_questions(anna, employer, django_assert_max_num_queries):
    for number in range(12):
        make_vacancy(employer, title=f"Leitung {number}", status="in_review")
    with django_assert_max_num_queries(40):
        own_data(anna)


@pytest.mark.parametrize("name", ["own_data", "own_data_json", "account_delete"])
def test_only_who_is_logged_in_gets_there(name, client):
    path = reverse(f"listings:{name}")
    assert client.get(path).url.split("?")[0] == "/konto/login/"
    assert client.post(path).status_code in (302, 405)


# Deleting


def seen(client) -> dict:
    """What the page wants to be sent back: that it was read as it is now."""
    return {"seen": client.get(DELETE).context["seen"], "sure": "on"}


def test_reading_deletes_nothing_and_the_yes_must_be_meant(client_of, anna):
    client = client_of(anna)
    fields = seen(client)
    del fields["sure"]
    response = client.post(DELETE, fields)
    assert error_of(response, "sure")
    assert User.objects.filter(pk=anna.pk).exists()


def test_somebody_without_a_firm_is_gone_after_the_yes(client_of):
    nora = make_user("Nora Neu")
    client = client_of(nora)
    response = client.post(DELETE, seen(client))
    assert "Ihr Konto ist gelöscht." in text_of(response)
    assert not User.objects.filter(pk=nora.pk).exists()
    assert not EmailAddress.objects.filter(email=nora.email).exists()
    mail = Email.objects.latest("pk")
    assert (mail.to, mail.subject) == ([nora.email], "Ihr Konto ist gelöscht")
    assert client.get(DATA).status_code == 302, "logged out"
    assert authenticate(None, email=nora.email, password=PASSWORD) is None


def test_a_password_is_asked_for_once_more(client, client_of):
    nora = make_user("Nora Neu")
    nora.set_password(PASSWORD)
    nora.save()
    browser = client_of(nora)
    again = "/konto/reauthenticate/"
    assert browser.post(DELETE, {"sure": "on", "seen": ""}).url.startswith(again)
    assert User.objects.filter(pk=nora.pk).exists()
    browser = client_of(nora)
    assert browser.get(DELETE).url == f"{again}?next={DELETE.replace('/', '%2F')}"
    assert browser.post(again, {"password": "falsch", "next": DELETE}).status_code == 200
    assert browser.post(again, {"password": PASSWORD, "next": DELETE}).url == DELETE
    browser.post(DELETE, seen(browser))
    assert not User.objects.filter(pk=nora.pk).exists()


def test_a_colleague_goes_and_the_firm_stays(client_of, anna, ben, employer):
    vacancy = make_vacancy(employer, open=True)
    vacancy.pause(ben)
    vacancy.resume(ben)
    client = client_of(ben)
    assert "andere kümmern sich weiter darum" in text_of(client.get(DELETE))
    client.post(DELETE, seen(client))
    vacancy.refresh_from_db()
    assert vacancy.status == Status.PUBLISHED
    assert employer.memberships.get().user == anna
    event = VacancyEvent.objects.get(step="pause")
    assert (event.by, event.role) == (None, "employer"), "that it was the firm stays, who it was goes"


def test_the_only_one_is_told_what_happens_and_it_happens(client_of, client, anna, employer):
    browser = client_of(anna)
    browser.post(f"{FIRM}{employer.slug}/", firm(logo=png(), website="hasewerk.example", version=employer.version))
    running = make_vacancy(employer, open=True, title="Leitung A")
    paused = make_vacancy(employer, status="paused", title="Leitung B")
    closed = make_vacancy(employer, status="closed", title="Leitung C")
    draft, waiting = make_vacancy(employer), make_vacancy(employer, status="in_review")
    Invitation.send(employer, anna, "nora@firma.example", Membership.Role.OWNER)
    text = text_of(browser.get(DELETE))
    assert "2 veröffentlichte oder ruhende Anzeigen werden sofort als zurückgezogen geschlossen" in text
    assert "2 Entwürfe werden gelöscht" in text
    browser.post(DELETE, seen(browser))
    for vacancy, how in ((running, "withdrawn"), (paused, "withdrawn"), (closed, "filled")):
        vacancy.refresh_from_db()
        assert (vacancy.status, vacancy.closed_as) == (Status.CLOSED, how)
        assert client.get(vacancy.get_absolute_url()).status_code == 410
    assert running.events.get(step="close").role == "employer"
    assert not Vacancy.objects.filter(pk__in=[draft.pk, waiting.pk]).exists()
    employer.refresh_from_db()
    assert (employer.name, employer.website, employer.logo) == ("Hasewerk GmbH", "", None)
    assert not employer.memberships.exists()
    assert not employer.invitations.exists()
    assert not Logo.objects.exists()
    assert "Hasewerk GmbH" in Email.objects.latest("pk").message


def test_a_firm_that_never_published_anything_goes_altogether(client_of, anna, employer):
    make_vacancy(employer)
    client = client_of(anna)
    client.post(DELETE, seen(client))
    assert not Employer.objects.exists()
    assert not Vacancy.objects.exists()


def test_the_last_owner_chooses_who_takes_over(client_of, anna, ben, employer):
    vacancy = make_vacancy(employer, open=True)
    client = client_of(anna)
    assert "Ben Becker übernimmt" in text_of(client.get(DELETE))
    response = client.post(DELETE, seen(client))
    assert error_of(response, f"nach_{employer.pk}")
    assert User.objects.filter(pk=anna.pk).exists(), "nothing before the choice"
    heir = employer.memberships.get(user=ben)
    client.post(DELETE, seen(client) | {f"nach_{employer.pk}": heir.pk})
    assert not User.objects.filter(pk=anna.pk).exists()
    heir.refresh_from_db()
    assert heir.is_owner
    vacancy.refresh_from_db()
    assert vacancy.status == Status.PUBLISHED


def test_or_gives_the_firm_up(client_of, anna, ben, employer):
    vacancy = make_vacancy(employer, open=True)
    client = client_of(anna)
    client.post(DELETE, seen(client) | {f"nach_{employer.pk}": "niemand"})
    vacancy.refresh_from_db()
    assert vacancy.closed_as == "withdrawn"
    assert not ben.memberships.exists()
    assert User.objects.filter(pk=ben.pk).exists()


def test_nothing_waits_any_more_for_the_ads_of_a_firm_that_is_given_up(client_of, rita, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    assert vacancy.edit(anna, {"pay_high": 4100}, vacancy.version) == "waiting"
    client = client_of(anna)
    client.post(DELETE, seen(client))
    vacancy.refresh_from_db()
    assert (vacancy.status, vacancy.closed_as) == (Status.CLOSED, "withdrawn")
    revision = vacancy.revisions.get()
    assert (revision.state, revision.decided_by) == ("withdrawn", None)
    assert not Vacancy.objects.waiting_for_review().exists()
    page = client_of(rita).get(reverse("admin:listings_vacancy_review", args=[vacancy.pk]))
    assert "accept" not in page.content.decode()


@pytest.mark.parametrize("heirs", ["nobody asked", "stopped"])
def test_a_firm_is_given_up_only_where_that_was_said(heirs, anna, ben, employer):
    vacancy = make_vacancy(employer, open=True)
    own, heir = (employer.memberships.get(user=user) for user in (anna, ben))
    ben.is_active = False
    ben.save()
    with pytest.raises(LastOwner):
        delete_account(user=anna, heirs={employer.pk: heir.pk} if heirs == "stopped" else {})
    own.refresh_from_db()
    vacancy.refresh_from_db()
    assert vacancy.status == Status.PUBLISHED


@pytest.mark.parametrize("heir", ["0", "x", "eva"])
def test_nobody_from_outside_takes_over(heir, client_of, anna, ben, eva, employer):
    client = client_of(anna)
    heir = eva.memberships.get().pk if heir == "eva" else heir
    response = client.post(DELETE, seen(client) | {f"nach_{employer.pk}": heir})
    assert error_of(response, f"nach_{employer.pk}")
    assert User.objects.filter(pk=anna.pk).exists()


def test_what_has_changed_since_the_page_was_read_is_told_first(client_of, anna, employer):
    client = client_of(anna)
    fields = seen(client)
    make_vacancy(employer, open=True)
    response = client.post(DELETE, fields)
    assert "Inzwischen hat sich etwas geändert" in text_of(response)
    assert "1 veröffentlichte oder ruhende Anzeige wird sofort" in text_of(response)
    assert User.objects.filter(pk=anna.pk).exists()


def test_when_somebody_is_faster_nothing_is_done(client_of, anna, ben, employer):
    vacancy = make_vacancy(employer, open=True)
    client = client_of(anna)
    fields = seen(client) | {f"nach_{employer.pk}": "niemand"}
    with mock.patch.object(Vacancy, "close", side_effect=WrongStatus("close")):
        response = client.post(DELETE, fields)
    assert "Inzwischen hat sich etwas geändert" in text_of(response)
    vacancy.refresh_from_db()
    assert vacancy.status == Status.PUBLISHED
    assert ben.memberships.exists()
    # A colleague who was to take over, and has left meanwhile.
    heir = employer.memberships.get(user=ben)
    heir.end(ben)
    with pytest.raises(Membership.DoesNotExist):
        delete_account(user=anna, heirs={employer.pk: heir.pk})


def test_an_owner_by_appointment_who_is_gone_leaves_the_decision_to_the_last(anna, employer):
    carl = make_colleague(employer, "Carl Cohn")
    employer.memberships.get(user=carl).change_role(anna, Membership.Role.OWNER)
    assert not farewells(anna)[0].needs_an_owner
    carl.is_active = False
    carl.save()
    (told,) = farewells(anna)
    assert told.needs_an_owner
    assert told.heirs == []
    with pytest.raises(LastOwner):
        employer.memberships.get(user=anna).end(anna)


def test_editors_are_taken_out_of_service_by_others(client_of, rita):
    client = client_of(rita)
    assert "gehört zur Redaktion" in text_of(client.get(DELETE))
    client.post(DELETE, {"sure": "on", "seen": ""})
    assert User.objects.filter(pk=rita.pk).exists()


def test_old_rows_name_no_time_in_the_future(anna):
    assert own_data(anna)["Stand"] <= now()
