"""What ads brought: days in a row, small charts of them drawn on the server, and the table for a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.timezone import localdate

from listings.models import DailyCount, Status, Vacancy, VacancyEvent, VacancyQuerySet

RECENT_DAYS = 28  # in the list of ads: whole weeks, the same for all
LONG_DAYS = 60  # on the page of an ad
SHORTEST = 14  # a chart of fewer days would be all bar
GAP = 0.28  # between two bars, of a day's width
VIEWS_HEIGHT, CLICKS_HEIGHT, AXIS = 96, 40, 24  # px
SPARK_VIEWS, SPARK_CLICKS = 30, 10
TOLD: dict[str, str] = {  # steps without which the figures of a day would be hard to understand
    VacancyEvent.Step.PUBLISH: "erschienen",
    VacancyEvent.Step.PAUSE: "angehalten",
    VacancyEvent.Step.RESUME: "fortgesetzt",
    VacancyEvent.Step.EXTEND: "verlängert",
    VacancyEvent.Step.CLOSE: "geschlossen",
    VacancyEvent.Step.REMOVE: "entfernt",
    VacancyEvent.Step.RESTORE: "wieder online",
}


@dataclass(frozen=True)
class Day:
    day: date
    views: int = 0
    clicks: int = 0
    told: str = ""  # what happened to the ad


@dataclass(frozen=True)
class Week:
    first: date
    views: int
    clicks: int


@dataclass(frozen=True)
class Bar:
    """x and width in per cent of the chart, y and height in px."""

    day: Day
    value: int
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class Panel:
    """One row of bars with a scale of its own."""

    label: str
    top: int
    base: int
    ceiling: int
    bars: list[Bar]


@dataclass
class Numbers:
    """The days of one ad, oldest first, and the sums over its whole life."""

    days: list[Day]
    total_views: int = 0
    total_clicks: int = 0
    slots: int = 0  # days that the chart has room for
    renewals: int = 0

    @cached_property
    def views(self) -> int:
        return sum(each.views for each in self.days)

    @cached_property
    def clicks(self) -> int:
        return sum(each.clicks for each in self.days)

    @cached_property
    def best(self) -> Day | None:
        """The first of the days with the most views."""
        best = max(self.days, key=lambda each: each.views, default=None)
        return best if best and best.views else None

    @property
    def is_empty(self) -> bool:
        return not self.views and not self.clicks

    @property
    def newest_first(self) -> list[Day]:
        return self.days[::-1]

    @property
    def weeks(self) -> list[Week]:
        """Whole weeks back from the last day; what is left over in front is a shorter one."""
        found = []
        for end in range(len(self.days), 0, -7):
            week = self.days[max(0, end - 7) : end]
            found.append(Week(week[0].day, sum(each.views for each in week), sum(each.clicks for each in week)))
        return found[::-1]

    @property
    def clicks_of_100(self) -> int | None:
        """Clicks for a hundred views; None where so few views would only pretend to be a rate."""
        return round(self.total_clicks * 100 / self.total_views) if self.total_views >= 100 else None

    # The chart of an ad's page

    @cached_property
    def panels(self) -> list[Panel]:
        views = self._panel("Aufrufe", 18, VIEWS_HEIGHT, [each.views for each in self.days], at_least=5)
        top = views.base + 30
        return [views, self._panel("Bewerbungsklicks", top, CLICKS_HEIGHT, [each.clicks for each in self.days], 2)]

    @property
    def height(self) -> int:
        return self.panels[-1].base + AXIS

    @property
    def ticks(self) -> list[tuple[float, str, date]]:
        """Where a day is written under the chart: the first, one in the middle, and the last that there is."""
        last = len(self.days) - 1
        wanted = {0: "start"}
        if last >= 20:
            wanted[last // 2] = "middle"
        if last >= 5:
            wanted[last] = "end" if len(self.days) == self.slots else "middle"
        share = 100 / self.slots
        at = {"start": 0.0, "middle": 0.5, "end": 1.0}
        return [(round((i + at[anchor]) * share, 2), anchor, self.days[i].day) for i, anchor in wanted.items()]

    def _panel(self, label, top, height, values, at_least) -> Panel:
        ceiling = nice_ceiling(max(values, default=0), at_least)
        base = top + height
        share = 100 / self.slots
        bars = [
            Bar(day, value, round((i + GAP / 2) * share, 2), round((1 - GAP) * share, 2), base - size, size)
            for i, (day, value) in enumerate(zip(self.days, values, strict=True))
            if (size := round(height * value / ceiling, 1))
        ]
        return Panel(label, top, base, ceiling, bars)

    # The small one of the list: one path a row, so that a page of fifty stays light

    @property
    def spark_views(self) -> str:
        return self._path([each.views for each in self.days], SPARK_VIEWS, SPARK_VIEWS)

    @property
    def spark_clicks(self) -> str:
        return self._path([each.clicks for each in self.days], SPARK_CLICKS, SPARK_VIEWS + 3 + SPARK_CLICKS)

    def _path(self, values, height, base) -> str:
        """Bars in a drawing of ten units a day; a day with anything at all is seen."""
        ceiling = max([*values, 1])
        return "".join(
            f"M{i * 10 + 1} {base}v-{max(2, round(height * value / ceiling))}h8V{base}z"
            for i, value in enumerate(values)
            if value
        )


def nice_ceiling(value: int, at_least: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 … that holds `value`, with steps in between that people can halve."""
    step = 1
    while True:
        for factor in (1, 2, 3, 4, 5, 6, 8):
            if factor * step >= max(value, at_least):
                return factor * step
        step *= 10


