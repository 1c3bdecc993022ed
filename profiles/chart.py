"""The pay chart: ranges on one scale as an inline SVG, drawn in per cent so that its labels never shrink."""

import textwrap
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

LINE = 20  # px a line of a label takes
BAR = 36  # px the bar below it takes
GAP = 14
AXIS = 30  # px below the rows
STEP = 500  # EUR between two lines of the axis
LETTERS = 40  # of a label's line: what fits at 320 px


@dataclass
class Bar:
    """x and width in per cent of the chart, y in px; `value_at`: its figures fit "in", "after" or "before" it."""

    label: list[str]
    low: Decimal | None
    high: Decimal | None
    y: int
    x: float
    width: float
    value_at: str
    is_own: bool = False

    @property
    def lines(self) -> list[tuple[int, str]]:
        return [(self.y + 15 + number * LINE, line) for number, line in enumerate(self.label)]

    @property
    def bar_y(self) -> int:
        return self.y + len(self.label) * LINE + 2

    @property
    def value_y(self) -> int:
        return self.bar_y + 16

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def is_open_above(self) -> bool:
        return self.high is None


@dataclass
class Tick:
    value: int
    x: float
    anchor: str


@dataclass
class PayChart:
    bars: list[Bar]
    ticks: list[Tick]
    height: int
    axis_y: int


def pay_chart(figures, own: tuple[Decimal, Decimal] | None = None) -> PayChart | None:
    """Bars for `figures` (things with label, low, high in EUR a month; either end may be None), `own` pay first.

    None where there is nothing to draw.
    """
    rows = [("Diese Stelle, vom Arbeitgeber", own[0], own[1], True)] if own else []
    rows += [(figure.label, figure.low, figure.high, False) for figure in figures]
    if not rows:
        return None
    ends = [Decimal(end) for _, low, high, _ in rows for end in (low, high) if end is not None]
    start = (min(ends) / STEP).to_integral_value(ROUND_FLOOR) * STEP
    stop = (max(ends) / STEP).to_integral_value(ROUND_CEILING) * STEP
    if min(ends) == start:
        start = max(start - STEP, Decimal(0))
    if max(ends) == stop:
        stop += STEP
    span = stop - start

    def x(value) -> float:
        return round(float((Decimal(value) - start) / span * 100), 2)

    bars: list[Bar] = []
    y = 4
    for label, low, high, is_own in rows:
        left = x(low) if low is not None else 0.0
        right = x(high) if high is not None else 100.0
        width = round(max(right - left, 0.8), 2)
        value_at = "in" if width >= 48 else "after" if left + width <= 55 else "before"
        bar = Bar(textwrap.wrap(label, LETTERS) or [""], low, high, y, left, width, value_at, is_own)
        bars.append(bar)
        y = bar.bar_y + BAR - 12 + GAP
    # At most six labels, so that they stand apart at 320 px.
    every = STEP * -(-int(span / STEP) // 5)
    first = -(-int(start) // every) * every
    ticks = []
    for value in range(first, int(stop) + 1, every):
        at = x(value)
        ticks.append(Tick(value, at, "start" if at < 4 else "end" if at > 96 else "middle"))
    return PayChart(bars, ticks, y + AXIS, y)
