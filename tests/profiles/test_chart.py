"""The pay chart: what is drawn is what is stated."""

from decimal import Decimal
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from profiles.chart import pay_chart


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
