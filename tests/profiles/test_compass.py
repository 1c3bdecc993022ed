"""Conversions and relations of pay, with the vectors of the house."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.compass import Relation, Unit, monthly, relate
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


@given(pay)
def test_a_year_is_twelve_months(amount):
    as_year = monthly(amount, Unit.YEAR, full_time_hours=FULL)
    assert abs(as_year * 12 - amount) < Decimal("0.0001")


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
    figures = City.objects.get(slug=city).live_edition().figures.all()
    found = relate(Decimal(low), Decimal(high), figures)
    assert [each.relation for each in found] == [relation for relation, _ in expected]
    for each, (_, bands) in zip(found, expected, strict=True):
        assert [
            band.label if isinstance(want, str) else band.high for band, want in zip(each.bands, bands, strict=True)
        ] == bands


@given(pay, pay, st.lists(st.tuples(pay, pay), max_size=4))
def test_every_range_stands_somewhere(one, other, bands):
    class Band:
        def __init__(self, ends):
            self.low, self.high = sorted(ends)

    found = relate(min(one, other), max(one, other), [Band(ends) for ends in bands])
    assert bool(found) == bool(bands)
