"""Which town "wo" means: names in any spelling, several of one name, postal codes, and what is no town."""

import pytest
from django.http import QueryDict

from listings.filter_words import FilterWords
from listings.filters import VacancyFilter
from listings.where import UnknownPlaceError, find
from profiles.models import City, Place
from tests.make import HAMM, OSNABRUECK, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_page():
    return set(City.objects.live().values_list("place_id", flat=True))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Osnabrück", "Osnabrück"),
        ("osnabrueck", "Osnabrück"),
        ("  OSNABRUCK ", "Osnabrück"),
        ("Hamm", "Hamm"),
        ("Hamm, Nordrhein-Westfalen", "Hamm"),
        ("Hamm (Westf.)", "Hamm"),
        ("Hamm NRW", "Hamm"),
        ("59065 Hamm", "Hamm"),
        ("D-59065 Hamm", "Hamm"),
        ("59065, hamm", "Hamm"),
        ("49074", "Osnabrück"),
        ("Hamm (Sieg)", "Hamm (Sieg)"),
        ("hamm sieg", "Hamm (Sieg)"),
        ("Frankfurt", "Frankfurt am Main"),
        ("Frankfurt/Oder", "Frankfurt (Oder)"),
        ("Frankfurt a. M.", "Frankfurt am Main"),
        ("Münster", "Münster"),
        ("Muenster", "Münster"),
    ],
)
def test_a_town_is_found_in_any_spelling_and_known_by_one(with_page, text, name):
    where = find(text, with_page)
    assert where.name == name
    assert find(where.name, with_page).place == where.place


def test_of_several_towns_the_one_with_a_page_or_the_largest_is_taken_and_each_other_can_be_had(with_page):
    for text in ("Hamm", "Neustadt", "Frankfurt", "Mühlhausen", "Bergen"):
        where = find(text, with_page)
        named = list(Place.objects.starting(text).filter(folded=where.place.folded))
        assert where.place == next((place for place in named if place.pk in with_page), named[0])
        assert [find(town.name, with_page).name for town in where.alike] == [town.name for town in where.alike]
        assert find(where.alike[0].label, with_page).place == where.place
        others = [find(town.label, with_page) for town in where.alike[1:]]
        assert others
        assert len({where.place, *(other.place for other in others)}) == len(others) + 1
        assert all(find(other.name, with_page).place == other.place for other in others)
    assert find("Hamm", with_page).place.pk == HAMM


def test_a_name_with_its_land_means_the_town_there(with_page):
    place = find("Hamm, Rheinland-Pfalz", with_page).place
    assert place.get_land_display() == "Rheinland-Pfalz"


@pytest.mark.parametrize(
    ("text", "said", "nearest"),
    [
        ("590", "keine ganze Postleitzahl", ""),
        ("590 Hamm", "keine ganze Postleitzahl", ""),
        ("590651", "keine ganze Postleitzahl", ""),
        ("00000", "kennen wir nicht", ""),
        ("Osnabrügg", "kennen wir in Deutschland nicht", "Osnabrück"),
        ("Gelsenkirhcen", "kennen wir in Deutschland nicht", "Gelsenkirchen"),
        ("Habm", "kennen wir in Deutschland nicht", "Hamm"),
        ("Psnabrück", "kennen wir in Deutschland nicht", "Osnabrück"),
        ("snabrück", "kennen wir in Deutschland nicht", "Osnabrück"),
        ("Aösnabrück", "kennen wir in Deutschland nicht", "Osnabrück"),
        ("Sonabrück", "kennen wir in Deutschland nicht", "Osnabrück"),
        ("Qwertzuiop", "kennen wir in Deutschland nicht", ""),
        ("?", "kennen wir in Deutschland nicht", ""),
        ("𝟗", "kennen wir in Deutschland nicht", ""),
    ],
)
def test_what_is_no_town_is_said_with_what_may_be_meant(with_page, text, said, nearest):
    with pytest.raises(UnknownPlaceError, match=said) as error:
        find(text, with_page)
    assert error.value.nearest == nearest


