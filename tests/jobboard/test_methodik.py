"""How we count: the examples of the page are what the board computes."""

import re
from decimal import Decimal

import pytest

from listings import comparison
from listings.filter_fields import MOST_FACTS
from listings.models import Vacancy
from profiles import compass
from profiles.compass import Ad, Band, Counted, Relation, Unit, monthly, relate
from tests.make import HAMM, make_vacancy

pytestmark = pytest.mark.django_db

WORDS = {  # as the page says it, the longer wording first
    "über der unteren Grenze": Relation.ABOVE_FLOOR,
    "über der höchsten": Relation.ABOVE,
    "unter der niedrigsten": Relation.BELOW,
    "innerhalb": Relation.INSIDE,
    "zwischen": Relation.BETWEEN,
    "überschneidet": Relation.OVERLAPS,
}


@pytest.fixture
def page(client) -> str:
    return client.get("/methodik/").content.decode()


def rows_of(page: str, table: str) -> list[list[str]]:
    """The cells of the table with that id, without its head."""
    body = re.search(rf'<table id="{table}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)[1]
    return [re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)]


def euro(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def range_of(text: str) -> tuple[Decimal, Decimal | None]:
    low, _, high = text.removeprefix("ab ").partition(" bis ")
    return euro(low), euro(high) if high else None


def test_every_conversion_is_the_one_that_the_board_makes(page):
    rows = rows_of(page, "rechnung")
    assert len(rows) == 4
    units = {"im Jahr": Unit.YEAR, "in der Stunde": Unit.HOUR, "im Monat": Unit.MONTH}
    for stated, _, shown in rows:
        amount, unit = re.match(r"([\d.]+) € (im Jahr|in der Stunde|im Monat)", stated).groups()
        part = re.search(r"für (\d+) von (\d+) Stunden", stated)
        salaries = re.search(r"(\d+) Gehälter", stated)
        month = monthly(
            euro(amount),
            units[unit],
            full_time_hours=Decimal(part[2] if part else 40),
            own_hours=Decimal(part[1]) if part else None,
            salaries=Decimal(salaries[1]) if salaries else None,
        )
        assert month == euro(shown.removesuffix(" €")), stated


def test_every_relation_is_the_one_that_the_board_finds(page):
    rows = rows_of(page, "beispiele-vergleich")
    assert len(rows) == 6
    told = set()
    for stated, pay, shown in rows:
        bands = [Band(str(number), *range_of(text)) for number, text in enumerate(stated.split("; "))]
        found = {each.relation for each in relate(*range_of(pay), bands)}
        assert found == {relation for words, relation in WORDS.items() if words in shown}, (stated, pay)
        told |= found
    assert told == set(Relation)


def test_the_thresholds_are_those_of_the_board(page):
    rows = [" ".join(row) for row in rows_of(page, "schwellen")]
    assert f"weniger als {compass.FEWEST_ADS} oder weniger als {compass.FEWEST_EMPLOYERS}" in rows[0]
    assert f"ab {compass.FEWEST_ADS} und ab {compass.FEWEST_EMPLOYERS}" in rows[1]
    assert f"ab {compass.FEWEST_ADS_FOR_QUARTILES} und ab {compass.FEWEST_EMPLOYERS_FOR_QUARTILES}" in rows[2]
    assert compass.MOST_OF_ONE_EMPLOYER == 3
    assert "Drittel" in rows[2]


def test_median_and_middle_half_are_computed_as_the_page_says(page, monkeypatch):
    (_, ends), (_, middle), (_, half) = rows_of(page, "beispiel-median")
    lows = [euro(text) for text in re.findall(r"\d\.\d{3}", ends)]
    monkeypatch.setattr(compass, "FEWEST_ADS_FOR_QUARTILES", len(lows))  # few enough to be read
    counted = Counted.of(Ad(low, low + 500, number, "einstieg") for number, low in enumerate(lows))
    assert counted.low == euro(middle.split(" €")[0])
    assert counted.low_quartiles == range_of(half.removesuffix(" €"))


def test_what_is_counted_side_by_side_is_told_with_the_numbers_of_the_board(page):
    assert (comparison.NEW_DAYS, comparison.SHARE_FROM) == (7, 10)
    assert "<strong>Neu in 7 Tagen</strong>" in page
    assert "ab 10 offenen Anzeigen in Prozent" in page


def test_facts_are_looked_for_where_the_page_says(page):
    ad = Vacancy(title="eins", skills="zwei", tasks="drei", profile="vier", offer="fünf", tariff="sechs")
    assert ad.spoken.split() == ["eins", "zwei", "drei", "vier", "fünf"]
    assert "Quereinstieg" in Vacancy(way_in=True).spoken
    assert "Homeoffice" in Vacancy(remote_days=2).spoken
    assert MOST_FACTS == 6
    assert "höchstens sechs" in page
    assert "wenn Titel, Kenntnisse, Aufgaben, Profil oder Angebot davon sprechen" in page


def test_every_heading_can_be_led_to_and_is_listed(page):
    headings = re.findall(r'<h2 id="([^"]+)">', page)
    listed = re.findall(r'<li><a href="#([^"]+)">', page)
    assert headings == listed
    for known in ("aufrufe", "klicks", "speichern", "pruefung", "gehalt", "belege", "offen"):  # led to since long
        assert known in headings


def test_a_remote_job_belongs_to_a_city_by_the_place_it_names(page):
    assert make_vacancy(workplace="remote", place_id=HAMM).city.slug == "hamm"
    assert make_vacancy(workplace="remote", place=None, place_id=None).city is None
    assert "Ortsunabhängige Stellen zählen mit, wenn die Anzeige den Ort der Firma nennt" in page
