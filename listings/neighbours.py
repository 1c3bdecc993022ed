"""Similar ads: the open ones that come nearest to an ad, by a rule that can be read, and what they share with it."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, OuterRef
from django.utils.timezone import localdate

from jobboard import german
from listings.models import Status, Vacancy
from listings.models.subqueries import AsJson
from listings.search.concepts import OF_THE_TRADE
from profiles.models import Fact, Place
from profiles.places import box, distance_km

MOST = 6
LEAST = 4  # below, ads of further away fill up
OF_ONE_FIRM = 2
KEPT_FOR = 600  # seconds
NEAR_KM = 30
# How many of each kind are looked at, however many there are: together at most a hundred.
OF_CITY, OF_PLACE, AROUND, REMOTE, AKIN, NEWEST = 28, 8, 34, 12, 16, 10
AMONG = 300  # of the newest, for remote ones and those that speak of the same facts: a walk for twelve may be long
WIDER = Decimal("0.05")  # pay within five per cent counts as the same, or two fixed sums would never meet
# Most ads ask for the same skills, promise the same benefits and know the same ways in; of those nothing follows.
TELLING: list[str] = [Fact.Kind.TOOL, Fact.Kind.METHOD, Fact.Kind.CERTIFICATE, Fact.Kind.SECTOR]
SAYS_NOTHING = {"it", OF_THE_TRADE}  # of a title: every second one has it


class Ids(AsJson):
    sql = "{rows}(found.id)"


class FactIds(AsJson):
    sql = "{rows}(found.fact_id)"


class VacancyIds(AsJson):
    sql = "{rows}(found.vacancy_id)"


class IdsOfPlaces(AsJson):
    # A list within the list stays a text: SQLite would let it be one or the other, as it plans the query.
    sql = "{rows}({array}(found.latitude, found.longitude, found.ids || ''))"


@dataclass(frozen=True)
class Likeness:
    """What an ad shares with the one it stands beside.

    km: between their places; None where one of the two can be done from anywhere
    pay: how much of their monthly full-time ranges overlaps, from 0 to 1
    title: how many of the words of their titles are the same, from 0 to 1
    is_of_another_trade: it speaks of nothing of the trade that the other one is of
    """

    is_here: bool
    km: float | None
    is_remote: bool
    are_both_remote: bool
    title: float
    pay: float
    has_same_level: bool
    facts: tuple[str, ...]
    is_of_another_trade: bool = False

    @property
    def is_far(self) -> bool:
        return not self.is_remote and (self.km is None or self.km > NEAR_KM)

    @property
    def score(self) -> float:
        if self.is_here or self.are_both_remote:
            where = 4.0
        elif self.is_remote:
            where = 2.0
        else:
            where = 0.0 if self.km is None else max(0.0, 3 - self.km / NEAR_KM)
        facts = min(len(self.facts), 4) / 2
        return where + 4 * self.title + 1.5 * self.pay + self.has_same_level + facts

    @property
    def has_similar_title(self) -> bool:
        return self.title >= 0.7  # of a profession whose ads all have a word or two in common

    @property
    def has_similar_pay(self) -> bool:
        return self.pay >= 0.5

    @property
    def rounded_km(self) -> int:
        return max(1, round(self.km or 0))

    @property
    def said(self) -> list[str]:
        """The two things that say most beside the place."""
        shared = {
            "facts": bool(self.facts),
            "title": self.has_similar_title,
            "pay": self.has_similar_pay,
            "level": self.has_same_level,
        }
        return [name for name, is_shared in shared.items() if is_shared][:2]

    @property
    def is_any(self) -> bool:
        """Whether they are alike at all: near is enough, and from far away more than the level is asked for."""
        return not self.is_far or any(name != "level" for name in self.said)


def neighbours(vacancy: Vacancy, mentions: Iterable[Fact]) -> list[Vacancy]:
    """Open ads for somebody who came for `vacancy`, which speaks of `mentions`: the likest first, as cards.

    Each has a `likeness`. What was compared is kept for some minutes: an ad that has ended or changed since is left
    out, a new one comes in late.
    """
    key = f"neighbours-2:{vacancy.pk}:{vacancy.version}:{vacancy.status}:{localdate()}"
    kept = cache.get(key)
    if kept is None:
        kept = [(ad.pk, ad.version, astuple(likeness)) for ad, likeness in _compared(vacancy, mentions)]
        cache.set(key, kept, KEPT_FOR)
    ids = [pk for pk, _, _ in kept]
    cards = Vacancy.objects.open().direct().filter(pk__in=ids).as_cards().in_bulk() if ids else {}
    found = []
    for pk, version, values in kept:
        if (card := cards.get(pk)) and card.version == version:
            card.likeness = Likeness(*values)
            found.append(card)
    return found


def _compared(vacancy: Vacancy, mentions: Iterable[Fact]) -> list[tuple["Row", Likeness]]:
    """Of a removed ad nothing but its place may be told, so that nothing else is compared."""
    is_hidden = vacancy.status == Status.REMOVED
    facts = {} if is_hidden else {fact.pk: fact for fact in mentions if fact.kind in TELLING}
    ids, title, is_of_trade = _candidates(vacancy, facts)
    ads = Vacancy.objects.open().direct().filter(pk__in=ids).newest()
    links = Vacancy.mentions.through.objects.filter(vacancy=OuterRef("pk"), fact__in=facts)
    found = []
    for row in ads.values_list(*Row.COLUMNS, FactIds(links.values("fact_id"))):
        ad = Row(*row)
        shared = sorted((facts[pk] for pk in json.loads(ad.facts or "[]")), key=_by_what_it_tells)
        likeness = _likeness(vacancy, ad, frozenset() if is_hidden else title, shared, is_hidden)
        if is_of_trade and not is_hidden and not _is_of_trade(ad.title):
            likeness = replace(likeness, is_of_another_trade=True)
        found.append((ad, likeness))
    return _choose(found)


def _by_what_it_tells(fact: Fact) -> tuple[int, str]:
    return TELLING.index(fact.kind), fact.slug


@dataclass(frozen=True)
class Row:
    """What of an ad is compared; a hundred of them cost little where a hundred models would not."""

    COLUMNS = [
        "pk", "version", "employer_id", "place_id", "place__latitude", "place__longitude", "workplace", "level",
        "pay_month_low", "pay_month_high", "search_text__title",
    ]  # fmt: skip

    pk: int
    version: int
    employer: int
    place: int | None
    latitude: float | None
    longitude: float | None
    workplace: str
    level: str
    low: Decimal
    high: Decimal
    title: str | None
    facts: str | None

    @property
    def is_remote(self) -> bool:
        return self.workplace == Vacancy.Workplace.REMOTE


class Around(NamedTuple):
    """A place, and its newest ads as JSON."""

    latitude: float
    longitude: float
    ids: str | None


def _candidates(vacancy: Vacancy, facts: dict[int, Fact]) -> tuple[list[int], frozenset[str], bool]:
    """Ids of those to compare, the words of the ad's own title and whether it is of the trade.

    In one query of bounded walks along indexes.
    """
    ads = Vacancy.objects.open().direct().newest()
    among = ads.values("id")[:AMONG]
    lists: dict[str, AsJson] = {
        "newest": Ids(ads.values("id")[:NEWEST]),
        "of_remote": Ids(ads.fully_remote().filter(pk__in=among).values("id")[:REMOTE]),
    }
    if vacancy.city_id:
        lists["of_city"] = Ids(ads.filter(city=vacancy.city_id).values("id")[:OF_CITY])
    if facts:
        links = Vacancy.mentions.through.objects.filter(fact__in=facts, vacancy__in=among).values("vacancy_id")
        lists["akin"] = VacancyIds(links.annotate(shared=Count("pk")).order_by("-shared", "-vacancy_id")[:AKIN])
    if vacancy.place:
        here = Ids(ads.filter(place=OuterRef("pk")).values("id")[:OF_PLACE])
        around = (
            Place.objects.order_by().filter(**box(vacancy.place, NEAR_KM)).values("latitude", "longitude", ids=here)
        )
        lists["around"] = IdsOfPlaces(around)
    own = Vacancy.objects.filter(pk=vacancy.pk).order_by().annotate(**lists)
    title, *texts = own.values_list("search_text__title", *lists).get()
    found = {name: json.loads(text or "[]") for name, text in zip(lists, texts, strict=True)}
    if vacancy.place:
        found["around"] = _nearest(vacancy.place, found["around"])
    ids = dict.fromkeys(pk for pks in found.values() for pk in pks)
    ids.pop(vacancy.pk, None)
    return list(ids), _words(title or german.roots(vacancy.title)), _is_of_trade(title)


def _nearest(place: Place, rows: list) -> list[int]:
    """Ids of the ads of places around, those of the nearest place first, as far as they are looked at."""
    around = [Around(*row) for row in rows]
    around.sort(key=lambda each: distance_km(place, each))
    return [pk for each in around for pk in json.loads(each.ids or "[]")][:AROUND]


def _likeness(vacancy: Vacancy, ad: Row, title: frozenset[str], facts: list[Fact], is_hidden: bool) -> Likeness:
    is_local = not ad.is_remote and not vacancy.is_remote
    words = _words(ad.title or "")
    km = None
    if is_local and vacancy.place and ad.latitude is not None:
        km = distance_km(vacancy.place, ad)
    return Likeness(
        is_here=is_local and ad.place == vacancy.place_id,
        km=km,
        is_remote=ad.is_remote,
        are_both_remote=ad.is_remote and vacancy.is_remote,
        title=2 * len(title & words) / (len(title) + len(words)) if title and words else 0.0,
        pay=0.0 if is_hidden else _overlap(vacancy.pay_month_low, vacancy.pay_month_high, ad.low, ad.high),
        has_same_level=not is_hidden and ad.level == vacancy.level,
        facts=tuple(fact.name for fact in facts),
    )


def _is_of_trade(title: str | None) -> bool:
    return OF_THE_TRADE in (title or "").split()


def _words(title: str) -> frozenset[str]:
    return frozenset(title.split()) - SAYS_NOTHING


def _overlap(low: Decimal | None, high: Decimal | None, other_low: Decimal, other_high: Decimal) -> float:
    """How much of two ranges is common to both: twice the overlap as a share of their lengths."""
    if low is None or high is None:
        return 0.0
    low, high = low * (1 - WIDER), high * (1 + WIDER)
    other_low, other_high = other_low * (1 - WIDER), other_high * (1 + WIDER)
    common = min(high, other_high) - max(low, other_low)
    return float(max(common, Decimal(0)) * 2 / (high - low + other_high - other_low))


def _choose(found: list[tuple[Row, Likeness]]) -> list[tuple[Row, Likeness]]:
    """The likest of them, newer ones first among equals, and never a whole page of one firm.

    Near ones before those of far away, and of these ones of the same trade before others, however alike.
    """
    chosen: list[tuple[Row, Likeness]] = []
    firms: Counter[int] = Counter()
    for ad, likeness in sorted(found, key=lambda pair: (pair[1].is_far, pair[1].is_of_another_trade, -pair[1].score)):
        room = LEAST if likeness.is_far else MOST
        if likeness.is_any and len(chosen) < room and firms[ad.employer] < OF_ONE_FIRM:
            chosen.append((ad, likeness))
            firms[ad.employer] += 1
    return chosen
