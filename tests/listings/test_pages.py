"""Public pages: what they show, what they cost, what they never do."""

import json
import re
from collections import Counter
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from listings.models import CAP, Vacancy
from profiles.models import City
from tests.make import make_city, make_editor, make_employer, make_vacancy

pytestmark = pytest.mark.django_db

CITIES = ["osnabrueck", "oberhausen", "hagen", "hamm", "gelsenkirchen"]
PAGES = [
    "/", "/staedte/", *(f"/staedte/{slug}/" for slug in CITIES), "/stellen/", "/arbeitgeber/", "/impressum/",
    "/datenschutz/", "/barrierefreiheit/", "/nutzungsbedingungen/", "/kontakt/", "/methodik/", "/konto/login/", "/konto/signup/",
    "/gehalt/", "/gehalt/?stadt=hagen&betrag=3200", "/gehalt/?stadt=hagen&betrag=viel",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_and_has_one_heading(client, path):
    response = client.get(path)
    assert response.status_code == 200
    html = response.content.decode()
    assert len(re.findall(r"<h1\b", html)) == 1
    assert '<html lang="de">' in html
    assert client.head(path).status_code == 200


def every_page(client, client_of, employer, anna, rita):
    """Pages with their readers: fixed ones, an ad in each state, a firm, an error, the employer's and the editors'."""
    ads = [make_vacancy(employer, status=status) for status in ("draft", "in_review", "published", "paused", "closed")]
    public = [*PAGES, *(ad.get_absolute_url() for ad in ads), employer.get_absolute_url(), "/gibt-es-nicht/"]
    own = [
        "/arbeitgeber/stellen/",
        "/arbeitgeber/stellen/neu/",
        f"/arbeitgeber/firma/{employer.slug}/",
        "/konto/email/",
    ]
    own += [f"/arbeitgeber/stellen/{ad.pk}/{page}" for ad in ads for page in ("", "vorschau/")]
    editing = [
        "/redaktion/",
        "/redaktion/listings/vacancy/pruefung/",
        f"/redaktion/listings/vacancy/{ads[1].pk}/pruefung/",
    ]
    for reader, paths in ((client, public), (client_of(anna), own), (client_of(rita), editing)):
        for path in paths:
            yield reader, path


class Outline(HTMLParser):
    """What a screen reader finds its way by."""

    def __init__(self, html):
        super().__init__()
        self.levels, self.ids, self.wanted, self.faults = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.ids += [attrs["id"]] if "id" in attrs else []
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            self.wanted += (attrs.get(name) or "").split()
        if tag == "th" and "scope" not in attrs:
            self.faults.append("a <th> without scope")
        if tag == "svg" and attrs.get("role") == "img" and not {"aria-label", "aria-labelledby"} & attrs.keys():
            self.faults.append("a picture without a name")
        if tag == "img" and "alt" not in attrs:
            self.faults.append("an <img> without alt")

    def all_faults(self):
        steps = pairwise(self.levels)
        return [
            *self.faults,
            *(f"h{one} is followed by h{other}" for one, other in steps if other > one + 1),
            *(f"two elements are called {each}" for each, count in Counter(self.ids).items() if count > 1),
            *(f"nothing is called {each}" for each in self.wanted if each not in self.ids),
        ]


@pytest.mark.slow
def test_every_page_can_be_found_through_by_ear(client, client_of, employer, anna, rita):
    for number in range(5):
        make_vacancy(make_employer(), open=True, title=f"Koordination {number}")
    faults = {}
    for reader, path in every_page(client, client_of, employer, anna, rita):
        if found := Outline(reader.get(path).content.decode()).all_faults():
            faults[path] = found
    assert not faults


@pytest.mark.slow
def test_no_link_leads_nowhere(client, client_of, employer, anna, rita):
    answers = {}
    for reader, path in every_page(client, client_of, employer, anna, rita):
        check_links(reader, path, answers)


def check_links(client, path, answers):
    html = client.get(path).content.decode()
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    for link in set(re.findall(r'(?:href|action)="([^"]+)"', html)):
        link = link.replace("&amp;", "&")
        if link.startswith("#"):
            assert link[1:] in ids, link
        elif link.startswith("/") and not link.startswith("/static/"):
            address = link.partition("#")[0]
            if (client, address) not in answers:
                answers[client, address] = client.get(address).status_code
            # 405: a form's address, which is posted to.
            assert answers[client, address] in (200, 302, 405), f"{link} on {path}"


def test_the_city_page_names_the_sentence_of_every_figure(client):
    html = client.get("/staedte/gelsenkirchen/").content.decode()
    for figure in City.objects.get(slug="gelsenkirchen").live_edition().figures.all():
        assert figure.label in html
        assert f'<q class="evidence">{figure.evidence}</q> <a href="#{figure.proof_anchor}"' in html
        assert f'<span class="proof" id="{figure.proof_anchor}">' in html
        assert f'<tr id="{figure.anchor}">' in html
    assert "nicht angegeben: Zeitraum, brutto oder netto, Stand und die Herkunft der Zahlen" in html
    assert '<svg class="pay-chart"' in html


def test_a_city_without_a_live_edition_has_no_page(client):
    city = City.objects.get(slug="hamm")
    city.editions.update(published_at=None)
    assert client.get("/staedte/hamm/").status_code == 404
    assert "/staedte/hamm/" not in client.get("/staedte/").content.decode()


def test_a_city_without_figures_or_vacancies_still_has_a_page(client):
    city = make_city(2867714, slug="muenchen")
    city.live_edition().figures.all().delete()
    html = client.get("/staedte/muenchen/").content.decode()
    assert "nichts ausgeschrieben" in html
    make_vacancy(open=True, place_id=None, postal_code="", workplace="remote")
    html = client.get("/staedte/muenchen/").content.decode()
    assert "Stellen in der Nähe" not in html  # only what can be done from anywhere
    assert "von überall" in html
    assert client.get("/").status_code == 200


def test_near_by_ads_come_with_their_distance(client, employer):
    make_vacancy(employer, open=True, place_id=2860410)
    assert re.search(r"Oberhausen, 1\d&nbsp;km", client.get("/staedte/gelsenkirchen/").content.decode())


def test_the_ad_is_shown_as_typed_and_harmless(client, employer):
    vacancy = make_vacancy(
        employer,
        open=True,
        title="<script>alert(1)</script> Koordination",
        tasks="<img src=x onerror=alert(1)> **fett** [Link](javascript:alert(1)) [gut](https://firma.example/)",
        profile="# Überschrift\n\n- eins\n- zwei",
        start="{{ 7 }}".replace("{{ 7 }}", "ab <sofort>"),
    )
    html = client.get(vacancy.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript:' not in html
    assert "<strong>fett</strong>" in html
    assert 'href="https://firma.example/" rel="nofollow noopener ugc"' in html
    assert "<h3>Überschrift</h3>" in html


def test_structured_data_cannot_break_out_of_its_script(client, employer):
    vacancy = make_vacancy(employer, open=True, title="</script><script>alert(1)// (m/w/d)")
    html = client.get(vacancy.get_absolute_url()).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert data["title"] == vacancy.title


def posting(client, vacancy):
    html = client.get(vacancy.get_absolute_url()).content.decode()
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1]), html