def test_a_postal_code_that_does_not_fit_the_name_is_told(with_page):
    where = find("59065 Osnabrück", with_page)
    assert where.place.pk != OSNABRUECK
    assert "59065 liegt nicht in Osnabrück" in where.hint
    where = find("00000 Osnabrück", with_page)
    assert where.place.pk == OSNABRUECK
    assert "00000 kennen wir nicht" in where.hint


def test_an_unknown_town_is_left_out_with_a_hint_and_a_link_while_other_filters_stay(client, employer):
    make_vacancy(employer, open=True, level="einstieg")
    make_vacancy(employer, open=True)
    words = FilterWords(VacancyFilter(QueryDict("wo=Osnabrügg&niveau=einstieg")))
    assert any("Osnabrügg" in hint and "weggelassen" in hint for hint in words.hints)
    [note] = words.notes
    assert (note.kind, note.used) == ("unknown_place", "Osnabrück")
    assert note.undo == "?niveau=einstieg&wo=Osnabr%C3%BCck"
    assert client.get("/stellen/?wo=Osnabrügg&niveau=einstieg").context["count"] == 1
    assert words.canonical == "?niveau=einstieg"


def test_an_ambiguous_town_is_taken_and_the_others_are_links(employer):
    words = FilterWords(VacancyFilter(QueryDict("wo=hamm&umkreis=10&niveau=einstieg")))
    assert [note.kind for note in words.notes] == ["ambiguous"]
    assert words.where.label == "Hamm"
    assert words.notes[0].used == "Hamm, Nordrhein-Westfalen"
    labels = [label for label, _ in words.place_choices]
    assert any(label.startswith("Hamm (Sieg)") for label in labels)
    asked = [VacancyFilter(QueryDict(query[1:])) for _, query in words.place_choices]
    assert len({each.where.place for each in asked} - {words.asked.where.place}) == len(labels)
    assert all(each.where.km == 10 for each in asked)


def test_an_ambiguous_town_in_the_text_is_taken_and_the_others_are_links(client, employer):
    make_vacancy(employer, open=True, place_id=HAMM)
    answer = client.get("/stellen/?was=Projektkoordination+Hamm&niveau=erfahren")
    assert answer.content.decode().count("Oder meinten Sie") == 1
    words = answer.context["filter"]
    notes = {note.kind: note for note in words.notes}
    assert (notes["ambiguous"].typed, notes["ambiguous"].used) == ("Hamm", "Hamm, Nordrhein-Westfalen")
    assert words.place_choices
    for label, query in words.place_choices:
        asked = VacancyFilter(QueryDict(query[1:]))
        assert asked.where.place.pk != HAMM
        assert label.startswith("Hamm, ")
        assert asked.good["was"] == "Projektkoordination"
        assert asked.good["niveau"] == ["erfahren"]
    words = FilterWords(VacancyFilter(QueryDict("was=Projektkoordination+Hamm+NRW")))
    assert "ambiguous" not in [note.kind for note in words.notes]


def test_distance_is_shown_and_sorted_by(client, employer):
    near, far, here = (make_vacancy(employer, open=True, place_id=pk) for pk in (2912621, 2860410, HAMM))
    remote = make_vacancy(employer, open=True, place_id=None, workplace="remote")
    context = client.get("/stellen/?wo=Hamm&umkreis=100&sortierung=entfernung&ortsunabhaengig=1").context
    ads = context["vacancies"]
    assert ads == [here, near, far, remote]
    assert [ad.distance_km for ad in ads][0::3] == [0, None]
    assert 20 < ads[1].distance_km < ads[2].distance_km < 80
    assert "gibt es" not in "".join(context["hints"])
    hints = client.get("/stellen/?sortierung=entfernung").context["hints"]
    assert "nur mit einem Ort" in hints[0]
