"""The Gehaltskompass on pages: pay beside the bands of a city and what its open ads state."""

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse

from listings.counted import counted
from listings.models import Vacancy
from profiles.chart import Kind, Row, counted_rows, editorial_rows, own_row, pay_chart
from profiles.compass import Band, Counted, Related, relate
from profiles.models import SalaryFigure

SUBJECT = "Diese Stelle"
MOST_SINGLE = 6  # single ads in one chart


def pay_context(vacancy: Vacancy) -> dict:
    """The Gehaltskompass of an ad, which may be a draft without pay or place: for _compass.html."""
    city, low, high = vacancy.city, vacancy.pay_month_low, vacancy.pay_month_high
    pay = (low, high) if low is not None and high is not None else None  # a draft may have one of them
    figures = list(city.live_figures()) if city else []
    found = counted([city])[city.pk] if city else Counted.of([])
    singles = ad_rows(found, but=vacancy.pk)
    rows = [own_row(*pay, SUBJECT, "vom Arbeitgeber")] if pay else []
    rows += editorial_rows(figures, f"{reverse('listings:city', args=[city.slug])}#" if city else "")
    return {
        **figures_context(figures),
        "chart": pay_chart([*rows, *counted_rows(found), *singles]),
        "subject": SUBJECT,
        "pay": pay,
        "relations": relate(*pay, comparable(figures)) if pay else [],
        **counted_context(found, singles, but=vacancy.pk),
        "relation_to_counted": relation_to(found, *pay) if pay else None,
        "is_among_counted": any(ad.pk == vacancy.pk for ad in found.ads),
    }


def figures_context(figures: list[SalaryFigure]) -> dict:
    """What pages say about the figures of a city's text beside their chart."""
    return {
        "figures": figures,
        "not_comparable": [figure for figure in figures if figure.is_net],
        "not_stated": not_stated(figures),
    }


def counted_context(found: Counted, singles: list[Row], but: int | None = None) -> dict:
    """What _counted.html says about counted ads, `singles` of which are drawn one by one; `but`: as in ad_rows()."""
    others = sum(ad.pk != but for ad in found.ads)
    return {"counted": found, "single_count": len(singles), "has_more_singles": others > len(singles)}


def comparable(figures: Iterable[SalaryFigure]) -> list[Band]:
    """What gross pay can be compared with: bands of net pay cannot."""
    return [Band(figure.label, figure.month_low, figure.month_high) for figure in figures if not figure.is_net]


def relation_to(found: Counted, low: Decimal, high: Decimal) -> Related | None:
    """How pay stands to the medians, where there are enough ads for them."""
    return relate(low, high, [Band("", found.low, found.high)])[0] if found.has_medians else None


def not_stated(figures: list[SalaryFigure]) -> list[str]:
    """What the text of a city leaves open about some of its figures; nobody fills it in."""
    return [
        words
        for words, is_open in (
            ("Zeitraum", any(not figure.period for figure in figures)),
            ("brutto oder netto", any(not figure.gross for figure in figures)),
            ("Stand", any(not figure.stand for figure in figures)),
        )
        if is_open
    ]


def ad_rows(found: Counted, but: int | None = None, cards: Iterable[Vacancy] | None = None) -> list[Row]:
    """The single ads, newest first, where they are too few for medians.

    `but`: one that is not drawn among them, as its own pay is. `cards`: the newest of the city, where a page has read
    them already.
    """
    if found.shape != "ranges":
        return []
    shown = [ad for ad in found.ads if ad.pk != but][:MOST_SINGLE]
    if cards is None and shown:
        cards = Vacancy.objects.filter(pk__in=[ad.pk for ad in shown]).as_cards()
    known = {card.pk: card for card in cards or []}
    return [
        Row(
            f"{card.employer.name}: {card.title}",
            ad.low,
            ad.high,
            Kind.AD,
            f"vom Arbeitgeber, {found.text}",
            card.get_absolute_url(),
            "Anzeige",
        )
        for ad in shown
        if (card := known.get(ad.pk))
    ]
