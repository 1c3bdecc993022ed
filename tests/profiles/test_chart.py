"""The pay chart: what is drawn is what is stated."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobboard.templatetags.board import amount
from profiles.chart import GUTTER, LETTERS, NARROWEST, Kind, Row, own_row, pay_chart, room_of, scale_of


def row(low, high, label="Einstieg", kind=Kind.EDITORIAL, source="redaktionell, Stand nicht angegeben"):
    return Row(label, None if low is None else Decimal(low), None if high is None else Decimal(high), kind, source)


def test_nothing_to_draw_is_no_chart():
    assert pay_chart([]) is None
    assert scale_of([]) is None


def test_bars_stand_where_their_amounts_are():
    chart = pay_chart([row(2800, 3400), row(3600, 4000)])
    first, second = chart.bars
    assert 0 < first.x < first.end < second.x < second.end < 100
    assert [tick.value for tick in chart.scale.ticks] == [3000, 3500, 4000]


def test_a_floor_without_ceiling_runs_to_the_end():
    bar = pay_chart([row(2800, None)]).bars[0]
    assert bar.is_open_above
    assert not bar.is_open_below
    assert bar.end == 100


def test_a_ceiling_without_floor_begins_at_the_edge():
    bar = pay_chart([row(None, 3400)]).bars[0]
    assert bar.is_open_below
    assert bar.x == 0


def test_where_figures_come_from_is_said_once_for_rows_of_one_source():
    rows = [
        own_row(Decimal(3200), Decimal(3300), "Diese Stelle", "vom Arbeitgeber"),
        row(2800, 3400),
        row(3600, 4000),
        row(1, 2, source="gezählt aus"),
    ]
    headings = [[words for _, words in bar.heading] for bar in pay_chart(rows).bars]
    assert headings == [["vom Arbeitgeber"], ["redaktionell, Stand nicht angegeben"], [], ["gezählt aus"]]


def test_rows_of_several_pictures_share_a_scale():
    narrow, wide = row(2800, 3400), row(3600, 9000)
    alone, shared = scale_of([narrow]), scale_of([narrow, wide])
    assert shared.place(narrow)[1] < alone.place(narrow)[1]
    assert sum(shared.place(narrow)) < shared.place(wide)[0]


def test_a_single_figure_stands_in_the_middle_and_not_all_over():
    bar = pay_chart([row(3250, 3250)]).bars[0]
    assert 45 < bar.x < 55
    assert bar.width < 2


@pytest.mark.parametrize(
    "pairs", [[(1, 1)], [(1, 9_999_999)], [(9_999_999, 9_999_999)], [(1, 1), (9_999_999, None)], [(None, 1)]]
)
def test_extreme_values_keep_an_axis_that_can_be_read(pairs):
    chart = pay_chart([row(low, high) for low, high in pairs])
    assert chart.scale.ticks
    room = sum(8 * len(amount(tick.value)) + 14 for tick in chart.scale.ticks)
    assert room <= NARROWEST + 8 * len(amount(chart.scale.ticks[-1].value)) + 14


ends = st.integers(1, 9_999_999)
pairs = (
    st.tuples(st.none() | ends, st.none() | ends)
    .filter(any)
    .map(lambda pair: tuple(sorted(pair)) if all(pair) else pair)
)
labels = st.text(min_size=1, max_size=120) | st.just("x" * 120)


@given(st.lists(st.tuples(pairs, labels, st.sampled_from(list(Kind))), min_size=1, max_size=8))
def test_every_chart_stays_inside_its_frame(drawn):
    chart = pay_chart([row(low, high, label, kind) for (low, high), label, kind in drawn])
    assert all(0 <= bar.x <= 100 and bar.end <= 101 for bar in chart.bars)
    assert all(0 <= tick.x <= 100 for tick in chart.scale.ticks)
    assert len(chart.scale.ticks) <= 7
    y = 0
    for bar in chart.bars:  # nothing stands on anything else
        for line_y in [*(each[0] for each in bar.heading), *(each[0] for each in bar.lines)]:
            assert line_y >= y + 13
            y = line_y
        assert bar.y >= y + 4
        y = bar.bottom
        assert [value for _, _, value in bar.lines if value] == [bar.row.value]
        for _, words, value in bar.lines:
            assert room_of(words) + (room_of(value) + GUTTER) * bool(words and value) <= LETTERS
    assert y < chart.axis_y < chart.height
