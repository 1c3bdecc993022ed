"""A firm is described, changed, and shows its logo."""

from datetime import timedelta
from io import BytesIO
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image
from post_office.models import Email

from listings.models import Employer, Vacancy
from tests.listings.employer_side import FIRM, NEW, error_of, firm, png, text_of
from tests.make import OSNABRUECK, make_employer, make_user, make_vacancy

pytestmark = pytest.mark.django_db


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
    assert client_of(make_user("Nora Neu")).post(FIRM, firm(andere="1")).status_code == 302
    assert set(Employer.objects.values_list("slug", flat=True)) == {"hasewerk-gmbh", "hasewerk-gmbh-2"}


def test_a_taken_address_is_tried_again(client_of):
    make_employer("Hasewerk GmbH")
    with mock.patch.object(Employer, "free_slug", side_effect=["hasewerk-gmbh", "hasewerk-gmbh-2"]):
        assert client_of(make_user("Nora Neu")).post(FIRM, firm(andere="1")).status_code == 302
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
    assert client.post(path, firm(name="Hasepumpen AG", logo=png(), version=1)).status_code == 302
    employer.refresh_from_db()
    assert (employer.name, employer.slug) == ("Hasepumpen AG", "hasewerk-gmbh")
    assert (employer.terms_version, employer.terms_at) == before
    assert employer.logo_id
    assert vacancy in Vacancy.objects.matching("hasepumpen")
    client.post(path, firm(name="Hasepumpen AG", remove_logo="on", version=2))
    employer.refresh_from_db()
    assert employer.logo_id is None


def test_a_mistake_does_not_rename_the_firm_on_the_page(client_of, anna, employer):
    response = client_of(anna).post(f"{FIRM}{employer.slug}/", firm(name="", sector="x" * 99))
    assert "<h1>Hasewerk GmbH</h1>" in response.content.decode()


def test_a_removed_or_replaced_logo_leaves_the_net(client_of, client, anna, employer):
    def save(**fields):
        form = {"name": employer.name, "kind": "direkt", "place_name": "", "version": employer.version, **fields}
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


# Two tabs


def test_two_tabs_overwrite_nothing_and_the_second_is_told_what_is_stored(client_of, anna, employer):
    path, client = f"{FIRM}{employer.slug}/", client_of(anna)
    page = client.get(path).content.decode()
    assert 'name="version" value="1"' in page
    assert client.post(path, firm(sector="Pumpenbau", version=1)).status_code == 302
    response = client.post(path, firm(sector="Maschinenbau", website="hasewerk.example", logo=png(), version=1))
    text = text_of(response)
    assert "inzwischen an anderer Stelle geändert" in text
    assert "Branche Pumpenbau" in text
    assert "Website nichts" in text
    assert "noch einmal aus" in error_of(response, "logo")
    html = response.content.decode()
    assert 'value="Maschinenbau"' in html, "what was typed stays"
    employer.refresh_from_db()
    assert (employer.sector, employer.version) == ("Pumpenbau", 2)
    assert 'name="version" value="2"' in html
    assert client.post(path, firm(sector="Maschinenbau", version=2)).status_code == 302
    employer.refresh_from_db()
    assert employer.sector == "Maschinenbau"


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30, "²"])
def test_a_foolish_version_saves_nothing(version, client_of, anna, employer):
    response = client_of(anna).post(f"{FIRM}{employer.slug}/", firm(sector="Pumpenbau", version=version))
    assert response.status_code == 200
    employer.refresh_from_db()
    assert employer.sector == "Maschinenbau"


def test_a_mistake_does_not_bring_the_newer_version_along(client_of, anna, employer):
    path, client = f"{FIRM}{employer.slug}/", client_of(anna)
    client.post(path, firm(sector="Pumpenbau", version=1))
    html = client.post(path, firm(name="", version=1)).content.decode()
    assert 'name="version" value="1"' in html


def test_what_editors_change_is_told_as_well(client_of, anna, employer, rita):
    client = client_of(rita)
    page = client.get(f"/redaktion/listings/employer/{employer.pk}/change/")
    fields = {
        "name": "Hasewerk SE",
        "kind": "direkt",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": employer.memberships.get().pk,
        "memberships-0-employer": employer.pk,
        "memberships-0-user": anna.pk,
        "memberships-0-role": "owner",
    }
    assert page.status_code == 200
    assert client.post(page.request["PATH_INFO"], fields).status_code == 302
    employer.refresh_from_db()
    assert (employer.name, employer.version) == ("Hasewerk SE", 2)
    response = client.post(page.request["PATH_INFO"], {**fields, "memberships-0-role": "recruiter"})
    assert "Jemand muss die Firma verwalten" in text_of(response)


# The same firm twice


@pytest.mark.parametrize("name", ["Hasewerk GmbH", "HASEWERK", "Hasewerk GmbH & Co. KG", "hasewerk ag"])
def test_who_describes_a_firm_that_is_here_is_led_to_its_owners(name, client_of, anna, employer):
    nora = make_user("Nora Neu")
    client = client_of(nora)
    response = client.post(FIRM, firm(name=name, sector="Pumpen"))
    text = text_of(response)
    assert "Ihre Firma gibt es hier schon." in text
    assert anna.email not in text
    assert anna.name not in text
    assert 'value="Pumpen"' in response.content.decode()
    assert Employer.objects.count() == 1
    response = client.post(FIRM, {"name": name, "zugang": employer.slug}, follow=True)
    assert "Sie haben am" in text_of(response)
    assert employer.access_requests.get().user == nora
    assert Email.objects.latest("pk").to == [anna.email]
    assert "um Zugang zu Hasewerk GmbH gebeten" in text_of(client.get(FIRM))
    # And nobody is held up who knows better.
    assert client.post(FIRM, firm(name=name, andere="1")).url == NEW
    assert Employer.objects.owned_by(nora).exists()


