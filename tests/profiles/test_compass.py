"""Conversions and relations of pay, with the vectors of the house."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobboard.templatetags.board import whole_euro
from profiles.compass import Ad, Band, Counted, Relation, Unit, calculation, monthly, relate
from profiles.models import City

FULL = Decimal(40)
pay = st.decimals(min_value=1, max_value=1_000_000, places=2)


@pytest.mark.parametrize(
    ("amount", "unit", "options", "month"),
    [
        (1600, Unit.MONTH, {"own_hours": Decimal(20)}, 3200),
        (1700, Unit.MONTH, {"own_hours": Decimal(20)}, 3400),
        (42_000, Unit.YEAR, {}, 3500),
        (3000, Unit.MONTH, {"salaries": Decimal(13)}, 3250),
        (15, Unit.HOUR, {}, 2600),
    ],
)
def test_pay_is_brought_to_a_full_time_month(amount, unit, options, month):
    assert monthly(Decimal(amount), unit, full_time_hours=FULL, **options) == month


@given(pay, st.integers(1, 48))
def test_hourly_pay_does_not_depend_on_own_hours(amount, hours):
    alone = monthly(amount, Unit.HOUR, full_time_hours=FULL)
    assert monthly(amount, Unit.HOUR, full_time_hours=FULL, own_hours=Decimal(hours)) == alone


@pytest.mark.parametrize(
    ("city", "low", "high", "expected"),
    [
        ("osnabrueck", 2500, 2700, [(Relation.BELOW, ["Einstieg"])]),
        ("hagen", 3350, 3450, [(Relation.BETWEEN, [3300, 4200])]),
        ("oberhausen", 3200, 4200, [(Relation.OVERLAPS, [3400, 4600])]),
        ("hamm", 2850, 2950, [(Relation.ABOVE_FLOOR, [None]), (Relation.BELOW, [3800])]),
        ("hamm", 2900, 3100, [(Relation.ABOVE_FLOOR, [None]), (Relation.OVERLAPS, [3800])]),
        ("gelsenkirchen", 4300, 4400, [(Relation.BETWEEN, [4200, 5000])]),
        ("gelsenkirchen", 5200, 5500, [(Relation.ABOVE, [5000])]),
        ("oberhausen", 3000, 3400, [(Relation.INSIDE, [3400])]),
        ("hamm", 2500, 2700, [(Relation.BELOW, [None])]),
    ],
)
def test_an_ad_is_related_to_the_bands_of_its_city(db, city, low, high, expected):
    figures = City.objects.get(slug=city).live_figures()
    found = relate(Decimal(low), Decimal(high), figures)
    assert [each.relation for each in found] == [relation for relation, _ in expected]
    for each, (_, bands) in zip(found, expected, strict=True):
        assert [
            band.label if isinstance(want, str) else band.high for band, want in zip(each.bands, bands, strict=True)
        ] == bands


# Properties of conversions

units = st.sampled_from(list(Unit))
hours = st.decimals(min_value=1, max_value=48, places=2)
full_hours = st.decimals(min_value=30, max_value=48, places=2)
salaries = st.none() | st.decimals(min_value=12, max_value=16, places=1)
terms = st.fixed_dictionaries({"full_time_hours": full_hours, "own_hours": st.none() | hours, "salaries": salaries})
NEARLY = Decimal("1e-9")  # of the amount: what 28 digits leave


def is_nearly(one, other):
    return abs(one - other) <= max(abs(one), abs(other)) * NEARLY


@given(pay, units, terms, st.integers(2, 50))
def test_so_many_times_the_pay_is_so_many_times_the_month(amount, unit, terms, times):
    assert is_nearly(monthly(amount * times, unit, **terms), monthly(amount, unit, **terms) * times)


@given(pay, pay, units, terms)
def test_more_pay_is_never_less_a_month_and_a_range_stays_one(one, other, unit, terms):
    low, high = sorted((one, other))
    assert monthly(low, unit, **terms) <= monthly(high, unit, **terms)


@given(pay, full_hours, salaries)
def test_full_time_hours_of_ones_own_change_nothing(amount, full, salaries):
    alone = monthly(amount, Unit.MONTH, full_time_hours=full, salaries=salaries)
    assert monthly(amount, Unit.MONTH, full_time_hours=full, own_hours=full, salaries=salaries) == alone


@given(pay, full_hours, hours)
def test_part_time_is_undone_by_its_share(amount, full, own):
    month = monthly(amount, Unit.MONTH, full_time_hours=full, own_hours=own)
    assert is_nearly(month * own / full, amount)


@given(pay, terms)
def test_a_year_knows_no_salaries_and_is_twelve_months(amount, terms):
    without = {**terms, "salaries": None}
    assert monthly(amount, Unit.YEAR, **terms) == monthly(amount, Unit.YEAR, **without)
    assert is_nearly(monthly(amount * 12, Unit.YEAR, **terms), monthly(amount, Unit.MONTH, **without))


@given(pay, full_hours, salaries)
def test_hours_weeks_and_months_agree(amount, full, salaries):
    """An hour's pay for 52 weeks of those hours is a year's pay."""
    hour = monthly(amount, Unit.HOUR, full_time_hours=full, salaries=salaries)
    assert is_nearly(hour, monthly(amount * full * 52, Unit.YEAR, full_time_hours=full))


@given(pay, st.decimals(min_value=12, max_value=16, places=1), terms)
def test_salaries_are_spread_over_the_year(amount, salaries, terms):
    spread = monthly(amount, Unit.MONTH, **terms | {"salaries": salaries})
    assert is_nearly(spread * 12, monthly(amount, Unit.MONTH, **terms | {"salaries": None}) * salaries)


# What the page shows of it


@given(pay, pay, units, terms)
def test_the_calculation_in_words_comes_to_the_month(one, other, unit, terms):
    low, high = sorted((one.quantize(Decimal("0.01")), other.quantize(Decimal("0.01"))))
    words = calculation(low, high, unit, **terms)
    if not words:
        assert monthly(low, unit, **terms) == low
        return
    stated, _, result = words.partition(" = ")
    steps = re.sub(r"^.*?€ ", "", stated).replace(" Wochenstunden", "").replace(",", ".").split()
    for end in (low, high):
        found = end
        for sign, figure in zip(steps[::2], steps[1::2], strict=True):
            found = found * Decimal(figure) if sign == "×" else found / Decimal(figure)
        assert is_nearly(found, monthly(end, unit, **terms))
        assert whole_euro(monthly(end, unit, **terms)).removesuffix("\u00a0€") in result


FULL_TIME = {"full_time_hours": FULL}


@pytest.mark.parametrize(
    ("low", "high", "unit", "terms", "words"),
    [
        (3000, 3400, "month", {}, ""),
        (3000, 3400, "month", {"salaries": Decimal(12)}, ""),
        (3000, 3400, "month", {"own_hours": FULL}, ""),
        (3000, 3000, "month", {"salaries": Decimal(13)}, "3.000 € × 13 ÷ 12 = 3.250 € im Monat"),
        (
            1600,
            1700,
            "month",
            {"own_hours": Decimal(20)},
            "1.600 bis 1.700 € × 40 ÷ 20 Wochenstunden = 3.200 bis 3.400 € im Monat",
        ),
        (
            1600,
            1700,
            "month",
            {"own_hours": Decimal(20), "salaries": Decimal("13.5")},
            "1.600 bis 1.700 € × 13,5 ÷ 12 × 40 ÷ 20 Wochenstunden = 3.600 bis 3.825 € im Monat",
        ),
        (42_000, 42_000, "year", {"salaries": Decimal(14)}, "42.000 € ÷ 12 = 3.500 € im Monat"),
        (
            24_000,
            30_000,
            "year",
            {"own_hours": Decimal(30)},
            "24.000 bis 30.000 € ÷ 12 × 40 ÷ 30 Wochenstunden = 2.667 bis 3.333 € im Monat, auf ganze Euro gerundet",
        ),
        (
            Decimal("20.50"),
            22,
            "hour",
            {"own_hours": Decimal(20), "salaries": Decimal(13)},
            "20,50 bis 22 € × 40 Wochenstunden × 13 ÷ 3 = 3.553 bis 3.813 € im Monat, auf ganze Euro gerundet",
        ),
    ],
)
def test_every_combination_has_its_calculation(low, high, unit, terms, words):
    found = calculation(Decimal(low), Decimal(high), unit, **FULL_TIME | terms)
    assert found.replace("\u00a0", " ") == words


# Relations

ends = st.integers(1, 60)
ranges = st.tuples(ends, ends).map(sorted)
bands = st.lists(
    ranges.flatmap(lambda pair: st.sampled_from([pair, (pair[0], None), (None, pair[1])])).map(
        lambda pair: Band("", *(None if end is None else Decimal(end) for end in pair))
    ),
    max_size=4,
)


@pytest.mark.slow
@settings(max_examples=500)
@given(ranges, bands)
def test_what_is_said_of_a_range_is_true_whole_and_free_of_contradiction(pair, bands):
    low, high = map(Decimal, pair)
    found = relate(low, high, bands)
    assert bool(found) == bool(bands)
    told = [each.relation for each in found]
    others = set(told) - {Relation.ABOVE_FLOOR}
    assert len(told) - told.count(Relation.ABOVE_FLOOR) == len(others)
    # Only inside and overlaps go together; everything else stands alone, beside floors that are reached.
    assert others <= {Relation.INSIDE, Relation.OVERLAPS} or len(others) == 1
    for each in found:
        bottoms = [band.low or 0 for band in each.bands]
        tops = [Decimal("Infinity") if band.high is None else band.high for band in each.bands]
        match each.relation:
            case Relation.BELOW:
                assert high < min(bottoms)
            case Relation.ABOVE:
                assert low > max(tops)
            case Relation.BETWEEN:
                assert tops[0] < low <= high < bottoms[1]
                assert not any(tops[0] < (band.high or 0) < low for band in bands)  # no other stands nearer
                assert not any(high < (band.low or 0) < bottoms[1] for band in bands)
            case Relation.INSIDE:
                assert max(bottoms) <= low
                assert high <= min(tops)
                assert all(band.high is not None for band in each.bands)
            case Relation.OVERLAPS:
                assert max(bottoms) <= high
                assert low <= min(tops)
            case Relation.ABOVE_FLOOR:
                assert bottoms[0] <= low
                assert each.bands[0].high is None
    touching = [band for band in bands if (band.low or 0) <= high and (band.high is None or low <= band.high)]
    named = [band for each in found for band in each.bands]
    assert all(band in named for band in touching)


@given(ranges, bands, st.randoms())
def test_relations_do_not_depend_on_the_order_of_bands(pair, bands, random):
    low, high = map(Decimal, pair)
    shuffled = random.sample(bands, len(bands))
    assert [each.relation for each in relate(low, high, bands)] == [
        each.relation for each in relate(low, high, shuffled)
    ]


# Counted ads


def counted(ads, employers, most=None):
    """`ads` ads spread over `employers`; `most`: so many of the first one."""
    if most is None:
        owners = [number % employers for number in range(ads)]
    else:
        owners = [0] * most + [1 + number % (employers - 1) for number in range(ads - most)]
    return Counted.of(
        Ad(Decimal(3000 + 10 * number), Decimal(3500 + 10 * number), owner, "erfahren")
        for number, owner in enumerate(owners)
    )


@pytest.mark.parametrize(
    ("ads", "employers", "most", "shape"),
    [
        (0, 1, None, "none"),
        (1, 1, None, "ranges"),
        (4, 4, None, "ranges"),
        (5, 2, None, "ranges"),
        (5, 3, None, "medians"),
        (19, 5, None, "medians"),
        (20, 4, None, "medians"),
        (20, 5, None, "quartiles"),
        (20, 5, 6, "quartiles"),
        (20, 5, 7, "medians"),  # more than a third
        (21, 5, 7, "quartiles"),  # exactly a third
        (1000, 2, None, "ranges"),
    ],
)
def test_how_much_is_said_depends_on_ads_and_employers(ads, employers, most, shape):
    found = counted(ads, employers, most)
    assert found.shape == shape
    assert (found.low is not None) == (found.high is not None) == (shape in ("medians", "quartiles"))
    assert (found.low_quartiles is not None) == (found.high_quartiles is not None) == (shape == "quartiles")


def test_medians_and_quartiles_are_those_of_the_ends():
    found = counted(21, 7)
    assert (found.low, found.high) == (3100, 3600)
    assert found.low_quartiles == (3050, 3150)
    assert found.high_quartiles == (3550, 3650)
    even = counted(6, 3)
    assert (even.low, even.high) == (3025, 3525)


ads = st.tuples(pay, pay, st.integers(1, 9), st.sampled_from(["einstieg", "erfahren"])).map(
    lambda ad: Ad(min(ad[:2]), max(ad[:2]), ad[2], ad[3])
)


@given(st.lists(ads, max_size=40))
def test_what_is_counted_lies_between_what_was_stated(found):
    counted = Counted.of(found)
    if counted.low is not None:
        assert min(ad.low for ad in found) <= counted.low <= max(ad.low for ad in found)
        assert min(ad.high for ad in found) <= counted.high <= max(ad.high for ad in found)
        assert counted.low <= counted.high
    if counted.low_quartiles is not None:
        first, third = counted.low_quartiles
        assert first <= counted.low <= third
        first, third = counted.high_quartiles
        assert first <= counted.high <= third
    assert sum(counted.of_level(level).count for level in ("einstieg", "erfahren")) == counted.count


@pytest.mark.parametrize(
    ("ads", "employers", "is_capped", "text"),
    [
        (1, 1, False, "gezählt aus 1 Anzeige von 1 Arbeitgeber"),
        (12, 5, False, "gezählt aus 12 Anzeigen von 5 Arbeitgebern"),
        (1000, 5, True, "gezählt aus den neuesten 1.000 Anzeigen von 5 Arbeitgebern"),
    ],
)
def test_every_count_names_its_n(ads, employers, is_capped, text):
    assert Counted.of(counted(ads, employers).ads, is_capped=is_capped).text == text
