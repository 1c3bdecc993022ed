"""The pay chart: ranges on one scale as an inline SVG, drawn in per cent so that its letters never shrink."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from math import ceil

from django.template.defaultfilters import date as date_format

from jobboard.templatetags.board import amount, pay_range
from profiles.compass import Counted
from profiles.models import SalaryFigure

LETTERS = 35  # ordinary ones, of a line of words: what fits at 320 px
SMALL_LETTERS = 40
GUTTER = 1.5  # letters between words and figures
SLIM = "iljtfr.,:;!()-–/ \u00a0"
WIDEST, WIDE, NARROW = 2, 1.4, 0.6  # ordinary letters that an m, another capital, an i counts for, in our typeface
LINE = 20  # px a line takes
GAP = 14  # px between two rows
AXIS = 46  # px below the rows
NARROWEST = 280  # px the chart has at 320 px
MARGIN = Decimal("0.04")  # of the span, left free at both ends
THINNEST = 0.8  # per cent of the scale: what a single amount is drawn as
LEAST_SPAN = Decimal(800)  # EUR, or one figure alone would fill the chart
ROUND = [unit * 10**zeros for zeros in range(2, 9) for unit in (1, 2, 5)]  # EUR between two lines


class Kind(StrEnum):
    """Whose figure it is; each has a look of its own, in grey too."""

    OWN = "own"
    EDITORIAL = "editorial"
    COUNTED = "counted"
    HALF = "half"  # the middle half of what is counted
    AD = "ad"


HEIGHTS = {Kind.OWN: 18, Kind.EDITORIAL: 18, Kind.COUNTED: 18, Kind.HALF: 8, Kind.AD: 10}


@dataclass(frozen=True)
class Row:
    """One range of the chart and of the table below it: EUR a month full time, one end may be missing.

    `source`: where it comes from, in words. `url`: where that can be read, with `link` as its words.
    """

    label: str
    low: Decimal | None
    high: Decimal | None
    kind: Kind
    source: str
    url: str = ""
    link: str = ""

    @property
    def value(self) -> str:
        return pay_range(self.low, self.high)


def own_row(low: Decimal, high: Decimal, label: str, source: str) -> Row:
    return Row(label, low, high, Kind.OWN, source)


def editorial_rows(figures: Iterable[SalaryFigure], url: str = "") -> list[Row]:
    """Those of a city's text, each with its day; `url`: the page that has their sentences, up to the anchor."""
    return [
        Row(
            f"{figure.label}, netto" if figure.is_net else figure.label,
            figure.month_low,
            figure.month_high,
            Kind.EDITORIAL,
            f"redaktionell, Stand {stand_of(figure)}",
            f"{url}{figure.anchor}" if url else "",
            "Beleg",
        )
        for figure in figures
    ]


def stand_of(figure: SalaryFigure) -> str:
    return date_format(figure.stand, "F Y") if figure.stand else "nicht angegeben"


def counted_rows(counted: Counted) -> list[Row]:
    """Medians and, where there are enough ads, the middle halves; nothing below (see ad_rows)."""
    if not counted.has_medians:
        return []
    rows = [Row("Mediane der unteren und oberen Enden", counted.low, counted.high, Kind.COUNTED, counted.text)]
    for label, ends in (
        ("Mittlere Hälfte der unteren Enden", counted.low_quartiles),
        ("Mittlere Hälfte der oberen Enden", counted.high_quartiles),
    ):
        if ends:
            rows.append(Row(label, *ends, Kind.HALF, counted.text))
    return rows


@dataclass(frozen=True)
class Tick:
    value: int
    x: float
    anchor: str


@dataclass(frozen=True)
class Scale:
    """From `start` to `stop` EUR, with a line at every multiple of `every`."""

    start: Decimal
    stop: Decimal
    every: int

    def x(self, value: Decimal) -> float:
        """Where `value` stands, in per cent."""
        return round(float((Decimal(value) - self.start) / (self.stop - self.start) * 100), 2)

    def place(self, row: Row) -> tuple[float, float]:
        """Where `row` begins and how wide it is, in per cent; an open end reaches to the edge."""
        left = self.x(row.low) if row.low is not None else 0.0
        right = self.x(row.high) if row.high is not None else 100.0
        return left, round(max(right - left, THINNEST), 2)

    @cached_property
    def ticks(self) -> list[Tick]:
        first = ceil(self.start / self.every) * self.every
        places = [(value, self.x(Decimal(value))) for value in range(first, int(self.stop) + 1, self.every)]
        return [Tick(value, x, "start" if x < 8 else "end" if x > 92 else "middle") for value, x in places]