def test_machines_read_what_people_read(client, employer):
    vacancy = make_vacancy(
        employer, open=True, street="Hafenweg 1", months_of_experience=24, education="bachelor", way_in=True
    )
    data, html = posting(client, vacancy)
    assert data["@type"] == "JobPosting"
    assert data["title"] == vacancy.title
    assert data["baseSalary"]["value"] == {
        "@type": "QuantitativeValue", "minValue": 3500, "maxValue": 4000, "unitText": "MONTH",
    }  # fmt: skip
    assert "3.500–4.000\u00a0€" in html.replace(" €", "\u00a0€")
    assert data["jobLocation"]["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Hafenweg 1",
        "postalCode": "49074",
        "addressLocality": "Osnabrück",
        "addressRegion": "Niedersachsen",
        "addressCountry": "DE",
    }
    assert data["validThrough"].startswith(f"{vacancy.last_day.isoformat()}T23:59:59+0")
    assert data["employmentType"] == ["FULL_TIME"]
    assert data["directApply"] is False
    assert data["experienceInPlaceOfEducation"] is True
    assert "jobLocationType" not in data
    for text in (vacancy.tasks, vacancy.profile, vacancy.offer):
        assert text in data["description"]
        assert text in html


def test_only_fully_remote_work_is_telecommuting(client, employer):
    remote = make_vacancy(
        employer,
        open=True,
        workplace="remote",
        place_id=None,
        contract="fixed_term",
        fixed_term_months=12,
        working_time="both",
    )
    data, _ = posting(client, remote)
    assert data["jobLocationType"] == "TELECOMMUTE"
    assert data["applicantLocationRequirements"] == [{"@type": "Country", "name": "Deutschland"}]
    assert "jobLocation" not in data
    assert data["employmentType"] == ["FULL_TIME", "PART_TIME", "TEMPORARY"]
    hybrid, _ = posting(client, make_vacancy(employer, open=True, workplace="hybrid", remote_days=3))
    assert "jobLocationType" not in hybrid


