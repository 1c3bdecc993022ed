"""The pay chart and the map: what is drawn is what is stated."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.chart import pay_chart
from profiles.map import region_map
from profiles.models import City


def figure(low, high, label="Einstieg"):
    return SimpleNamespace(label=label, low=low, high=high)


def test_nothing_to_draw_is_no_chart():
    assert pay_chart([]) is None


def test_bars_stand_where_their_amounts_are():
    chart = pay_chart([figure(2800, 3400), figure(3600, 4000)])
    first, second = chart.bars
    assert first.x < first.end < second.x < second.end <= 100
    assert [tick.value for tick in chart.ticks] == [2500, 3000, 3500, 4000, 4500]


def test_a_floor_without_ceiling_runs_to_the_end():
    bar = pay_chart([figure(2800, None)]).bars[0]
    assert bar.is_open_above
    assert bar.end == 100


def test_own_pay_comes_first_and_is_marked():
    bars = pay_chart([figure(2800, 3400)], (Decimal("3250.5"), Decimal(3300))).bars
    assert [bar.is_own for bar in bars] == [True, False]


ends = st.integers(1, 60_000)


@given(st.lists(st.tuples(st.none() | ends, ends), min_size=1, max_size=8))
def test_every_chart_stays_inside_its_frame(pairs):
    figures = [figure(low if low is None or low <= high else high, high, "x" * 120) for low, high in pairs]
    chart = pay_chart(figures)
    assert all(0 <= bar.x <= 100 and bar.end <= 101 for bar in chart.bars)
    assert all(0 <= tick.x <= 100 for tick in chart.ticks)
    assert len(chart.ticks) <= 7
    assert chart.bars[-1].bar_y < chart.axis_y < chart.height


@pytest.mark.django_db
def test_labels_of_the_map_do_not_touch():
    cities = list(City.objects.live().select_related("place"))
    drawn = region_map(cities)
    assert {dot.city.slug for dot in drawn.dots} == {city.slug for city in cities}
    boxes = []
    for dot in drawn.dots:
        width, height = 0.021 * drawn.size * len(dot.city.place.name), 0.05 * drawn.size
        left = dot.label_x - {"start": 0, "middle": width / 2, "end": width}[dot.anchor]
        boxes.append((left, dot.label_y - height * 0.75, left + width, dot.label_y + height * 0.25))
    for one in boxes:
        for other in boxes:
            touching = one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
            assert one is other or not touching
    assert region_map([]) is None
