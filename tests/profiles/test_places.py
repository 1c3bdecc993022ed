"""Places, postal codes, distances, and loading them again."""

import pytest

from jobboard.text import fold
from profiles.models import City, Place, PostalCode, city_for
from profiles.places import distance_km
from profiles.reference import load_all
from tests.make import HAMM, OSNABRUECK

pytestmark = pytest.mark.django_db


def test_munich_and_nuremberg_bear_their_german_names():
    assert Place.objects.starting("München").first().pk == 2867714
    assert Place.objects.starting("Nürnberg").first().pk == 2861650


@pytest.mark.parametrize("typed", ["Osnabrück", "osnabrueck", "OSNABRUCK", " Osnabrück "])
def test_a_town_is_found_however_its_umlauts_are_written(typed):
    assert Place.objects.starting(typed).first().pk == OSNABRUECK


def test_hamm_stands_for_several_places_and_the_largest_comes_first():
    found = list(Place.objects.starting("Hamm"))
    assert len(found) > 1
    assert found[0].pk == HAMM


def test_distances_are_great_circles():
    osnabrueck, hamm = Place.objects.get(pk=OSNABRUECK), Place.objects.get(pk=HAMM)
    assert 67 < distance_km(osnabrueck, hamm) < 70
    assert distance_km(hamm, hamm) == 0


def test_places_within_a_radius_are_all_and_only_those():
    centre = Place.objects.get(pk=HAMM)
    expected = {place.pk for place in Place.objects.all() if distance_km(centre, place) <= 25}
    assert set(Place.objects.within(25, centre)) == expected
    assert len(expected) > 10


def test_every_postal_code_knows_its_nearest_place():
    code = PostalCode.objects.get(code="49074")
    assert distance_km(code, code.place) < 6
    assert not PostalCode.objects.exclude(code__regex=r"^\d{5}$").exists()


@pytest.mark.slow
def test_loading_again_changes_nothing_and_leaves_editors_work_alone(django_assert_max_num_queries):
    place = Place.objects.get(pk=HAMM)
    place.name = "Hamm an der Lippe"
    place.save()
    edition = City.objects.get(slug="hamm").working_edition(by=None)
    edition.lead = "Ein neuer Vorspann."
    edition.save()
    before = City.objects.get(slug="hamm").editions.count()
    lines = []
    with django_assert_max_num_queries(30):
        load_all(lines.append)
    assert lines == []
    assert Place.objects.get(pk=HAMM).name == "Hamm an der Lippe"
    assert City.objects.get(slug="hamm").editions.count() == before
    assert City.objects.get(slug="hamm").editions.get(published_at=None).lead == "Ein neuer Vorspann."


@pytest.mark.slow
def test_a_lost_place_is_loaded_again():
    Place.objects.filter(pk=2867714).delete()
    load_all()
    assert Place.objects.get(pk=2867714).name == "München"


def test_towns_without_a_page_belong_to_the_nearest_city_within_its_radius():
    cities = City.objects.live().select_related("place")
    melle = Place.objects.starting("Melle").filter(land="06").first()
    assert city_for(melle, cities).slug == "osnabrueck"
    assert city_for(Place.objects.starting("Flensburg").first(), cities) is None
    gelsenkirchen = Place.objects.get(pk=2921466)
    assert city_for(gelsenkirchen, cities).slug == "gelsenkirchen"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "strasse"),
        ("Müller", "mueller"),
        ("ÄÖÜ", "aou"),
        ("S/4HANA", "s 4hana"),
        ("C#", "c#"),
        ("a\u0308", "ä"),
    ],
)
def test_folding_makes_spellings_alike(one, other):
    assert fold(one) == fold(other)