def test_applying_goes_by_mail_with_the_address_shown_or_by_link(client, employer):
    by_mail = make_vacancy(employer, open=True, apply_email="jobs+it@firma.example", title="Koordination & Steuerung")
    html = client.get(by_mail.get_absolute_url()).content.decode()
    assert 'href="mailto:jobs%2Bit@firma.example?subject=Bewerbung%3A%20Koordination%20%26%20Steuerung"' in html
    assert ">jobs+it@firma.example<" in html
    by_link = make_vacancy(employer, open=True, apply_email="", apply_url="https://karriere.firma.example/1")
    html = client.get(by_link.get_absolute_url()).content.decode()
    assert 'href="https://karriere.firma.example/1"' in html
    assert ">karriere.firma.example<" in html


def test_an_ad_past_its_deadline_says_so_instead_of_offering_to_apply(client, employer):
    ago = timezone.now() - timedelta(days=5)
    vacancy = make_vacancy(employer, open=True, at=ago, apply_until=localdate(ago))
    html = client.get(vacancy.get_absolute_url()).content.decode()
    assert "Bewerbungsschluss war am" in html
    assert "mailto:" not in html


@pytest.mark.parametrize("half", ["pay_low", "pay_high"])
def test_a_draft_with_half_its_pay_can_be_previewed(client_of, employer, anna, half):
    vacancy = make_vacancy(employer, **{half: None})
    assert client_of(anna).get(f"/arbeitgeber/stellen/{vacancy.pk}/vorschau/").status_code == 200


def test_somebody_who_came_too_late_is_always_shown_open_ads(client, employer):
    elsewhere = make_vacancy(employer, open=True, place_id=2867714)
    gone = make_vacancy(employer, status="closed")
    assert f"/stellen/{elsewhere.pk}-" in client.get(gone.get_absolute_url()).content.decode()


def test_a_paused_ad_past_its_last_day_is_gone(client, employer):
    ago = timezone.now() - timedelta(days=20)
    vacancy = make_vacancy(employer, status="paused", at=ago, last_day=localdate(ago) + timedelta(days=10))
    assert client.get(vacancy.get_absolute_url()).status_code == 410


def test_a_firm_with_many_ads_has_pages(client, employer):
    for _ in range(21):
        make_vacancy(employer, open=True)
    pages = [client.get(f"{employer.get_absolute_url()}?seite={page}").content.decode() for page in (1, 2)]
    found = [set(re.findall(r"/stellen/(\d+)-", page)) for page in pages]
    assert [len(each) for each in found] == [20, 1]