@dataclass(frozen=True)
class Overview:
    """All ads of a firm in figures: how many stand where, and what each brought and all in the last four weeks."""

    open: int
    in_review: int
    drafts: int
    all: int
    views: int
    clicks: int
    totals: dict[int, tuple[int, int]]  # of the ad with this primary key, over its whole life


def overview(ads: VacancyQuerySet, today: date | None = None) -> Overview:
    """One question, however many ads."""
    today = today or localdate()
    since = Q(daily_counts__day__range=(today - timedelta(days=RECENT_DAYS - 1), today))
    is_open = Exists(Vacancy.objects.open(today).filter(pk=OuterRef("pk")))
    rows = list(
        ads.order_by()
        .values_list("pk", "status", is_open)
        .annotate(
            Sum("daily_counts__views", default=0),
            Sum("daily_counts__clicks", default=0),
            recent_views=Sum("daily_counts__views", filter=since, default=0),
            recent_clicks=Sum("daily_counts__clicks", filter=since, default=0),
        )
    )
    states = [status for _, status, *_ in rows]
    return Overview(
        open=sum(is_open for _, _, is_open, *_ in rows),
        in_review=states.count(Status.IN_REVIEW),
        drafts=states.count(Status.DRAFT),
        all=len(rows),
        views=sum(row[5] for row in rows),
        clicks=sum(row[6] for row in rows),
        totals={row[0]: (row[3], row[4]) for row in rows},
    )


def recent(ads: Iterable[Vacancy], overview: Overview, today: date | None = None) -> dict[int, Numbers]:
    """The last four weeks of each of `ads` that readers have ever seen, in one question."""
    today = today or localdate()
    first = today - timedelta(days=RECENT_DAYS - 1)
    shown = [ad for ad in ads if ad.first_published_at]
    by_ad: dict[int, dict[date, DailyCount]] = {}
    for count in DailyCount.objects.filter(vacancy__in=[ad.pk for ad in shown]).between(first, today).order_by():
        by_ad.setdefault(count.vacancy_id, {})[count.day] = count
    return {
        ad.pk: Numbers(
            _days(first, today, by_ad.get(ad.pk, {})),
            *overview.totals.get(ad.pk, (0, 0)),
            slots=RECENT_DAYS,
            renewals=ad.renewals,
        )
        for ad in shown
    }