def test_a_website_or_a_colleagues_address_says_so_too(client_of, anna, employer):
    Employer.objects.filter(pk=employer.pk).update(domain="hasewerk.example")
    by_website = client_of(make_user("Nora Neu"))
    assert "gibt es hier schon" in text_of(by_website.post(FIRM, firm(name="Anders", website="jobs.hasewerk.example")))
    by_address = client_of(make_user("Mara Mai", email="mara@hasewerk.example"))
    assert "gibt es hier schon" in text_of(by_address.post(FIRM, firm(name="Anders")))
    colleague = make_employer("Ganz anders", owner=make_user("Carl Cohn", email="carl@cohnbau.example"))
    by_colleague = client_of(make_user("Ida Iven", email="ida@mail.cohnbau.example"))
    assert colleague.name in text_of(by_colleague.post(FIRM, firm(name="Anders")))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("nora@gmx.de", "anna@gmx.de"), ("nora@web.de", "anna@web.de"), ("nora@eins.example", "anna@zwei.example")],
)
def test_webmail_and_other_domains_are_no_sign(mine, theirs, client_of):
    make_employer("Fremdwerk GmbH", owner=make_user("Anna Adler", email=theirs))
    assert client_of(make_user("Nora Neu", email=mine)).post(FIRM, firm()).url == NEW


def test_an_unconfirmed_address_is_no_sign(client_of):
    make_employer("Fremdwerk GmbH", owner=make_user("Anna Adler", email="anna@fremdwerk.example"))
    nora = make_user("Nora Neu", email="nora@fremdwerk.example")
    nora.emailaddress_set.update(verified=False)
    assert client_of(nora).post(FIRM, firm()).url == NEW


def test_only_firms_that_are_alike_can_be_asked(client_of, employer, anna):
    nora = make_user("Nora Neu", email="nora@anderswo.example")
    response = client_of(nora).post(FIRM, firm(name="Ganz anders", zugang=employer.slug))
    assert response.url == NEW
    assert not employer.access_requests.exists()


def test_a_firm_that_nobody_answers_for_holds_nobody_up(client_of, anna, employer):
    anna.is_active = False
    anna.save()
    assert client_of(make_user("Nora Neu")).post(FIRM, firm()).url == NEW


@pytest.mark.slow
def test_looking_for_firms_by_trying_names_has_an_end(client_of):
    client = client_of(make_user("Nora Neu"))
    answers = {client.post(FIRM, {"name": f"Firma {number}"}).status_code for number in range(60)}
    assert answers == {200}
    assert client.post(FIRM, {"name": "Firma 61"}).status_code == 429


def test_asking_has_an_end(client_of, anna):
    client = client_of(make_user("Nora Neu", email="nora@anderswo.example"))
    for number in range(6):
        other = make_employer(f"Hasewerk {number}")
        response = client.post(FIRM, {"name": other.name, "zugang": other.slug})
    assert response.status_code == 429


# What moderators are told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("email", "website", "question"),
    [
        ("anna@hasewerk.example", "https://www.hasewerk.example/jobs", ""),
        ("anna@mail.hasewerk.example", "https://hasewerk.example", ""),
        ("anna@hasewerk.example", "", ""),
        ("anna@hasewerk.example", "https://www.facebook.com/hasewerk", ""),
        ("anna@hase-werk.example", "https://hasewerk.example", "andere Domain als die Website"),
        ("hasewerk@GMX.de", "https://hasewerk.example", "Freemail-Adresse"),
        ("hasewerk@t-online.de", "", "Freemail-Adresse"),
        ("anna@hasewerk.jimdosite.com", "https://anderes.jimdosite.com", "andere Domain als die Website"),
    ],
)
def test_moderators_are_told_of_an_address_that_does_not_speak_for_the_firm(email, website, question, client_of, rita):
    owner = make_user("Anna Adler", email=email)
    employer = make_employer("Hasewerk GmbH", owner=owner, website=website)
    assert employer.memberships.get().question == question
    vacancy = make_vacancy(employer, status="in_review")
    pages = [f"stellen/vacancy/{vacancy.pk}/pruefung/", "employer/", f"employer/{employer.pk}/change/"]
    for page in pages:
        path = "/redaktion/listings/" + page.removeprefix("stellen/")
        text = text_of(client_of(rita).get(path))
        assert (question in text) if question else ("Freemail" not in text and "andere Domain" not in text)


def test_the_list_of_firms_asks_few_questions(client_of, rita, django_assert_max_num_queries):
    for number in range(12):
        make_employer(f"Firma {number}", owner=make_user(email=f"firma{number}@gmx.de"))
    client = client_of(rita)
    with django_assert_max_num_queries(12):
        assert client.get("/redaktion/listings/employer/").status_code == 200
