"""The Gehaltskompass on pages: sentences with every figure, the three kinds of figures, what is not said."""

from decimal import Decimal
from html import unescape

import pytest
from django.template.defaultfilters import date as date_format
from django.template.loader import render_to_string
from django.utils.timezone import localdate

from jobboard.templatetags.board import pay_range, whole_euro
from listings.city_views import city_context
from listings.models import Vacancy
from listings.pay import comparable, pay_context, relation_to
from profiles.compass import Ad, Band, Counted, relate
from profiles.models import City, SalaryFigure
from tests.make import GELSENKIRCHEN, HAGEN, HAMM, OBERHAUSEN, OSNABRUECK, make_employer, make_vacancy

pytestmark = pytest.mark.django_db


def words(html: str) -> str:
    """As people read it, with ordinary spaces."""
    return " ".join(unescape(html).replace("\u00a0", " ").split())


def sentence(city, low, high, subject="Diese Stelle"):
    figures = City.objects.get(slug=city).live_figures()
    context = {
        "relations": relate(Decimal(low), Decimal(high), comparable(figures)),
        "subject": subject,
        "low": low,
        "high": high,
        "place": City.objects.get(slug=city).place.name,
    }
    return words(render_to_string("listings/_relation.html", context))


@pytest.mark.parametrize(
    ("city", "low", "high", "expected"),
    [
        ("osnabrueck", 2500, 2700, "liegt in Osnabrück unter der Spanne „Einstieg“ (2.800 bis 3.400 €)."),
        (
            "hagen",
            3350,
            3450,
            (
                "liegt in Hagen zwischen „Einstieg“ (bis 3.300 €) und „Wachsende Erfahrung, mehr als ein Produkt oder "
                "Werkzeug“ (ab 3.500 €)."
            ),
        ),
        (
            "oberhausen",
            3200,
            4200,
            (
                "überschneidet sich in Oberhausen mit den Spannen „Einstieg“ (3.000 bis 3.400 €) und „Nach einigen Jahren, "
                "mit Erfahrung und Verantwortung“ (4.000 bis 4.600 €)."
            ),
        ),
        (
            "hamm",
            2900,
            3100,
            (
                "liegt in Hamm über der unteren Grenze „Einstieg“ (ab 2.800 €; eine obere nennt unser Text nicht) und "
                "überschneidet sich mit der Spanne „Große Mittelständler“ (3.000 bis 3.800 €)."
            ),
        ),
        (
            "hamm",
            2800,
            2900,
            (
                "liegt in Hamm genau an der unteren Grenze „Einstieg“ (ab 2.800 €; eine obere nennt unser Text nicht) und "
                "unter der Spanne „Große Mittelständler“ (3.000 bis 3.800 €)."
            ),
        ),
        ("hamm", 2500, 2700, "liegt in Hamm unter der unteren Grenze „Einstieg“ (ab 2.800 €)."),
        (
            "gelsenkirchen",
            4300,
            4400,
            (
                "liegt in Gelsenkirchen zwischen „Drei bis fünf Jahre Berufserfahrung“ (bis 4.200 €) und „Einzelne hochkomplexe "
                "Projekte (ERP, IT-Sicherheit)“ (ab 4.500 €)."
            ),
        ),
        (
            "gelsenkirchen",
            5200,
            5500,
            (
                "liegt in Gelsenkirchen über der Spanne „Einzelne hochkomplexe Projekte (ERP, IT-Sicherheit)“ "
                "(4.500 bis 5.000 €)."
            ),
        ),
        ("osnabrueck", 3200, 3400, "liegt in Osnabrück innerhalb der Spanne „Einstieg“ (2.800 bis 3.400 €)."),
    ],
)
def test_the_relation_is_said_with_both_figures(city, low, high, expected):
    stated = f"{low:,} bis {high:,} €".replace(",", ".")
    assert sentence(city, low, high) == f"Diese Stelle ({stated}) {expected}"
    assert sentence(city, low, high, subject="Ihr Gehalt") == f"Ihr Gehalt ({stated}) {expected}"


