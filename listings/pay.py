"""The Gehaltskompass on pages: pay beside the bands of a city and what its open ads state."""

from collections.abc import Iterable
from decimal import Decimal

from listings.counted import counted
from listings.models import Vacancy
from profiles.chart import Kind, Row, counted_rows, editorial_rows, own_row, pay_chart
from profiles.compass import Band, Counted, Related, relate
from profiles.models import City

MOST_SINGLE = 6  # single ads in one chart


def comparable(figures) -> list[Band]:
    """What gross pay can be compared with: net bands cannot."""
    return [Band(figure.label, figure.month_low, figure.month_high) for figure in figures if figure.gross != "net"]


def relation_to(found: Counted, low: Decimal, high: Decimal) -> Related | None:
    """How pay stands to the medians, where there are enough ads for them."""
    if not found.has_medians:
        return None
    return relate(low, high, [Band("", found.low, found.high)])[0]


def ad_rows(found: Counted, but: int | None = None, cards: Iterable[Vacancy] | None = None) -> list[Row]:
    """The single ads, newest first, where they are too few for medians.

    `but`: the one that is shown anyhow. `cards`: the newest of the city, where a page has read them already.
    """
    if found.shape != "ranges":
        return []
    shown = [ad.pk for ad in found.ads if ad.pk != but][:MOST_SINGLE]
    if cards is None:
        cards = Vacancy.objects.filter(pk__in=shown).as_cards()
    known = {card.pk: card for card in cards}
    return [
        Row(
            f"{card.employer.name}: {card.title}",
            ad.low,
            ad.high,
            Kind.AD,
            "vom Arbeitgeber, einzelne Anzeigen",
            card.get_absolute_url(),
            "Anzeige",
        )
        for ad in found.ads
        if ad.pk in shown and (card := known.get(ad.pk))
    ]


def pay_context(vacancy: Vacancy) -> dict:
    """The Gehaltskompass of an ad, which may be a draft without pay or place."""
    city: City | None = vacancy.city
    figures = list(city.live_figures()) if city else []
    found = counted([city])[city.pk] if city else Counted.of([])
    low, high = vacancy.pay_month_low, vacancy.pay_month_high
    rows, relations, relation_to_counted = [], [], None
    if low is not None and high is not None:  # a draft may have one of them
        rows.append(own_row(low, high))
        relations = relate(low, high, comparable(figures))
        relation_to_counted = relation_to(found, low, high)
    rows += [*editorial_rows(figures), *counted_rows(found), *ad_rows(found, but=vacancy.pk)]
    return {
        "figures": figures,
        "counted": found,
        "chart": pay_chart(rows),
        "relations": relations,
        "relation_to_counted": relation_to_counted,
        "is_among_counted": any(ad.pk == vacancy.pk for ad in found.ads),
    }
