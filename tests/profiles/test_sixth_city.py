"""A city more, made in the admin alone by somebody of the Redaktion: page, map, sitemap, filters and ads follow."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.urls import reverse

from listings.models import Vacancy
from listings.reach import reach
from profiles.admin.new_city import NewCityForm
from profiles.models import City, Fact, Place
from tests.listings.employer_side import text_of
from tests.make import HAMM, OSNABRUECK, make_city, make_user, make_vacancy
from tests.profiles.editors_side import GÜTERSLOH, MÜNSTER, change_page, one_more, publish_page, typed

pytestmark = pytest.mark.django_db
ADD = reverse("admin:profiles_city_add")
VERL, BIELEFELD = "Verl", 2949186
BODY = (
    "Zwischen Druckmaschinen und Hausgeräten wird hier viel umgestellt.\n\n"
    "Wer anfängt, bekommt meist 2.900 bis 3.500 Euro. Gesucht wird, wer SAP schon einmal eingeführt hat."
)
FIGURE, FACT = "Wer anfängt, bekommt meist 2.900 bis 3.500 Euro.", "Gesucht wird, wer SAP schon einmal eingeführt hat."


@pytest.fixture
def redaktion():
    person = make_user("Rita Richter", is_staff=True)
    person.groups.add(Group.objects.get(name="Redaktion"))
    return person


@pytest.fixture
def desk(client_of, redaktion):
    return client_of(redaktion)


def make(desk, place=GÜTERSLOH, slug="", radius_km=25):
    return desk.post(ADD, {"place": place, "slug": slug, "radius_km": radius_km})


# The whole way


def test_a_sixth_city_is_made_without_code_and_everything_follows(client, desk, redaktion):
    verl = Place.objects.get(name=VERL)
    here, near = (
        make_vacancy(open=True, place_id=pk, postal_code=code)
        for pk, code in ((GÜTERSLOH, "33330"), (verl.pk, "33415"))
    )
    far = make_vacancy(open=True, place_id=OSNABRUECK)
    assert f"?place={GÜTERSLOH}" in desk.get(ADD, {"ort": "Gütersloh"}).content.decode()
    assert 'value="guetersloh"' in desk.get(ADD, {"place": GÜTERSLOH}).content.decode()

    response = make(desk, slug="guetersloh")
    city = City.objects.get(slug="guetersloh")
    edition = city.editions.get()
    assert response.url == change_page(edition), "straight on to the text"
    assert "ist angelegt, aber noch nicht zu lesen" in text_of(desk.get(response.url))
    assert client.get("/staedte/guetersloh/").status_code == 404
    assert Vacancy.objects.filter(city=city).count() == 0

    data = typed(desk, edition) | {"lead": "Arbeiten zwischen Ems und Dalke."}
    data = one_more("sections", data, heading="Was es zu verdienen gibt", body=BODY, order=10, slug="geld")
    assert desk.post(change_page(edition), {**data, "_continue": "1"}).status_code == 302
    section = edition.sections.get()
    edition.refresh_from_db()
    data = typed(desk, edition)
    data = one_more(
        "figures", data, section=section.pk, kind="level", level="einstieg", label="Einstieg", low=2900, high=3500,
        evidence=FIGURE, order=10,
    )  # fmt: skip
    data = one_more("facts", data, section=section.pk, fact=Fact.objects.get(slug="sap").pk, evidence=FACT)
    assert desk.post(change_page(edition), {**data, "_continue": "1"}).status_code == 302
    assert edition.problems() == []
    edition.refresh_from_db()
    page = desk.get(publish_page(edition)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    desk.post(publish_page(edition), {**hidden, "when": "now"})
    assert city.live_edition() == edition

    page = text_of(client.get("/staedte/guetersloh/"))
    assert "Wer anfängt, bekommt meist 2.900 bis 3.500 Euro." in page
    assert "2.900" in page
    cities = client.get("/staedte/").content.decode()
    assert "/staedte/guetersloh/" in cities
    assert re.search(r"<svg.*?Gütersloh.*?</svg>", cities, re.DOTALL), "the map shows it"
    assert "/staedte/guetersloh/" in client.get("/").content.decode()
    assert "/staedte/guetersloh/" in client.get("/sitemap-staedte.xml").content.decode()
    listed = client.get("/stellen/", {"stadt": "guetersloh"}).content.decode()
    assert here.get_absolute_url() in listed
    assert near.get_absolute_url() in listed
    assert far.get_absolute_url() not in listed
    assert 'value="guetersloh"' in client.get("/stellen/").content.decode(), "the filter offers it"
    assert "2.900" in text_of(client.get(here.get_absolute_url())), "the ad is compared with its bands"
    assert Vacancy.objects.get(pk=far.pk).city.slug == "osnabrueck"
    assert LogEntry.objects.filter(user=redaktion, content_type__model="city", action_flag=1).exists()

    assert desk.post(reverse("admin:profiles_city_delete", args=[city.pk]), {"post": "yes"}).status_code == 403
    desk.post(change_page(city), {"slug": "anders", "place": MÜNSTER, "radius_km": 30})
    city.refresh_from_db()
    assert (city.slug, city.place_id, city.radius_km) == ("guetersloh", GÜTERSLOH, 30)


# The search


@pytest.mark.parametrize("term", ["Gütersloh", "guetersloh", "GUTERSLOH", "üterslo"])
def test_a_place_is_found_however_it_is_written_without_javascript(desk, term):
    assert f"?place={GÜTERSLOH}" in desk.get(ADD, {"ort": term}).content.decode()


def test_places_of_one_name_are_told_apart_by_their_land_and_the_large_one_comes_first(desk):
    text = text_of(desk.get(ADD, {"ort": "hamm"}))
    assert "Hamm (Nordrhein-Westfalen), 178.967 Einwohner · hat schon eine Seite" in text
    assert text.index("Hamm (Nordrhein-Westfalen)") < text.index("Hamm (Rheinland-Pfalz)") < text.index("Hamminkeln")


def test_too_many_places_are_cut_with_a_word(desk):
    assert "Es gibt noch mehr." in text_of(desk.get(ADD, {"ort": "a"}))


@pytest.mark.parametrize("term", ["", "\0", "%", "'", "ä" * 5000, "gibtesnicht"])
def test_no_term_breaks_the_search(desk, term):
    response = desk.get(ADD, {"ort": term})
    assert response.status_code == (400 if "\0" in term else 200)


@pytest.mark.parametrize("place", ["x", "-1", "0", str(10**25), "²", ""])
def test_no_number_of_a_place_breaks_the_page(desk, place):
    assert desk.get(ADD, {"place": place}).status_code == 200
    response = make(desk, place=place)
    assert response.status_code == 200
    assert "Welcher Ort bekommt eine Seite?" in text_of(response)
    assert City.objects.count() == 5


def test_the_search_and_the_form_keep_within_their_queries(desk, django_assert_max_num_queries):
    make_vacancy(open=True, place_id=GÜTERSLOH, postal_code="33330")
    for query in ({"ort": "hamm"}, {"place": GÜTERSLOH}):
        with django_assert_max_num_queries(12):
            desk.get(ADD, query)


# What is refused


def test_a_place_that_has_a_page_is_refused_with_the_way_to_it(desk):
    page = desk.get(ADD, {"place": HAMM})
    assert "Hamm (Nordrhein-Westfalen) hat schon eine Seite" in text_of(page)
    assert change_page(City.objects.get(place=HAMM)) in page.content.decode()
    page = make(desk, place=HAMM)
    assert "Hamm (Nordrhein-Westfalen) hat schon eine Seite" in text_of(page)
    assert City.objects.count() == 5


def test_an_address_that_is_taken_is_refused_beside_the_field_and_nothing_typed_is_lost(desk):
    page = make(desk, slug="hamm", radius_km=31)
    html = page.content.decode()
    assert "Unter dieser Adresse steht schon eine andere Stadt." in html
    assert 'value="hamm"' in html
    assert 'value="31"' in html
    assert City.objects.count() == 5


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("slug", "Gütersloh", "Nur Kleinbuchstaben"),
        ("slug", "a" * 200, "höchstens 80 Zeichen"),
        ("slug", "a\0b", "Nullzeichen"),
        ("radius_km", "500", "Höchstens 100 km."),
        ("radius_km", str(10**25), "Höchstens 100 km."),
        ("radius_km", "-3", "größer oder gleich 0"),
        ("radius_km", "", "füllen Sie dieses Feld aus"),
        ("radius_km", "weit", "ganze Zahl"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(desk, field, value, complaint):
    page = make(desk, **{field: value})
    assert page.status_code == 200
    assert complaint in text_of(page)
    assert City.objects.count() == 5


def test_two_who_make_the_same_city_at_once_are_told(desk, monkeypatch):
    def late(form):
        raise IntegrityError

    monkeypatch.setattr(NewCityForm, "save", late)
    assert "Jemand war eben schneller" in text_of(make(desk))


def test_a_namesake_gets_an_address_with_its_land(desk):
    other = Place.objects.filter(name="Hamm", land="08").get()
    assert 'value="hamm-rheinland-pfalz"' in desk.get(ADD, {"place": other.pk}).content.decode()
    make(desk, place=other.pk)
    assert City.objects.filter(slug="hamm-rheinland-pfalz").exists()


def test_a_city_that_nobody_has_published_can_be_deleted_again(desk):
    make(desk)
    city = City.objects.get(place=GÜTERSLOH)
    assert desk.post(reverse("admin:profiles_city_delete", args=[city.pk]), {"post": "yes"}).status_code == 302
    assert City.objects.count() == 5


# What would come of it


def test_the_form_says_which_ads_of_which_towns_would_come(desk):
    verl = Place.objects.get(name=VERL)
    for _ in range(2):
        make_vacancy(open=True, place_id=verl.pk, postal_code="33415")
    make_vacancy(open=True, place_id=GÜTERSLOH, postal_code="33330")
    make_vacancy(place_id=GÜTERSLOH, postal_code="33330")
    text = text_of(desk.get(ADD, {"place": GÜTERSLOH}))
    assert "0 km 1 Gütersloh (1)" in text
    assert "10 km 3 Verl (2), Gütersloh (1)" in text


def test_without_an_ad_around_one_sentence_says_so(desk):
    assert "gerade keine Anzeige offen" in text_of(desk.get(ADD, {"place": GÜTERSLOH}))


@pytest.mark.slow
@pytest.mark.parametrize("row", range(4))
def test_what_is_told_before_is_what_comes_after(row):
    names = [VERL, "Halle", "Oelde", "Rheda-Wiedenbrück", "Münster", "Bielefeld", "Paderborn", "Melle", "Soest"]
    for name in names:
        place = Place.objects.filter(name=name, land__in=["03", "06", "07"]).order_by("-population").first()
        make_vacancy(open=True, place_id=place.pk, postal_code="33330")
    Vacancy.objects.connect_cities()
    told = reach(Place.objects.get(pk=GÜTERSLOH))[row]
    city = make_city(GÜTERSLOH)
    City.objects.filter(pk=city.pk).update(radius_km=told.km)
    Vacancy.objects.connect_cities()
    assert Vacancy.objects.filter(city=city).count() == told.count
    assert sum(town.count for town in told.towns) + told.more == told.count


def test_an_ad_that_leaves_another_city_is_named(desk):
    lengerich = Place.objects.filter(name="Melle", land="06").get()
    make_vacancy(open=True, place_id=lengerich.pk, postal_code="49324")
    Vacancy.objects.connect_cities()
    assert "bisher Osnabrück" in text_of(desk.get(ADD, {"place": Place.objects.get(name="Bünde").pk}))
