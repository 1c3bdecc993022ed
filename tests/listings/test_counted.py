"""Counted pay: the open ads of a city, right for every worker at every moment, in one query."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.utils.timezone import localdate

from listings import counted as module
from listings.counted import counted, drifted
from listings.departure import delete_account
from listings.models import CityStamp, Vacancy
from profiles.models import City
from tests.make import GELSENKIRCHEN, HAGEN, HAMM, OSNABRUECK, make_employer, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def osnabrueck():
    return City.objects.get(place=OSNABRUECK)


@pytest.fixture(params=["here", "elsewhere"])
def worker(request, monkeypatch):
    """Whoever asks: the process that changed the ads, or another one with a memory of its own."""
    if request.param == "elsewhere":
        other = LocMemCache("other", {})
        other.clear()
        return other
    return caches["default"]


@pytest.fixture
def count(monkeypatch, worker):
    """How many ads of a city are counted now, as `worker` sees it; asked often, so that something is kept."""

    def ask(place=OSNABRUECK):
        with monkeypatch.context() as patch:
            patch.setattr(module, "cache", worker)
            city = City.objects.get(place=place)
            first = counted([city])[city.pk]
            assert counted([City.objects.get(pk=city.pk)])[city.pk] == first
            return first.count

    return ask


def test_only_open_direct_ads_of_the_city_count(osnabrueck):
    mine = make_vacancy(open=True)
    make_vacancy()
    make_vacancy(status="in_review")
    make_vacancy(status="paused")
    make_vacancy(open=True, place_id=HAGEN, postal_code="58095")
    make_vacancy(open=True, employer_kind="zeitarbeit")
    found = counted([osnabrueck])[osnabrueck.pk]
    assert [ad.pk for ad in found.ads] == [mine.pk]
    assert (found.ads[0].low, found.ads[0].high) == (3500, 4000)
    assert (found.ads[0].employer, found.ads[0].level) == (mine.employer_id, "erfahren")


def test_pay_is_counted_full_time_and_unrounded(osnabrueck):
    make_vacancy(open=True, pay_low=Decimal("20.50"), pay_high=Decimal("21.37"), pay_unit="hour")
    found = counted([osnabrueck])[osnabrueck.pk]
    assert (found.ads[0].low, found.ads[0].high) == (Decimal("3553.333333"), Decimal("3704.133333"))


def test_all_cities_are_one_query_and_none_once_they_are_kept(django_assert_num_queries):
    make_vacancy(open=True)
    make_vacancy(open=True, place_id=HAGEN, postal_code="58095")

    def cities():
        return list(City.objects.select_related("stamp"))

    with django_assert_num_queries(2):
        fresh = counted(cities())
    with django_assert_num_queries(1):
        assert counted(cities()) == fresh
    with django_assert_num_queries(2):  # the stamps, for whoever has not joined them
        assert counted(City.objects.all()) == fresh
    assert sorted(found.count for found in fresh.values()) == [0, 0, 0, 1, 1]


def test_no_cities_is_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counted([]) == {}


@pytest.mark.parametrize(
    ("step", "after"),
    [
        (lambda ad, by: ad.close(by, Vacancy.ClosedAs.FILLED), 0),
        (lambda ad, by: ad.pause(by), 0),
        (lambda ad, by: ad.remove(None, "Die Stelle gibt es nicht."), 0),
        (lambda ad, by: ad.delete(), 0),
        (lambda ad, by: Vacancy.objects.filter(pk=ad.pk).delete(), 0),
        (lambda ad, by: ad.confirm(by), 1),
    ],
)
def test_a_step_is_counted_at_once(count, step, after):
    ad = make_vacancy(open=True)
    assert count() == 1
    step(ad, ad.employer.memberships.get().user)
    assert count() == after


def test_an_ad_that_opens_again_is_counted_again(count):
    ad = make_vacancy(status="paused")
    removed = make_vacancy(status="removed")
    assert count() == 0
    ad.resume(ad.employer.memberships.get().user)
    assert count() == 1
    removed.restore(None)
    assert count() == 2


def test_changed_pay_is_counted_once_readers_see_it(osnabrueck):
    ad = make_vacancy(open=True)
    counted([osnabrueck])
    ad.edit(ad.employer.memberships.get().user, {"pay_high": Decimal(4500)}, ad.version)
    assert counted([City.objects.get(pk=osnabrueck.pk)])[osnabrueck.pk].ads[0].high == 4000
    ad.accept_revision(None, ad.waiting_revision().version)
    assert counted([City.objects.get(pk=osnabrueck.pk)])[osnabrueck.pk].ads[0].high == 4500


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"level": "spezialist"}, [(3500, 4000, "spezialist")]),
        ({"working_time": "part", "hours_low": 30, "hours_high": 32}, [(4375, 5000, "erfahren")]),
        ({"working_time": "both", "hours_low": 20}, [(3500, 4000, "erfahren")]),
        ({"salaries_per_year": Decimal("13.5")}, [("3937.5", 4500, "erfahren")]),
        ({"pay_unit": "year", "pay_low": 36_000, "pay_high": 42_000}, [(3000, 3500, "erfahren")]),
        ({"pay_unit": "hour", "pay_low": 18, "pay_high": 24, "full_time_hours": 39}, [(3042, 4056, "erfahren")]),
        ({"employer_kind": "vermittlung"}, []),
    ],
)
def test_every_change_of_what_counts_is_seen_by_all_workers(osnabrueck, monkeypatch, worker, changes, counts):
    def ask():
        with monkeypatch.context() as patch:
            patch.setattr(module, "cache", worker)
            found = counted([City.objects.get(pk=osnabrueck.pk)])[osnabrueck.pk]
            return [(ad.low, ad.high, ad.level) for ad in found.ads]

    ad = make_vacancy(open=True)
    assert ask() == [(3500, 4000, "erfahren")]
    if ad.edit(ad.employer.memberships.get().user, changes, ad.version) == "waiting":
        assert ask() == [(3500, 4000, "erfahren")]
        ad.accept_revision(None, ad.waiting_revision().version)
    assert ask() == [(Decimal(low), Decimal(high), level) for low, high, level in counts]


def test_ads_of_a_firm_that_is_given_up_are_counted_no_more(count):
    ad = make_vacancy(open=True)
    assert count() == 1
    owner = ad.employer.memberships.get().user
    delete_account(user=owner, heirs={ad.employer_id: None})
    assert count() == 0


def test_an_ad_that_moves_is_counted_in_its_new_city_only(count):
    ad = make_vacancy(open=True)
    assert (count(), count(HAGEN)) == (1, 0)
    ad.edit(ad.employer.memberships.get().user, {"place": HAGEN, "postal_code": "58095"}, ad.version)
    ad.accept_revision(None, ad.waiting_revision().version)
    assert (count(), count(HAGEN)) == (0, 1)


def test_an_ad_that_moved_before_it_was_read_again_leaves_the_city_it_is_in(count):
    ad = make_vacancy(open=True)
    Vacancy.objects.filter(pk=ad.pk).update(city=City.objects.get(place=HAGEN))
    assert count(HAGEN) == 1
    ad.pause(ad.employer.memberships.get().user)
    assert count(HAGEN) == 0


def test_ads_that_are_connected_anew_are_counted_where_they_belong(count):
    ad = make_vacancy(open=True)
    Vacancy.objects.filter(pk=ad.pk).update(city=City.objects.get(place=GELSENKIRCHEN))
    assert (count(), count(GELSENKIRCHEN)) == (0, 1)
    assert Vacancy.objects.connect_cities() == 1
    assert (count(), count(GELSENKIRCHEN)) == (1, 0)


def test_ads_begin_and_end_by_the_day_in_berlin(count, monkeypatch):
    today = localdate()
    make_vacancy(open=True, first_day=today + timedelta(days=1), last_day=today + timedelta(days=10))
    make_vacancy(open=True, last_day=today)
    assert count() == 1
    for day, expected in ((1, 1), (11, 0)):
        monkeypatch.setattr(module, "localdate", lambda day=day: today + timedelta(days=day))
        assert count() == expected


def test_a_day_begins_at_midnight_in_berlin(settings):
    midnight = datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert localdate(midnight) == date(2026, 7, 1)
    assert localdate(midnight - timedelta(seconds=1)) == date(2026, 6, 30)


def test_extending_an_ad_that_had_ended_counts_it_again(count):
    ad = make_vacancy(open=True)
    Vacancy.objects.filter(pk=ad.pk).update(last_day=localdate() - timedelta(days=1), first_day="2026-01-01")
    ad.refresh_from_db()
    assert count() == 0
    ad.extend(ad.employer.memberships.get().user)
    assert count() == 1


def test_what_is_rolled_back_leaves_no_count_behind(count):
    """Even where somebody asked in the middle: the stamp that was drawn never comes again."""
    ad = make_vacancy(open=True)
    by = ad.employer.memberships.get().user
    assert count() == 1
    with transaction.atomic():
        ad.pause(by)
        assert count() == 0
        transaction.set_rollback(True)
    assert count() == 1
    ad.refresh_from_db()
    ad.confirm(by)
    assert count() == 1


@pytest.mark.parametrize(
    "spoiled", ["", "{", "[1]", '[["a", 2, 3, "x", 4]]', b"\x80", None, [["1"]], "null", "[" * 5000]
)
def test_what_cannot_be_read_is_counted_again(osnabrueck, monkeypatch, spoiled):
    make_vacancy(open=True)
    osnabrueck.refresh_from_db()
    monkeypatch.setattr(module.cache, "get_many", lambda keys: dict.fromkeys(keys, spoiled))
    assert counted([osnabrueck])[osnabrueck.pk].count == 1


def test_steps_of_one_city_leave_the_others_alone():
    make_vacancy(open=True)
    make_vacancy(open=True, place_id=HAGEN, postal_code="58095")
    hagen = CityStamp.objects.get(city__place=HAGEN).value
    make_vacancy(open=True)
    assert CityStamp.objects.get(city__place=HAGEN).value == hagen


def test_steps_that_readers_do_not_see_leave_the_city_alone(osnabrueck):
    def stamp():
        return CityStamp.objects.get(city=osnabrueck).value

    ad = make_vacancy()
    by = ad.employer.memberships.get().user
    CityStamp.objects.renew([osnabrueck.pk])
    before = stamp()
    ad.submit(by)
    ad.take_back(by)
    ad.submit(by)
    assert stamp() == before
    ad.publish(None, ad.version)
    assert stamp() != before


def test_no_more_than_the_newest_count(osnabrueck, monkeypatch):
    monkeypatch.setattr(module, "CAP", 3)
    employer = make_employer()
    ads = [make_vacancy(employer, open=True) for _ in range(4)]
    found = counted([osnabrueck])[osnabrueck.pk]
    assert {ad.pk for ad in found.ads} == {ad.pk for ad in ads[1:]}
    assert found.is_capped
    ads[0].pause(employer.memberships.get().user)
    found = counted([City.objects.get(pk=osnabrueck.pk)])[osnabrueck.pk]
    assert (found.count, found.is_capped) == (3, False)


# Drift


def make_ads(low, high, *, employers=3, ads=5, **fields):
    firms = [make_employer() for _ in range(employers)]
    return [
        make_vacancy(firms[number % employers], open=True, pay_low=low, pay_high=high, **fields)
        for number in range(ads)
    ]


def drifts():
    return [str(drift).replace("\u00a0", " ") for drift in drifted()]


def test_ads_within_the_band_of_their_level_have_not_drifted():
    make_ads(3600, 5000)  # Erfahrung oder Spezialwissen: 3.600 bis 4.000
    make_ads(4000, 5000)
    assert drifts() == []


def test_ads_above_the_band_of_their_level_have_drifted():
    make_ads(4100, 5000)
    assert drifts() == [
        (
            "Mit Erfahrung: Die unteren Enden liegen im Median bei 4.100 €, "
            "über „Erfahrung oder Spezialwissen“ (3.600 bis 4.000 €); gezählt aus 5 Anzeigen von 3 Arbeitgebern."
        )
    ]


def test_ads_below_a_floor_have_drifted_and_above_it_never():
    make_ads(2600, 3000, level="einstieg", place_id=HAMM, postal_code="59065")
    assert drifts() == [
        (
            "Einstieg: Die unteren Enden liegen im Median bei 2.600 €, "
            "unter „Einstieg“ (ab 2.800 €); gezählt aus 5 Anzeigen von 3 Arbeitgebern."
        )
    ]
    make_ads(9000, 9000, ads=7, level="einstieg", place_id=HAMM, postal_code="59065")
    assert drifts() == []


@pytest.mark.parametrize(("ads", "employers", "drifts_now"), [(4, 3, False), (5, 2, False), (5, 3, True)])
def test_few_ads_or_employers_are_no_drift(ads, employers, drifts_now):
    make_ads(5000, 6000, ads=ads, employers=employers)
    assert bool(drifts()) == drifts_now


def test_ads_of_a_level_without_a_band_have_not_drifted():
    make_ads(9000, 9900, level="spezialist")
    assert drifts() == []


def test_drift_of_all_cities_is_two_queries_at_most(django_assert_max_num_queries):
    make_ads(5000, 6000)
    with django_assert_max_num_queries(2):
        drifts()