@pytest.mark.parametrize(
    "path", ["/firmen/logo/%00.webp", "/firmen/logo/x.webp", "/firmen/%00/", "/staedte/%00/", "/stellen/1-%00/"]
)
def test_no_address_breaks_the_board(client, path):
    assert client.get(path).status_code == 404


def test_a_session_cookie_that_nobody_made_is_ignored(client):
    client.cookies["sessionid"] = "\0\0aaaaaaaaaaaa"
    assert client.get("/impressum/", headers={"Cookie": "sessionid=\0\0aaaaaaaaaaaa"}).status_code == 200


def test_a_content_type_that_cannot_be_read_is_refused():
    from jobboard.wsgi import application

    answer = []
    body = application({"CONTENT_TYPE": "text/html; charset*=foo''x"}, lambda status, headers: answer.append(status))
    assert answer == ["400 Bad Request"]
    assert b"konnten wir nicht lesen" in body[0]


def test_renaming_a_firm_a_fact_or_a_place_is_found_by_its_new_name(client_of, rita, employer):
    vacancy = make_vacancy(employer, open=True, facts=["jira"])
    admin = client_of(rita)
    fields = {"slug": employer.slug, "kind": "direkt", "memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    admin.post(f"/redaktion/listings/employer/{employer.pk}/change/", {"name": "Umgetauft GmbH", **fields})
    fact = vacancy.facts.get()
    admin.post(f"/redaktion/profiles/fact/{fact.pk}/change/", {"name": "Ticketbrett", "kind": "tool", "slug": "jira"})
    admin.post(f"/redaktion/profiles/place/{vacancy.place_id}/change/", {"name": "Hasestadt"})
    assert set(Vacancy.objects.matching("umgetauft ticketbrett hasestadt")) == {vacancy}


def test_converted_pay_shows_how_it_was_converted(client, employer):
    vacancy = make_vacancy(
        employer,
        open=True,
        place_id=2860410,
        working_time="part",
        hours_low=20,
        hours_high=20,
        pay_low=1600,
        pay_high=1700,
    )
    html = client.get(vacancy.get_absolute_url()).content.decode()
    assert "1.600 bis 1.700\u00a0€ × 40 ÷ 20 Wochenstunden = 3.200 bis 3.400\u00a0€ im Monat" in html
    assert "3.200 bis 3.400" in html
    assert "innerhalb der Spanne „Einstieg“" in html


CEILINGS = {
    "/": 8,
    "/staedte/": 8,
    "/staedte/gelsenkirchen/": 10,
    "/stellen/": 6,
    "/stellen/?stadt=osnabrueck&was=it": 12,
}


@pytest.mark.parametrize("ads", [1, 22, pytest.param(45, marks=pytest.mark.slow)])
def test_queries_do_not_grow_with_the_number_of_vacancies(client, employer, django_assert_max_num_queries, ads):
    for number in range(ads):
        vacancy = make_vacancy(employer, open=True, place_id=[2921466, 2856883, 2860410][number % 3])
    for path, ceiling in (CEILINGS | {vacancy.get_absolute_url(): 7, employer.get_absolute_url(): 5}).items():
        with django_assert_max_num_queries(ceiling):
            assert client.get(path).status_code == 200


def test_counts_above_a_thousand_are_capped(client, monkeypatch, employer):
    monkeypatch.setattr("listings.models.vacancies.CAP", 2)
    monkeypatch.setattr("listings.filters.CAP", 2)
    monkeypatch.setattr("listings.found.CAP", 2)
    for _ in range(4):
        make_vacancy(employer, open=True)
    assert "über 1.000 Stellen" in client.get("/stellen/").content.decode()
    assert Vacancy.objects.open().capped_count() == 3


def test_an_index_serves_the_newest_of_a_city(employer):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Of a table of no rows it would read and sort them all; if it cannot do without, it still does.
            cursor.execute("set local enable_seqscan = off")
            cursor.execute("set local enable_sort = off")
    plan = Vacancy.objects.open().in_city(City.objects.get(slug="hagen")).newest()[:10].explain()
    assert "vacancy_newest" in plan  # of the city or of all: with so few rows the planner may take either
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_an_index_serves_what_lists_hide_at_first():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("drop index vacancy_newest, vacancy_choices")  # of no rows it may take either
            cursor.execute("set local enable_seqscan = off")
    assert "vacancy_indirect" in Vacancy.objects.open().indirect().order_by()[: CAP + 1].values("pk").explain()


def test_machines_find_their_files(client):
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://" in robots
    assert "Disallow: /redaktion/" in robots
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert len(index) == 4
    for section in ("stellen", "staedte", "firmen", "seiten"):
        assert client.get(f"/sitemap-{section}.xml").status_code == 200
    assert client.get("/sitemap-nix.xml").status_code == 404
    assert client.get("/gesund/").content == b"gesund\n"


def test_health_fails_when_the_database_does(client, monkeypatch):
    from django.db import DatabaseError, connection

    def broken(*args):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)
    assert client.get("/gesund/").status_code == 503