@pytest.mark.parametrize(
    ("low", "high", "bands", "expected"),
    [
        (
            3000,
            3200,
            [("A", 2800, 3400), ("B", 2900, 3300)],
            "liegt in Hamm innerhalb der Spannen „A“ (2.800 bis 3.400 €) und „B“ (2.900 bis 3.300 €).",
        ),
        (
            3000,
            3200,
            [("A", 2000, None), ("B", 2900, 3300), ("C", 3100, 4000), ("D", 3150, None)],
            (
                "liegt in Hamm über der unteren Grenze „A“ (ab 2.000 €; eine obere nennt unser Text nicht), innerhalb der "
                "Spanne „B“ (2.900 bis 3.300 €) und überschneidet sich mit den Spannen „C“ (3.100 bis 4.000 €) und „D“ "
                "(ab 3.150 €)."
            ),
        ),
        (
            3000,
            3900,
            [("A", 2800, 3100), ("B", 3200, 3300), ("C", None, 3400)],
            (
                "überschneidet sich in Hamm mit den Spannen „C“ (bis 3.400 €), „A“ (2.800 bis 3.100 €) und „B“ (3.200 bis "
                "3.300 €)."
            ),
        ),
        (3500, 3600, [("A", None, 3400)], "liegt in Hamm über der Spanne „A“ (bis 3.400 €)."),
    ],
)
def test_one_sentence_speaks_of_several_bands(low, high, bands, expected):
    ends = [(label, *(None if end is None else Decimal(end) for end in pair)) for label, *pair in bands]
    relations = relate(Decimal(low), Decimal(high), [Band(*each) for each in ends])
    context = {"relations": relations, "subject": "Diese Stelle", "low": low, "high": high, "place": "Hamm"}
    assert words(render_to_string("listings/_relation.html", context)).partition(" €) ")[2] == expected


@pytest.mark.parametrize(
    ("place", "pay", "said"),
    [
        (OSNABRUECK, {"pay_low": 2500, "pay_high": 2700}, ["unter der Spanne „Einstieg“ (2.800 bis 3.400 €)"]),
        (HAGEN, {"pay_low": 3350, "pay_high": 3450}, ["zwischen „Einstieg“ (bis 3.300 €)", "(ab 3.500 €)"]),
        (
            OBERHAUSEN,
            {"pay_low": 3200, "pay_high": 4200},
            ["mit den Spannen „Einstieg“ (3.000 bis 3.400 €) und „Nach einigen", "(4.000 bis 4.600 €)"],
        ),
        (
            HAMM,
            {"pay_low": 2900, "pay_high": 3100},
            ["über der unteren Grenze „Einstieg“ (ab 2.800 €;", "mit der Spanne „Große Mittelständler“ (3.000 bis"],
        ),
        (GELSENKIRCHEN, {"pay_low": 4300, "pay_high": 4400}, ["(bis 4.200 €) und „Einzelne", "(ab 4.500 €)"]),
        (GELSENKIRCHEN, {"pay_low": 5200, "pay_high": 5500}, ["über der Spanne „Einzelne", "(4.500 bis 5.000 €)"]),
        (
            OSNABRUECK,
            {"pay_low": 1600, "pay_high": 1700, "working_time": "part", "hours_low": 20, "hours_high": 20},
            [
                "So gerechnet: 1.600 bis 1.700 € × 40 ÷ 20 Wochenstunden = 3.200 bis 3.400 € im Monat.",
                "Diese Stelle (3.200 bis 3.400 €) liegt in Osnabrück innerhalb der Spanne „Einstieg“",
            ],
        ),
        (
            OSNABRUECK,
            {"pay_low": 42_000, "pay_high": 42_000, "pay_unit": "year"},
            [
                "So gerechnet: 42.000 € ÷ 12 = 3.500 € im Monat.",
                "Diese Stelle (3.500 €) liegt in Osnabrück zwischen „Einstieg“ (bis 3.400 €) und „Erfahrung",
            ],
        ),
        (
            OSNABRUECK,
            {"pay_low": 3000, "pay_high": 3000, "salaries_per_year": 13},
            [
                "So gerechnet: 3.000 € × 13 ÷ 12 = 3.250 € im Monat.",
                "Diese Stelle (3.250 €) liegt in Osnabrück innerhalb der Spanne „Einstieg“",
            ],
        ),
        (
            OSNABRUECK,  # both working times: what is stated is for full time
            {"pay_low": 3000, "pay_high": 3300, "working_time": "both", "hours_low": 20, "hours_high": 40},
            ["Diese Stelle (3.000 bis 3.300 €) liegt in Osnabrück innerhalb der Spanne „Einstieg“"],
        ),
    ],
)
def test_the_page_of_an_ad_says_how_its_pay_stands(client, place, pay, said):
    ad = make_vacancy(open=True, place_id=place, **pay)
    text = words(client.get(ad.get_absolute_url()).content.decode())
    for each in said:
        assert each in text
    assert ("So gerechnet" in text) == any("So gerechnet" in each for each in said)


