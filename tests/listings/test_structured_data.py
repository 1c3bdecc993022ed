"""What search engines and people who pass a page on are told: the same as the page itself says."""

import html
import json
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import get_resolver, reverse
from PIL import Image

from jobboard.templatetags.board import pay_range
from listings import structured_data
from profiles.models import City
from tests.listings.employer_side import text_of
from tests.make import make_city, make_employer, make_vacancy

pytestmark = pytest.mark.django_db

CITIES = ["osnabrueck", "oberhausen", "hagen", "hamm", "gelsenkirchen"]
MUENCHEN = 2867714


def graph_of(response) -> dict:
    """What a city page tells machines, by type."""
    found = re.findall(r'ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL)
    assert len(found) == 1
    return {each["@type"]: each for each in json.loads(found[0])["@graph"]}


def head_of(response) -> dict[str, str]:
    """The particulars in the head of a page: canonical, robots, description, title, og:…"""
    page = response.content.decode()
    found = {
        name: html.unescape(content)
        for name, content in re.findall(r'<meta (?:name|property)="(.*?)" content="(.*?)">', page)
    }
    if canonical := re.search(r'<link rel="canonical" href="(.*?)">', page):
        found["canonical"] = html.unescape(canonical[1])
    return found | {"title": html.unescape(re.search("<title>(.*?)</title>", page)[1])}


@pytest.mark.parametrize("slug", CITIES)
def test_machines_read_the_ranges_that_people_read(client, slug):
    response = client.get(f"/staedte/{slug}/")
    occupation = graph_of(response)["Occupation"]
    text = text_of(response)
    figures = City.objects.get(slug=slug).live_edition().figures.all()
    assert len(occupation["estimatedSalary"]) == len(figures)
    for told, figure in zip(occupation["estimatedSalary"], figures, strict=True):
        assert (told["@type"], told["currency"], told["name"]) == ("MonetaryAmount", "EUR", figure.label)
        value = told["value"]
        assert (value.get("minValue"), value.get("maxValue")) == (figure.low, figure.high)
        assert pay_range(value.get("minValue"), value.get("maxValue")).replace("\xa0", " ") in text
        assert told["description"] in text
        assert "unitText" not in value  # the text names no period
    assert "percentile" not in json.dumps(occupation)
    assert "median" not in json.dumps(occupation)


def test_a_floor_has_no_upper_end_for_machines_either(client):
    value = graph_of(client.get("/staedte/hamm/"))["Occupation"]["estimatedSalary"][0]["value"]
    assert value == {"@type": "QuantitativeValue", "minValue": 2800}


def test_a_period_is_told_where_the_text_states_one(client):
    city = make_city(MUENCHEN, slug="muenchen")
    city.live_edition().figures.update(low=36_000, high=42_000, period="year")
    value = graph_of(client.get("/staedte/muenchen/"))["Occupation"]["estimatedSalary"][0]["value"]
    assert value == {"@type": "QuantitativeValue", "minValue": 36_000, "maxValue": 42_000, "unitText": "YEAR"}


def test_machines_are_told_gross_or_net_where_the_text_says_so(client):
    City.objects.get(slug="hagen").live_edition().figures.update(gross="net")
    told = graph_of(client.get("/staedte/hagen/"))["Occupation"]["estimatedSalary"]
    assert [each["description"].rpartition(", ")[2] for each in told] == ["netto", "netto"]


def test_the_occupation_is_named_by_its_official_codes_on_the_page_too(client):
    response = client.get("/staedte/hagen/")
    codes = {each["inCodeSet"]["name"]: each for each in graph_of(response)["Occupation"]["occupationalCategory"]}
    assert all(each["@type"] == "CategoryCode" for each in codes.values())
    assert codes["KldB 2010"]["codeValue"] == "43323"
    assert codes["KldB 2010"]["name"] == "Berufe in der IT-Koordination – komplexe Spezialistentätigkeiten"
    assert codes["ISCO-08"]["codeValue"] == "2519"
    text = text_of(response)
    for code_set, code, name in structured_data.CATEGORIES:
        assert code_set in text
        assert code in text
        assert name in text


def test_a_city_page_without_figures_tells_of_no_salary(client):
    make_city(MUENCHEN, slug="muenchen").live_edition().figures.all().delete()
    assert "estimatedSalary" not in graph_of(client.get("/staedte/muenchen/"))["Occupation"]


def test_people_see_the_way_that_machines_are_told(client):
    response = client.get("/staedte/hamm/")
    told = graph_of(response)["BreadcrumbList"]["itemListElement"]
    nav = re.search(r'<nav class="crumbs".*?</nav>', response.content.decode(), re.DOTALL)[0]
    assert [each["position"] for each in told] == [1, 2, 3]
    assert re.findall(r">([^<>]+)</(?:a|span)>", nav) == [each["name"] for each in told] == ["Start", "Städte", "Hamm"]
    links = [settings.BASE_URL + address for address in re.findall(r'href="(.*?)"', nav)]
    assert links == [each["item"] for each in told][:-1]
    assert told[-1]["item"] == head_of(response)["canonical"]


# schema.org: what each type may say, and of which types what it says is.
TERMS = {
    "Occupation": {
        "name": None, "description": None, "mainEntityOfPage": None, "occupationalCategory": {"CategoryCode"},
        "occupationLocation": {"City"}, "estimatedSalary": {"MonetaryAmount"},
    },
    "CategoryCode": {"name": None, "codeValue": None, "inCodeSet": {"CategoryCodeSet"}},
    "CategoryCodeSet": {"name": None},
    "City": {"name": None, "containedInPlace": {"State"}},
    "State": {"name": None},
    "MonetaryAmount": {"name": None, "description": None, "currency": None, "value": {"QuantitativeValue"}},
    "QuantitativeValue": {"minValue": None, "maxValue": None, "unitText": None},
    "BreadcrumbList": {"itemListElement": {"ListItem"}},
    "ListItem": {"position": None, "name": None, "item": None},
}  # fmt: skip


@pytest.mark.parametrize("slug", CITIES)
def test_city_pages_speak_only_words_of_schema_org(client, slug):
    def walk(thing):
        terms = TERMS[thing["@type"]]
        for name, value in thing.items():
            if name == "@type":
                continue
            for each in value if isinstance(value, list) else [value]:
                if terms[name] is None:
                    assert isinstance(each, str | int)
                    assert each != ""
                else:
                    assert each["@type"] in terms[name]
                    walk(each)

    for thing in graph_of(client.get(f"/staedte/{slug}/")).values():
        walk(thing)


def plain_addresses(patterns=None, prefix="/"):
    """Every address of the board without parameters, but for the admin's."""
    for each in patterns or get_resolver().url_patterns:
        address = prefix + str(each.pattern).removeprefix("^").removesuffix("$")
        if hasattr(each, "url_patterns"):
            if not address.startswith("/redaktion/"):
                yield from plain_addresses(each.url_patterns, address)
        elif not set("<(\\") & set(address):
            yield address


def test_every_page_either_may_be_found_or_asks_machines_to_leave(client, client_of, employer, anna):
    make_vacancy(employer, open=True)
    found, hidden = set(), set()
    for visitor in (client, client_of(anna)):
        for address in plain_addresses():
            response = visitor.get(address)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                head = head_of(response)
                if head.get("robots") == "noindex":
                    hidden.add(address)
                    assert "canonical" not in head, address
                else:
                    found.add(address)
                    assert head["canonical"] == head["og:url"] == settings.BASE_URL + address
                    assert {"og:title", "og:description", "og:image"} <= set(head), address
    listed = {address.removeprefix(settings.BASE_URL) for address in sitemap_addresses(client)}
    assert found == {address for address in listed if address in set(plain_addresses())}
    assert {"/konto/", "/konto/login/", "/arbeitgeber/stellen/", "/arbeitgeber/stellen/neu/"} <= hidden


def sitemap_addresses(client) -> list[str]:
    """Every address that the sitemap names."""
    pages = [client.get(f"/sitemap-{section}.xml").content for section in ("stellen", "staedte", "firmen", "seiten")]
    return [each.text for page in pages for each in ElementTree.fromstring(page).iter() if each.tag.endswith("loc")]


def test_every_page_that_may_be_found_says_what_it_is(client, employer):
    make_vacancy(employer, open=True, title='IT-Koordination "ERP" & <Netze> (m/w/d)')
    addresses = sitemap_addresses(client)
    assert len(addresses) > 15
    told = {}
    for address in addresses:
        head = head_of(client.get(address.removeprefix(settings.BASE_URL)))
        assert head["canonical"] == head["og:url"] == address
        assert "robots" not in head, address
        assert head["title"] in (head["og:title"], f"{head['og:title']} · Koordinaten")
        assert head["og:description"] == head["description"]
        assert (head["og:site_name"], head["og:locale"], head["og:type"]) == ("Koordinaten", "de_DE", "website")
        assert head["twitter:card"] == "summary_large_image"
        assert len(head["og:title"]) <= 100, address
        assert 40 <= len(head["description"]) <= 220, address
        told[head["title"]] = address
        told[head["description"]] = address
    assert len(told) == 2 * len(addresses)  # no two pages say the same of themselves


def test_an_edition_that_is_not_read_yet_tells_machines_nothing(client, client_of, rita):
    city = City.objects.get(slug="hagen")
    draft = city.working_edition(rita)
    draft.figures.update(low=2900)
    before = client.get("/staedte/hagen/").content
    page = client_of(rita).get(reverse("admin:profiles_edition_preview", args=[draft.pk]))
    assert "2.900" in page.content.decode()
    assert head_of(page)["robots"] == "noindex"
    assert "canonical" not in head_of(page)
    assert "ld+json" not in page.content.decode()
    assert client.get("/staedte/hagen/").content == before


def test_parameters_that_mean_nothing_change_no_address(client):
    assert head_of(client.get("/staedte/hamm/?utm_source=x"))["canonical"].endswith("/staedte/hamm/")


def test_a_list_that_is_passed_on_says_what_it_is_a_list_of(client):
    head = head_of(client.get("/stellen/?faktum=erp&stadt=hamm"))
    assert head["og:title"] == "Stellen: Hamm, ERP-Systeme"
    assert head["canonical"].endswith("/stellen/?faktum=erp&stadt=hamm")


def test_what_nobody_should_find_asks_machines_to_leave(client, client_of, employer, anna):
    draft, paused, gone = (make_vacancy(employer, status=status) for status in ("draft", "paused", "closed"))
    own = client_of(anna)
    pages = [
        client.get("/gibt-es-nicht/"), client.get("/konto/login/"), client.get(paused.get_absolute_url()),
        client.get(gone.get_absolute_url()), own.get("/arbeitgeber/stellen/"), own.get("/arbeitgeber/stellen/neu/"),
        own.get(f"/arbeitgeber/stellen/{draft.pk}/"), own.get(f"/arbeitgeber/stellen/{draft.pk}/vorschau/"),
        own.get(f"/arbeitgeber/firma/{employer.slug}/team/"),
    ]  # fmt: skip
    for page in pages:
        head = head_of(page)
        assert head["robots"] == "noindex"
        assert not {"canonical", "og:url", "og:image"} & set(head)
        assert "ld+json" not in page.content.decode()


def test_the_picture_is_as_large_as_the_pages_say(client):
    head = head_of(client.get("/"))
    assert head["og:image"] == f"{settings.BASE_URL}/static/img/koordinaten.png"
    file = settings.BASE_DIR / "jobboard/static/img/koordinaten.png"
    with Image.open(file) as picture:
        assert picture.size == (int(head["og:image:width"]), int(head["og:image:height"])) == (1200, 630)
    assert file.stat().st_size <= 80_000
    assert head["og:image:alt"]


def test_a_firm_with_quotes_in_its_name_stays_inside_its_attribute(client):
    firm = make_employer('Söhne "Nord" & Co <KG>')
    make_vacancy(firm, open=True)
    assert head_of(client.get(firm.get_absolute_url()))["og:title"].startswith('Söhne "Nord" & Co <KG>')