def scale_of(rows: Iterable[Row]) -> Scale | None:
    """A scale that all `rows` fit on, so that several pictures can share it; None without rows."""
    rows = list(rows)
    if not rows:
        return None
    # Room for an open end is no figure: its arrow points into it.
    lows = [Decimal(row.high or 0) * 4 / 5 if row.low is None else Decimal(row.low) for row in rows]
    highs = [Decimal(row.low or 0) * 5 / 4 if row.high is None else Decimal(row.high) for row in rows]
    low, high = min(lows), max(highs)
    if high - low < LEAST_SPAN:
        middle = (low + high) / 2
        low, high = middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2
    margin = (high - low) * MARGIN
    start, stop = max(low - margin, Decimal(0)), high + margin
    # As many lines as their figures have room for on the narrowest screen, at round amounts.
    most = max(2, NARROWEST // (8 * len(amount(int(stop))) + 14))
    every = next(each for each in ROUND if (stop - start) / each <= most)
    return Scale(start, stop, every)


@dataclass(frozen=True)
class Bar:
    """A row in its place: x and width in per cent of the chart, y and height in px."""

    row: Row
    lines: list[tuple[int, str, str]]  # y, words, and the figures where they stand
    y: int
    height: int
    x: float
    width: float
    heading: list[tuple[int, str]]  # y and words: where it comes from, unless the row above has said so

    @property
    def kind(self) -> Kind:
        return self.row.kind

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle_y(self) -> int:
        return self.y + self.height // 2

    @property
    def is_open_above(self) -> bool:
        return self.row.high is None

    @property
    def is_open_below(self) -> bool:
        return self.row.low is None


@dataclass(frozen=True)
class PayChart:
    bars: list[Bar]
    scale: Scale
    height: int
    axis_y: int

    @property
    def rows(self) -> list[Row]:
        return [bar.row for bar in self.bars]


def pay_chart(rows: Iterable[Row]) -> PayChart | None:
    """The chart of `rows`, in their order; None where there is nothing to draw."""
    rows = list(rows)
    scale = scale_of(rows)
    if scale is None:
        return None
    bars: list[Bar] = []
    y, source = 0, ""
    for row in rows:
        heading = []
        if row.source != source:
            y += 6 if bars else 0
            for words in wrap(row.source, SMALL_LETTERS):
                y += LINE - 2
                heading.append((y - 5, words))
        source = row.source
        lines = []
        for words, value in _lines(row):
            y += LINE
            lines.append((y - 7, words, value))
        height = HEIGHTS[row.kind]
        bars.append(Bar(row, lines, y, height, *scale.place(row), heading))
        y += height + GAP
    return PayChart(bars, scale, y + AXIS - GAP, y - GAP + 6)


def _lines(row: Row) -> list[tuple[str, str]]:
    """The words of a row, and its figures beside the last of them; on a line of their own where there is no room."""
    *lines, last = wrap(row.label, LETTERS) or [""]
    room = LETTERS - room_of(row.value) - GUTTER
    if room_of(last) > room:
        words, beside = last.split(), ""
        while words and room_of(f"{words[-1]} {beside}".strip()) <= room:
            beside = f"{words.pop()} {beside}".strip()
        lines, last = [*lines, " ".join(words)], beside
    return [*((line, "") for line in lines), (last, row.value)]


def wrap(text: str, letters: int) -> list[str]:
    """Lines of `text` that take no more room than so many ordinary letters; longer words are broken."""
    lines: list[str] = []
    for word in text.split():
        if lines and room_of(f"{lines[-1]} {word}") <= letters:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for letter in word:
            if room_of(lines[-1] + letter) > letters:
                lines.append("")
            lines[-1] += letter
    return lines


def room_of(text: str) -> float:
    return sum(
        WIDEST if letter in "mwMW@%" else WIDE if letter.isupper() else NARROW if letter in SLIM else 1
        for letter in text
    )