def test_net_bands_are_left_out_of_relations_and_the_page_says_so(client):
    SalaryFigure.objects.filter(edition__city__slug="osnabrueck", level="einstieg").update(gross="net")
    vacancy = make_vacancy(open=True, pay_low=3000, pay_high=3300)
    text = words(client.get(vacancy.get_absolute_url()).content.decode())
    assert "liegt in Osnabrück unter der Spanne „Erfahrung oder Spezialwissen“" in text
    assert "„Einstieg“ ist netto angegeben und lässt sich mit einem Bruttogehalt nicht vergleichen." in text
    assert "Einstieg, netto" in text


def test_yearly_bands_are_compared_by_the_month(client):
    SalaryFigure.objects.filter(edition__city__slug="osnabrueck", level="einstieg").update(
        low=36000, high=42000, period="year"
    )
    vacancy = make_vacancy(open=True, pay_low=3100, pay_high=3300)
    text = words(client.get(vacancy.get_absolute_url()).content.decode())
    assert "innerhalb der Spanne „Einstieg“ (3.000 bis 3.500 €)" in text
    page = words(client.get("/staedte/osnabrueck/").content.decode())
    assert "36.000 bis 42.000 €" in page
    assert "im Jahr<br>3.000 bis 3.500 € im Monat" in page


def test_the_head_of_a_city_page_says_what_is_not_a_month_or_not_gross(client):
    SalaryFigure.objects.filter(edition__city__slug="osnabrueck", level="einstieg").update(
        low=24000, high=30000, period="year", gross="net"
    )
    page = words(client.get("/staedte/osnabrueck/").content.decode())
    assert "<dd>24.000 bis 30.000 € <small>im Jahr, netto</small></dd>" in page
    assert "<dd>3.600 bis 4.000 €</dd>" in page


def firms_with_ads(*, employers, ads, **fields):
    firms = [make_employer() for _ in range(employers)]
    return [make_vacancy(firms[number % employers], open=True, **fields) for number in range(ads)]


@pytest.mark.parametrize("path", ["/staedte/osnabrueck/", "ad"])
def test_too_few_ads_are_drawn_one_by_one_without_a_median(client, path):
    first, *others = firms_with_ads(employers=2, ads=5)
    html = client.get(first.get_absolute_url() if path == "ad" else path).content.decode()
    assert '<a href="/stellen/?stadt=osnabrueck">5 Anzeigen</a> von 2 Arbeitgebern' in html
    assert "für einen Median zu wenige" in html
    assert "im Median bei" not in html
    for ad in others:
        assert f'href="{ad.get_absolute_url()}"' in html
    assert html.count("chart-ad") == 4 + (path != "ad")  # on its own page an ad is drawn once
    assert ("diese eingeschlossen" in html) == (path == "ad")


def test_no_more_than_a_few_single_ads_are_drawn_and_the_page_says_how_many(client):
    firms_with_ads(employers=2, ads=9)
    html = client.get("/staedte/osnabrueck/").content.decode()
    assert html.count("chart-ad") == 6
    assert "einzeln zu sehen sind die neuesten 6" in html


