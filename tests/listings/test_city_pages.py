"""The cities side by side and on the home page: what is counted, compared, ordered and drawn."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from listings.comparison import Tally, cities_with_counts, draw_bands, shared_facts, sort_cities
from listings.models import Vacancy
from profiles.models import City, CityFact, Edition, Fact, Place, SalaryFigure, Section
from tests.make import GELSENKIRCHEN, HAGEN, HAMM, OSNABRUECK, make_city, make_employer, make_vacancy

pytestmark = pytest.mark.django_db

MUNICH = 2867714
BY_NAME = ["gelsenkirchen", "hagen", "hamm", "oberhausen", "osnabrueck"]


def page(client, query=""):
    return client.get(f"/staedte/{query}").content.decode()


def row(html, slug):
    """The row of a city in the comparison."""
    rows = re.findall(r'<tr role="row">.*?</tr>', html, re.DOTALL)
    [found] = [each for each in rows if f'class="comparison-city" href="/staedte/{slug}/"' in each]
    return found


def text(html):
    return " ".join(unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


def order(html):
    return re.findall(r'class="comparison-city" href="/staedte/([^/]+)/"', html)


def days_ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def ads(employer):
    """Of Hagen: six that are open and direct, three of them new; others that must not be counted."""
    make_vacancy(employer, open=True, place_id=HAGEN)
    make_vacancy(employer, open=True, place_id=HAGEN, workplace="hybrid", remote_days=2)
    make_vacancy(employer, open=True, place_id=HAGEN, workplace="remote", at=days_ago(7))
    make_vacancy(employer, open=True, place_id=HAGEN, at=days_ago(8))
    make_vacancy(employer, open=True, place_id=HAGEN, workplace="hybrid", remote_days=1, at=days_ago(20))
    make_vacancy(employer, open=True, place_id=HAGEN, workplace="hybrid", remote_days=1, at=days_ago(9))
    agency = make_employer("Leihwerk GmbH", kind="zeitarbeit")
    make_vacancy(agency, open=True, place_id=HAGEN, employer_kind="zeitarbeit")
    make_vacancy(employer, open=True, place_id=HAGEN, first_day=localdate() + timedelta(days=1))
    for status in ("draft", "in_review", "paused", "closed", "removed"):
        make_vacancy(employer, status=status, place_id=HAGEN, workplace="hybrid", remote_days=3)
    ended = make_vacancy(employer, open=True, place_id=HAGEN)
    yesterday = localdate() - timedelta(days=1)
    Vacancy.objects.filter(pk=ended.pk).update(first_day=yesterday, last_day=yesterday)


# Counts


def test_every_count_is_the_one_of_the_list_it_leads_to(client, ads):
    html = page(client)
    found = 0
    for href, number in re.findall(r'href="(/stellen/\?[^"]+)">(\d+)', html):
        results = client.get(unescape(href)).content.decode()
        assert f">{number} Stelle" in re.search(r'id="anzahl".*?</h2>', results)[0], href
        assert "note-warn" not in results, href
        found += 1
    assert found == 4
    assert "6 von" not in text(row(html, "hagen"))
    assert "6 offene Stellen in Hagen 3 neu in Hagen" in text(row(html, "hagen"))  # as a list of links says it
    assert "4 von 6 Stellen 3 hybrid 1 ortsunabhängig" in text(row(html, "hagen"))
    assert Tally(6, 3, 3, 1) == next(city.tally for city in cities_with_counts() if city.slug == "hagen")


def test_a_city_without_ads_says_so_and_links_to_no_empty_list(client, ads):
    hamm = row(page(client), "hamm")
    assert "keine Stelle" in text(hamm)
    assert "/stellen/" not in hamm


def test_a_share_in_per_cent_needs_ten_ads():
    assert Tally(9, 0, 3, 0).per_cent is None
    assert Tally(12, 0, 3, 1).per_cent == 33
    assert Tally().share is None


def test_counts_beyond_the_cap_are_told_as_such_and_lead_to_no_other_number(client, ads, monkeypatch):
    for module in ("listings.comparison", "listings.filters", "listings.models.vacancies"):
        monkeypatch.setattr(f"{module}.CAP", 2)
    hagen = row(page(client), "hagen")
    assert text(hagen).count("über 1.000") == 2
    assert "von den neuesten 3 Stellen" in text(hagen)
    assert "arbeitsort=" not in hagen


# Order


def test_without_a_wish_cities_stand_by_name_and_umlauts_where_people_look_for_them(client):
    make_city(Place.objects.get(name="Öhringen").pk, slug="oehringen")
    assert order(page(client)) == [*BY_NAME[:4], "oehringen", "osnabrueck"]


def test_each_heading_orders_by_its_figure_and_leaves_those_without_it_last(client, employer, ads):
    make_vacancy(employer, open=True, place_id=HAMM)
    make_vacancy(employer, open=True, place_id=HAMM)
    make_vacancy(employer, open=True, place_id=GELSENKIRCHEN, workplace="remote", at=days_ago(30), last_day=localdate())
    expected = {
        "name": BY_NAME,
        "stellen": ["hagen", "hamm", "gelsenkirchen", "oberhausen", "osnabrueck"],
        "neu": ["hagen", "hamm", "gelsenkirchen", "oberhausen", "osnabrueck"],
        "homeoffice": ["gelsenkirchen", "hagen", "hamm", "oberhausen", "osnabrueck"],
        "einstieg": ["oberhausen", "gelsenkirchen", "osnabrueck", "hagen", "hamm"],
        "erfahren": ["oberhausen", "osnabrueck", "gelsenkirchen", "hagen", "hamm"],
    }
    for sorting, slugs in expected.items():
        html = page(client, f"?sortierung={sorting}")
        assert order(html) == slugs, sorting
        [current] = re.findall(r'class="sort-link" href="([^"]+)#vergleich" aria-current="true"', html)
        assert current == ("/staedte/" if sorting == "name" else f"?sortierung={sorting}")
        assert re.findall(r'aria-sort="(\w+)"', html).count("none") == 4
        assert re.search(r'rel="canonical" href="[^"?]+/staedte/"', html)


@pytest.mark.parametrize("value", ["quatsch", "%00", "name%27--", "%ff", "x" * 300, "<b>"])
def test_an_unknown_order_is_left_out_with_a_hint(client, value):
    html = page(client, f"?sortierung={value}&seite=9&utm_source=x")
    assert order(html) == BY_NAME
    assert 'note-warn">Sortieren: ' in html
    assert "<b>" not in html
    assert "utm_source" not in html


def test_an_empty_order_and_unknown_parameters_are_no_mistake(client):
    assert "note-warn" not in page(client, "?sortierung=&utm_source=x")


def test_equal_cities_stay_by_name_whatever_the_order():
    cities = cities_with_counts()
    for sorting in ("stellen", "neu", "homeoffice"):
        assert [city.slug for city in sort_cities(cities[::-1], sorting)] == BY_NAME


# Bands


def bands(slug, cities=None):
    cities = cities or cities_with_counts()
    draw_bands(cities)
    return next(city for city in cities if city.slug == slug).bands


def test_the_same_amount_stands_at_the_same_place_in_every_city():
    cities = cities_with_counts()
    scale = draw_bands(cities)
    places = {}
    for city in cities:
        for band in city.bands:
            if band.row and band.row.low and band.row.high:
                places.setdefault(band.row.low, set()).add(band.x)
                places.setdefault(band.row.high, set()).add(band.end)
    assert all(max(found) - min(found) < 0.05 for found in places.values())
    assert sorted(places, key=lambda amount: min(places[amount])) == sorted(places)
    assert all(0 <= tick.x <= 100 for tick in scale.ticks)


def test_every_figure_is_there_as_text_with_its_qualifier_and_leads_to_its_sentence(client):
    html = page(client)
    for city in cities_with_counts():
        found = row(html, city.slug)
        target = client.get(f"/staedte/{city.slug}/").content.decode()
        for figure in city.figures:
            assert figure.qualifier in text(found)
            assert figure.label in text(found)
            assert f'href="/staedte/{city.slug}/#{figure.proof_anchor}"' in found
            assert f'id="{figure.proof_anchor}"' in target


def test_levels_align_and_one_that_a_text_leaves_out_says_so(client):
    assert [band.label for band in bands("hamm")] == ["Einstieg", "Mit Erfahrung", "Große Mittelständler"]
    assert "Mit Erfahrung im Text keine Zahl" in text(row(page(client), "hamm"))


def test_a_floor_without_ceiling_reaches_the_end_of_the_scale():
    floor = bands("hamm")[0]
    assert floor.row.high is None
    assert floor.end == 100


def test_a_figure_of_a_year_stands_on_the_scale_of_months_and_says_what_the_text_says(client):
    city = make_city(MUNICH, slug="muenchen")
    city.live_figures().update(low=42_000, high=48_000, period="year", checked_on="2026-03-01", gross="net")
    found = text(row(page(client), "muenchen"))
    assert "3.500 bis 4.000 €" in found
    assert "im Text 42.000 bis 48.000 € im Jahr" in found
    assert "netto" in found
    assert "Stand März 2026" in found


def test_a_city_without_figures_says_so_and_has_no_scale(client):
    make_city(MUNICH, slug="muenchen").live_figures().delete()
    found = row(page(client), "muenchen")
    assert "Unser Text nennt für München kein Gehalt in Zahlen." in text(found)
    assert "<svg" not in found


def test_of_forty_figures_the_page_of_the_city_has_the_rest(client):
    city = make_city(MUNICH, slug="muenchen")
    [figure] = city.live_figures()
    for number in range(39):
        figure.pk, figure.slug, figure.kind, figure.level = None, "", "segment", ""
        figure.label, figure.low = f"Gruppe {number}", 2800 + number
        figure.save(force_insert=True)
    found = text(row(page(client), "muenchen"))
    assert "34 weitere Spannen auf der Seite von München" in found
    assert "Gruppe 4" in found
    assert "Gruppe 5" not in found


def test_what_ads_pay_stands_beside_the_text_from_five_of_three_firms_on(client):
    firms = [make_employer() for _ in range(3)]
    for number in range(5):
        make_vacancy(firms[number % 3], open=True, place_id=HAGEN, pay_low=3000 + 100 * number, pay_high=4000)
    for number in range(4):
        make_vacancy(firms[number % 3], open=True, place_id=HAMM)
    html = page(client)
    counted_row = "Mediane der unteren und oberen Enden, gezählt aus 5 Anzeigen von 3 Arbeitgebern 3.200 bis 4.000 €"
    assert counted_row in text(row(html, "hagen"))
    assert "gezählt" not in text(row(html, "hamm"))


# Facts


def test_what_several_cities_share_comes_first_and_every_dot_leads_to_its_sentence(client):
    html = page(client)
    pages = {slug: client.get(f"/staedte/{slug}/").content.decode() for slug in BY_NAME}
    matrix = html[html.index('class="matrix') :]
    dots = re.findall(r'<a href="/staedte/([^/]+)/#([^"]+)"', matrix)
    assert all(f'id="{anchor}"' in pages[slug] for slug, anchor in dots)
    assert len(dots) == CityFact.objects.filter(fact__kind__in=["sector", "tool"]).count()
    cities = cities_with_counts()
    for _, rows in shared_facts(cities)[1]:
        counts = [row.count for row in rows]
        assert counts == sorted(counts, reverse=True)
        assert all([city for city, _ in row.cells] == cities for row in rows)
    assert re.search(r"Mittelstand in Hamm</span>", matrix)


def test_a_city_whose_text_speaks_of_none_has_no_column(client):
    make_city(MUNICH, slug="muenchen")
    html = page(client)
    assert "/staedte/muenchen/" not in html[html.index('class="matrix') : html.index("</main>")]


def test_without_facts_nothing_is_compared(client):
    CityFact.objects.all().delete()
    assert "gemeinsam" not in page(client)


# Cities come and go


def test_a_sixth_city_appears_everywhere(client):
    make_city(MUNICH, slug="muenchen")
    html = page(client)
    assert len(order(html)) == 6
    assert "Ein Beruf, sechs Städte" in text(html)
    assert html.count('href="/staedte/muenchen/"') >= 3  # list, map, table
    assert "München</text>" in html
    home = client.get("/").content.decode()
    assert "München" in client.get("/stellen/?stadt=muenchen").context["filter"].chips[0].label
    assert "München</text>" in home


def test_distances_stand_in_the_list_as_on_the_map(client):
    for path in ("/staedte/", "/"):
        html = client.get(path).content.decode()
        for km in re.findall(r'class="map-km"[^>]*>([^<]+)<', html):
            assert f"{km} bis " in text(html)
        assert "16 km bis Oberhausen, 31 km bis Hagen" in text(html)


def test_no_city_and_one_city_are_pages_too(client):
    Edition.objects.update(published_at=None)
    assert "Noch hat keine Stadt eine Seite." in text(page(client))
    assert "Städte, in denen" not in text(client.get("/").content.decode())
    make_city(MUNICH, slug="muenchen")
    html = page(client)
    assert "Ein Beruf, eine Stadt" in text(html)
    assert "km bis" not in text(html)
    assert "Dazu eine Stadt, in der wir nachgesehen haben" in text(client.get("/").content.decode())


def test_a_very_long_name_is_written_out(client):
    name = "Hellenthal-Hollerath an der Oleftalsperre"
    place = Place.objects.get(pk=MUNICH)
    place.name = name
    place.save()
    make_city(MUNICH, slug="muenchen")
    html = page(client)
    assert name in text(row(html, "muenchen"))
    assert f'aria-label="{name}"' in html


def test_the_home_page_shows_the_eight_cities_with_the_most_ads(client, employer):
    places = Place.objects.filter(city__isnull=True).order_by("-population")[:6]
    for place in places:
        make_city(place.pk)
    make_vacancy(employer, open=True, place_id=OSNABRUECK)
    html = client.get("/").content.decode()
    shown = re.findall(r'<h3><a href="/staedte/([^/]+)/">', html)
    assert len(shown) == 8
    assert "osnabrueck" in shown
    names = [City.objects.get(slug=slug).place.folded for slug in shown]
    assert names == sorted(names)


# Cost


def grow(cities, ads):
    """That many cities, and ads without their life: the cost of reading is asked for here."""
    for place in Place.objects.filter(city__isnull=True).order_by("-population")[: cities - City.objects.count()]:
        make_city(place.pk)
    template = make_vacancy(open=True)
    rows = []
    for number, city in enumerate(list(City.objects.all()) * (ads // cities)):
        template.pk, template.city_id, template.place_id = None, city.pk, city.place_id
        template.workplace = ["on_site", "hybrid", "remote"][number % 3]
        template.remote_days = 2
        rows.append(Vacancy(**{f.attname: getattr(template, f.attname) for f in Vacancy._meta.concrete_fields[:]}))
    Vacancy.objects.bulk_create(rows)


@pytest.mark.parametrize(("cities", "ads"), [(5, 0), (5, 50), (30, 300)])
def test_queries_grow_neither_with_cities_nor_with_ads(client, django_assert_max_num_queries, cities, ads):
    grow(cities, ads)
    for path in ("/staedte/", "/staedte/?sortierung=neu", "/"):
        with django_assert_max_num_queries(8):
            html = client.get(path).content.decode()
        assert len(html) < 400_000
    assert len(order(page(client))) == cities


def test_the_counts_are_read_by_the_index_of_a_city():
    grow(5, 1000)
    queries = []

    def overheard(run, sql, params, many, context):
        queries.append((sql, params))
        return run(sql, params, many, context)

    with connection.execute_wrapper(overheard):
        cities = cities_with_counts()
    assert sum(city.tally.open for city in cities) >= 1000
    [(sql, params)] = [each for each in queries if "COUNT(*)" in each[0]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of so few rows it would read and sort them all, or take an index of all cities; if it cannot do without this
            # one, it still does.
            cursor.execute("set constraints all immediate; drop index vacancy_newest, vacancy_choices")
            cursor.execute("analyze listings_vacancy")
            for way in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"set local enable_{way} = off")
        cursor.execute(("explain " if connection.vendor == "postgresql" else "explain query plan ") + sql, params)
        plan = "\n".join(str(line) for line in cursor.fetchall())
    assert "vacancy_newest_of_city" in plan


def test_the_figures_of_a_working_copy_are_not_compared():
    draft = City.objects.get(slug="hamm").working_edition(by=None)
    section = Section.objects.filter(edition=draft).first()
    SalaryFigure.objects.create(edition=draft, section=section, level="einstieg", label="Neu", low=9000, evidence="x")
    assert all(not band.row or band.row.low < 9000 for band in bands("hamm"))


# An edition whose date has come


def test_at_its_second_a_scheduled_edition_is_on_every_page(client, client_of, rita, time_machine):
    ad = make_vacancy(open=True, place_id=HAGEN, level="einstieg")
    hagen = City.objects.get(slug="hagen")
    draft = hagen.working_edition(rita)
    figure = draft.figures.get(slug="einstieg")
    figure.section.body = figure.section.body.replace("2.800", "2.850")
    figure.section.save()
    figure.low, figure.evidence = 2850, figure.evidence.replace("2.800", "2.850")
    figure.save()
    at = timezone.now().replace(microsecond=0) + timedelta(days=1)
    draft.publish(rita, at=at)
    editor = client_of(rita)
    pages = [
        "/",
        "/staedte/",
        "/staedte/hagen/",
        ad.get_absolute_url(),
        "/gehalt/?stadt=hagen&niveau=einstieg&betrag=2825",
    ]

    def shown():
        return [amount in client.get(page).content.decode() for page in pages for amount in ("2.800", "2.850")]

    def lastmod():
        return re.search(r"/staedte/hagen/</loc><lastmod>([^<]*)", client.get("/sitemap-staedte.xml").content.decode())[
            1
        ]

    time_machine.move_to(at - timedelta(seconds=1), tick=False)
    before = lastmod()
    assert shown() == [True, False] * len(pages)
    assert "erscheint am" in editor.get("/redaktion/").content.decode()
    time_machine.move_to(at, tick=False)
    assert shown()[1::2] == [True] * len(pages)
    data = client.get("/staedte/hagen/").content.decode().split("application/ld+json", 1)[1].split("</script>")[0]
    assert ("2850" in data, "2800" in data) == (True, False)
    assert lastmod() == f"{localdate(at):%Y-%m-%d}" != before
    assert "erscheint am" not in editor.get("/redaktion/").content.decode()


def test_what_editors_type_stays_text(client, client_of, rita):
    city = make_city(MUNICH, slug="muenchen")
    edition = city.live_edition()
    hostile = "<img src=x onerror=alert(1)> "
    edition.sections.update(heading=f"{hostile} Geld", body=f"{hostile} Hier gibt es 2.800 bis 3.400 Euro.")
    edition.figures.update(
        label=f"{hostile} Einstieg", qualifier=hostile, evidence=f"{hostile} Hier gibt es 2.800 bis 3.400 Euro."
    )
    fact = Fact.objects.create(slug="boese", name=f"{hostile} Werkzeug", kind=Fact.Kind.TOOL)
    edition.facts.create(fact=fact, section=edition.sections.get(), evidence=f"{hostile} Hier gibt es")
    Edition.objects.filter(pk=edition.pk).update(lead=hostile, note=hostile)
    copy = city.working_edition(rita)
    vacancy = make_vacancy(open=True, place_id=MUNICH)
    vacancy.facts.add(fact)
    public = ["/", "/staedte/", "/staedte/muenchen/", "/gehalt/?stadt=muenchen&betrag=3000", vacancy.get_absolute_url()]
    public.append("/stellen/?stadt=muenchen&faktum=boese")
    editors = [reverse(f"admin:profiles_edition_{page}", args=[copy.pk]) for page in ("change", "preview", "compare")]
    editors += [reverse("admin:profiles_city_change", args=[city.pk]), reverse("admin:index")]
    for who, paths in ((client, public), (client_of(rita), editors)):
        for path in paths:
            assert "<img src=x" not in who.get(path).content.decode(), path