def of(vacancy: Vacancy, events: Iterable[VacancyEvent] = (), today: date | None = None) -> Numbers | None:
    """The last sixty days in which readers could see `vacancy`; None where they never could."""
    today = today or localdate()
    begun, last = vacancy.first_day, vacancy.last_day
    if not vacancy.first_published_at or not begun or not last or begun > today:
        return None
    last = min(today, last)
    events = sorted(events, key=lambda event: (event.at, event.pk))
    if vacancy.status in (Status.CLOSED, Status.REMOVED):
        ends = [localdate(event.at) for event in events if event.step in ("close", "remove")]
        last = min([last, *ends[-1:]])
    last = max(last, begun)
    first = max(begun, last - timedelta(days=LONG_DAYS - 1))
    counts = {each.day: each for each in vacancy.daily_counts.between(first, last)}
    told: dict[date, list[str]] = {}
    for event in events:
        if event.step in TOLD:
            told.setdefault(localdate(event.at), []).append(TOLD[event.step])
    days = _days(first, last, counts, {day: ", ".join(dict.fromkeys(words)) for day, words in told.items()})
    views, clicks = vacancy.daily_counts.totals()
    return Numbers(days, views, clicks, max(len(days), SHORTEST), vacancy.renewals)


def _days(first: date, last: date, counts: dict[date, DailyCount], told: dict[date, str] | None = None) -> list[Day]:
    days = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        count = counts.get(day)
        views, clicks = (count.views, count.clicks) if count else (0, 0)
        days.append(Day(day, views, clicks, (told or {}).get(day, "")))
    return days


def forget_old_counts(at: datetime) -> int:
    """Counts that are older than they may get."""
    return DailyCount.objects.forget_old(localdate(at))


# The table for a spreadsheet


BOM = "\ufeff"  # else Excel takes UTF-8 for Windows-1252
# What a formula begins with, behind what nobody sees
FORMULA = re.compile("[\\s\ufeff\u200b-\u200d\u2060]*[=+@＝＋－＠-]|[\t\r\n]")
AD_COLUMNS = ["Nummer", "Kennziffer", "Titel", "Firma", "Ort", "Stand"]


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text):
        return text


def harmless(value) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(rows: Iterable[list]) -> Iterator[str]:
    """Lines as a German Excel opens them: semicolons, days as 31.12.2026."""
    writer = csv.writer(_Line(), delimiter=";")
    yield BOM
    for row in rows:
        yield writer.writerow([f"{cell:%d.%m.%Y}" if isinstance(cell, date) else harmless(cell) for cell in row])


def rows_by_ad(ads, today: date | None = None) -> Iterator[list]:
    """One row an ad."""
    today = today or localdate()
    yield [
        *AD_COLUMNS, "erster Tag", "letzter Tag", "verlängert", "Aufrufe", "Bewerbungsklicks",
        f"Aufrufe der letzten {RECENT_DAYS} Tage", f"Bewerbungsklicks der letzten {RECENT_DAYS} Tage",
    ]  # fmt: skip
    found = recent(ads, overview(ads, today), today)
    for ad in ads:
        numbers = found.get(ad.pk, Numbers([]))
        yield [
            *_about(ad), ad.first_day, ad.last_day, ad.renewals, numbers.total_views, numbers.total_clicks,
            numbers.views, numbers.clicks,
        ]  # fmt: skip


def rows_by_day(ads) -> Iterator[list]:
    """One row for each ad and day on which anything was counted, newest ads first, days in order."""
    yield [*AD_COLUMNS, "Tag", "Aufrufe", "Bewerbungsklicks"]
    known = {ad.pk: _about(ad) for ad in ads}
    counts = DailyCount.objects.filter(vacancy__in=list(known)).order_by("-vacancy", "day")
    for count in counts.iterator():
        yield [*known[count.vacancy_id], count.day, count.views, count.clicks]


def _about(ad: Vacancy) -> list:
    state = ad.get_closed_as_display() if ad.closed_as else ad.get_status_display()
    return [ad.pk, ad.reference_number, ad.title, ad.employer.name, ad.location, state]