@pytest.mark.parametrize(("ads", "all_shown"), [(6, True), (7, False)])
def test_the_page_of_a_city_says_whether_all_its_ads_are_drawn(client, ads, all_shown):
    firms_with_ads(employers=2, ads=ads)
    html = client.get("/staedte/osnabrueck/").content.decode()
    assert html.count("chart-ad") == 6
    assert ("darum sehen Sie sie einzeln" in html) == all_shown
    assert ("einzeln zu sehen sind die neuesten 6" in html) != all_shown


def test_on_the_page_of_an_ad_seven_of_its_city_are_all_drawn(client):
    """Six others and its own; one from elsewhere would not be among them."""
    first, *_ = firms_with_ads(employers=2, ads=7)
    assert "darum sehen Sie sie einzeln" in client.get(first.get_absolute_url()).content.decode()
    agency = make_vacancy(open=True, employer_kind="zeitarbeit")
    assert "einzeln zu sehen sind die neuesten 6" in client.get(agency.get_absolute_url()).content.decode()


def by_hand(ends, quarters):
    """So many quarters of the way from the lowest to the highest end, by counting places."""
    ends = sorted(ends)
    places = (len(ends) - 1) * quarters  # in quarters of a place
    below, rest = divmod(places, 4)
    found = ends[below]
    return found + (ends[below + 1] - found) * rest / 4 if rest else found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owners", "medians", "quartiles"),
    [
        ([0, 1, 2, 0], False, False),  # 4 ads
        ([0, 1, 0, 1, 0], False, False),  # 2 employers
        ([0, 1, 2, 0, 1], True, False),
        ([0, 1, 2, 3, 4] * 3 + [0, 1, 2, 3], True, False),  # 19 ads
        ([0, 1, 2, 3] * 5, True, False),  # 4 employers
        ([0, 1, 2, 3, 4] * 4, True, True),
        ([0] * 7 + [1, 2, 3, 4] * 3 + [1, 2], True, True),  # one has 7 of 21: a third
        ([0] * 7 + [1, 2, 3, 4] * 3 + [1], True, False),  # 7 of 20: over a third
    ],
)
def test_pages_tell_medians_and_middle_halves_from_their_thresholds_on(client, owners, medians, quartiles):
    firms = [make_employer() for _ in range(max(owners) + 1)]
    pays = [(2500 + (number * 377) % 1900, 4400 + (number * 271) % 1300) for number in range(len(owners))]
    for owner, (low, high) in zip(owners, pays, strict=True):
        make_vacancy(firms[owner], open=True, pay_low=low, pay_high=high)
    lows, highs = zip(*pays, strict=True)
    said = {
        "medians": f"Die unteren Enden liegen im Median bei {whole_euro(by_hand(lows, 2))}, "
        f"die oberen bei {whole_euro(by_hand(highs, 2))}.",
        "quartiles": f"Die mittlere Hälfte der unteren Enden liegt bei {pay_range(by_hand(lows, 1), by_hand(lows, 3))}, "
        f"die der oberen bei {pay_range(by_hand(highs, 1), by_hand(highs, 3))}.",
    }
    firm_count = len(set(owners))
    for path in ("/staedte/osnabrueck/", "/gehalt/?stadt=osnabrueck&betrag=3000"):
        text = words(client.get(path).content.decode())
        assert f"{len(owners)} Anzeigen</a> von {firm_count} Arbeitgebern" in text
        assert ("im Median bei" in text, words(said["medians"]) in text) == (medians, medians)
        assert ("mittlere Hälfte" in text, words(said["quartiles"]) in text) == (quartiles, quartiles)


def test_medians_are_shown_with_their_n_and_the_list_behind_it_has_as_many(client):
    firms_with_ads(employers=3, ads=5, pay_low=3000, pay_high=3600)
    make_vacancy(open=True, employer_kind="zeitarbeit")
    ad = make_vacancy(make_employer(), open=True, pay_low=3700, pay_high=4000)
    text = words(client.get(ad.get_absolute_url()).content.decode())
    assert "6 Anzeigen</a> von 4 Arbeitgebern, zurzeit offen in Osnabrück, diese eingeschlossen" in text
    assert "Die unteren Enden liegen im Median bei 3.000 €, die oberen bei 3.600 €." in text
    assert "Diese Stelle (3.700 bis 4.000 €) liegt über der Spanne dieser Mediane (3.000 bis 3.600 €)." in text
    assert "gezählt aus 6 Anzeigen von 4 Arbeitgebern" in text
    assert "chart-ad" not in text
    assert client.get("/stellen/?stadt=osnabrueck").context["count"] == 6