def test_unknown_addresses_get_a_page_that_helps(client):
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert "/stellen/" in response.content.decode()


def test_a_crash_gets_a_page_that_helps(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("listings.city_views.cities_with_counts", lambda: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "liegt an uns" in response.content.decode()


@pytest.mark.parametrize("form", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("charset", ["utf-16", "hex", "base64", "idna", "rot13", "undefined"])
def test_a_form_in_another_encoding_is_refused_and_not_a_crash(client, form, charset):
    body = "--x\r\nContent-Disposition: form-data; name=login\r\n\r\na\r\n--x--".encode("utf-16")
    kind = f"{form}; charset={charset}"
    response = client.generic("POST", "/konto/login/", body, content_type=kind)
    assert response.status_code == 400
    assert "konnten wir nicht lesen" in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/stellen/", "/staedte/hagen/", "/impressum/"])
def test_reading_pages_refuse_to_be_posted_to(client, path):
    assert client.post(path).status_code in (405, 403)


def test_a_logo_is_served_for_ever(client, employer):
    from io import BytesIO

    from PIL import Image

    from listings import logos

    file = BytesIO()
    Image.new("RGB", (900, 300), "red").save(file, "PNG")
    file.seek(0)
    employer.logo = logos.store(file)
    employer.save()
    response = client.get(employer.logo_url)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    assert len(response.content) <= 30_000
    assert client.get("/firmen/logo/0000.webp").status_code == 404


def test_staff_and_employers_find_their_way_from_the_masthead(client_of, employer, anna):
    assert reverse("listings:employer_vacancies") in client_of(anna).get("/").content.decode()
    assert reverse("admin:index") in client_of(make_editor()).get("/").content.decode()


def test_a_new_page_connects_the_vacancies_around_it(employer):
    vacancy = make_vacancy(make_employer(), place_id=2867714)
    assert vacancy.city is None
    city = make_city(2867714, slug="muenchen")
    assert Vacancy.objects.connect_cities() == 1
    vacancy.refresh_from_db()
    assert vacancy.city == city
    assert Vacancy.objects.connect_cities() == 0


def test_a_page_published_in_the_admin_connects_the_vacancies_around_it(client_of, rita, employer):
    vacancy = make_vacancy(employer, open=True, place_id=2867714)
    city = make_city(2867714, slug="muenchen")
    city.editions.update(published_at=None)
    assert (
        client_of(rita).post(f"/redaktion/profiles/edition/{city.editions.get().pk}/veroeffentlichen/").status_code
        == 302
    )
    vacancy.refresh_from_db()
    assert vacancy.city == city
