"""A firm is described, changed, and shows its logo."""

from datetime import timedelta
from io import BytesIO
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from listings.models import Employer, Vacancy
from tests.listings.employer_side import FIRM, NEW, error_of, firm, png
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