def test_quartiles_are_said_and_drawn_from_twenty_ads_on(client):
    firms_with_ads(employers=5, ads=20, pay_low=3000, pay_high=3600)
    text = words(client.get("/staedte/osnabrueck/").content.decode())
    assert "Die mittlere Hälfte der unteren Enden liegt bei 3.000 €, die der oberen bei 3.600 €." in text
    assert "Mittlere Hälfte der unteren Enden" in text
    assert text.count("chart-half") == 2


def test_a_city_without_ads_says_so(client):
    assert "In Hagen ist keine Stelle direkt vom Arbeitgeber offen." in words(
        client.get("/staedte/hagen/").content.decode()
    )


def test_an_ad_of_an_agency_is_not_among_those_that_are_counted(client):
    make_vacancy(open=True)
    ad = make_vacancy(open=True, employer_kind="zeitarbeit")
    html = client.get(ad.get_absolute_url()).content.decode()
    assert "1 Anzeige</a> von 1 Arbeitgeber, zurzeit offen in Osnabrück:" in html


def test_a_place_without_a_page_shows_its_own_pay_alone(client):
    ad = make_vacancy(open=True, place_id=2950159, postal_code="10115")
    html = client.get(ad.get_absolute_url()).content.decode()
    assert "Das Gehalt auf einen Blick" in html
    assert html.count('class="chart-bar') == 1


def test_every_row_of_the_table_says_where_it_comes_from(client):
    firms_with_ads(employers=3, ads=5)
    ad = Vacancy.objects.open().first()
    text = words(client.get(ad.get_absolute_url()).content.decode())
    for source in ("vom Arbeitgeber", "redaktionell, Stand nicht angegeben", "gezählt aus 5 Anzeigen"):
        assert f'<span class="cell-note">{source}' in text
        assert f">{source}" in text.split('<svg class="pay-chart"')[1].split("</svg> <table")[0]
    assert "nicht angegeben: Zeitraum, brutto oder netto, Stand" in text


def test_pay_stands_to_medians_only_where_there_are_any():
    few = Counted.of([Ad(Decimal(3000), Decimal(3500), 1, "erfahren")])
    assert relation_to(few, Decimal(3000), Decimal(3500)) is None


def test_a_draft_without_anything_has_no_chart():
    assert pay_context(Vacancy())["chart"] is None


def test_the_city_page_tells_quietly_what_a_figure_stated_earlier(client, rita, django_assert_max_num_queries):
    hagen = City.objects.get(slug="hagen")
    assert "Frühere Angaben" not in client.get("/staedte/hagen/").content.decode()
    hagen.confirm_figures(rita, ["einstieg"])
    client.get("/staedte/hagen/")
    with django_assert_max_num_queries(10):
        text = words(client.get("/staedte/hagen/").content.decode())
    assert text.count("Frühere Angaben") == 1
    assert "<li>2.800 bis 3.300 €, Stand nicht angegeben, veröffentlicht am" in text
    assert f"redaktionell, Stand {date_format(localdate(), 'F Y')}" in text


def test_the_preview_of_a_working_copy_has_a_pay_section_too(rita):
    draft = City.objects.get(slug="hagen").working_edition(rita)
    assert [figure.slug for figure in city_context(draft)["figures"]] == [each.slug for each in draft.figures.all()]


def test_of_more_ads_than_are_counted_the_page_names_the_newest(client, monkeypatch):
    monkeypatch.setattr("listings.counted.CAP", 5)
    firms_with_ads(employers=3, ads=7)
    text = words(client.get("/staedte/osnabrueck/").content.decode())
    assert 'Gezählt aus <a href="/stellen/?stadt=osnabrueck">den neuesten 5 Anzeigen</a> von 3 Arbeitgebern' in text
    assert "gezählt aus den neuesten 5 Anzeigen von 3 Arbeitgebern" in text
