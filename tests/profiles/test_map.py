"""The map: every city is on it, no name covers another, and the distances are those of the globe."""

from itertools import combinations
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.map import CLEAR, WIDTH, crosses, name_width, neighbours, overlap, region_map
from profiles.models import City, Place
from profiles.places import distance_km


def city(pk, name, latitude, longitude):
    place = SimpleNamespace(name=name, latitude=latitude, longitude=longitude)
    return SimpleNamespace(pk=pk, slug=f"stadt-{pk}", place=place)


def as_cities(places):
    return [city(place.pk, place.name, place.latitude, place.longitude) for place in places]


def check(drawn):
    """What must hold of every map."""
    height = drawn.drawing.height
    spots = drawn.drawing.spots
    for spot in spots:
        assert 0 <= spot.x <= WIDTH
        assert 0 <= spot.y <= height
        if spot.name:
            left, top, right, bottom = spot.name.box
            assert 0 <= left < right <= WIDTH
            assert 0 <= top < bottom <= height
            assert all(name_width(line, spot.name.face) <= right - left + 0.01 for line in spot.name.lines)
            for other in spots:
                dot = (other.x - CLEAR, other.y - CLEAR, other.x + CLEAR, other.y + CLEAR)
                assert other is spot or not overlap(spot.name.box, dot)
    for one, other in combinations([spot.name for spot in spots if spot.name], 2):
        assert not overlap(one.box, other.box), (one.lines, other.lines)
        assert not (one.leader and crosses(one.leader, other.box))
        assert not (other.leader and crosses(other.leader, one.box))
    texts = [(way.x - 3.1 * len(way.text), way.y - 9, way.x + 3.1 * len(way.text), way.y) for way in ways(drawn)]
    for one, other in combinations(texts, 2):
        assert not overlap(one, other)
    for text in texts:
        assert not any(spot.name and overlap(text, spot.name.box) for spot in spots)


def ways(drawn):
    return [way for way in drawn.drawing.ways if way.text]


def test_without_a_city_there_is_no_map():
    assert region_map([]) is None


@pytest.mark.django_db
def test_the_cities_of_the_board_stand_on_it_with_whole_names_and_every_distance():
    cities = list(City.objects.live().select_related("place"))
    drawn = region_map(cities)
    check(drawn)
    assert [" ".join(spot.name.lines) for spot in drawn.drawing.spots] == [city.place.name for city in cities]
    assert {way.text for way in drawn.drawing.ways} == {"16 km", "31 km", "43 km", "68 km"}


@pytest.mark.django_db
def test_every_dot_is_a_link_with_a_name_and_room_for_a_finger():
    drawn = region_map(list(City.objects.live().select_related("place")))
    svg = ElementTree.fromstring(render_to_string("profiles/_map.html", {"map": drawn}))
    links = svg.findall(".//a")
    assert {link.get("href") for link in links} == {f"/staedte/{city.slug}/" for city in drawn.cities}
    assert {link.get("aria-label") for link in links} == {city.place.name for city in drawn.cities}
    narrowest = (320 - 34) / WIDTH  # pixels a unit takes on a phone
    assert all(float(link.find("circle").get("r")) * 2 * narrowest >= 24 for link in links)


def largest(count, **where):
    return as_cities(Place.objects.filter(**where).order_by("-population", "pk")[:count])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "where", "named"), [(16, {}, 16), (30, {}, 24), (16, {"land": "07"}, 16), (30, {"land": "07"}, 20)]
)
def test_many_cities_even_of_the_ruhr_find_their_place(count, where, named):
    drawn = region_map(largest(count, **where))
    check(drawn)
    assert sum(spot.name is not None for spot in drawn.drawing.spots) >= named


def test_a_name_too_long_for_a_line_is_broken_and_not_lost():
    drawn = region_map([city(1, "Hellenthal-Hollerath an der Oleftalsperre", 50.45, 6.4), city(2, "Hamm", 51.68, 7.82)])
    check(drawn)
    assert "".join(drawn.drawing.spots[0].name.lines).replace(" ", "") == "Hellenthal-HollerathanderOleftalsperre"


germany = st.tuples(st.floats(47.3, 55.0), st.floats(5.9, 15.0))
ruhr = st.tuples(st.floats(51.3, 51.7), st.floats(6.6, 7.7))
words = st.text(st.characters(whitelist_categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(st.tuples(words, germany | ruhr), min_size=1, max_size=30))
def test_names_never_touch_wherever_the_cities_are(known):
    drawn = region_map([city(number, name, *where) for number, (name, where) in enumerate(known)])
    assert len(drawn.dots) == len(known)
    check(drawn)


@settings(max_examples=30)
@given(st.lists(germany, min_size=2, max_size=12, unique=True))
def test_the_lines_join_every_city_with_its_nearest(known):
    cities = [city(number, "X", *where) for number, where in enumerate(known)]
    drawn = region_map(cities)
    assert len(drawn.drawing.ways) == len(cities) - 1
    spots = {each.pk: (spot.x, spot.y) for each, spot in drawn.dots}
    lines = {frozenset(way.line) for way in drawn.drawing.ways}
    for each in cities:
        km, nearest = neighbours(cities)[each.pk][0]
        assert km == max(1, round(min(distance_km(each.place, o.place) for o in cities if o is not each)))
        assert frozenset([spots[each.pk], spots[nearest.pk]]) in lines


@pytest.mark.django_db
def test_only_the_outlines_that_are_seen_are_sent():
    drawn = region_map(list(City.objects.live().select_related("place")))
    assert sum(map(len, drawn.drawing.outlines)) < 1000
    assert len(render_to_string("profiles/_map.html", {"map": drawn})) < 6000
