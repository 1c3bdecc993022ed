"""Pages that join cities and vacancies: home, the cities side by side, one city."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from listings import structured_data
from listings.comparison import (
    NEW_DAYS,
    SORTINGS,
    cities_with_counts,
    draw_bands,
    shared_facts,
    sort_cities,
    sorting_of,
)
from listings.counted import counted
from listings.filter_fields import DEFAULT_KM, RADII
from listings.filters import count_text
from listings.models import CAP, Vacancy
from listings.pay import ad_rows, counted_context, figures_context
from profiles.chart import counted_rows, editorial_rows, pay_chart
from profiles.map import region_map
from profiles.models import CityFact, Edition, Fact, Place
from profiles.reading import read

NEAR_KM = 50
MOST_CITIES = 8  # on the home page: those with the most open ads


@require_safe
def home(request):
    cities = cities_with_counts()
    shown = sorted(cities, key=lambda city: -city.tally.open)[:MOST_CITIES]
    count = Vacancy.objects.open().direct().capped_count()
    return render(
        request,
        "listings/home.html",
        {
            "cities": cities,
            "shown": [city for city in cities if city in shown],
            "scale": draw_bands(shown),
            "map": region_map(cities),
            "newest": Vacancy.objects.open().direct().newest().as_cards()[:6],
            "count": count,
            "count_text": count_text(count),
            "radii": [(km, km == DEFAULT_KM) for km in RADII],
            "structured_data": structured_data.site(),
        },
    )


@require_safe
def city_list(request):
    sorting, hints = sorting_of(request.GET.get("sortierung"))
    by_name = cities_with_counts()
    speaking, shared = shared_facts(by_name)
    context = {
        "cities": sort_cities(by_name, sorting),
        "by_name": by_name,
        "sorting": sorting,
        "sortings": SORTINGS,
        "hints": hints,
        "map": region_map(by_name),
        "scale": draw_bands(by_name, counted(by_name)),
        "speaking": speaking,
        "shared": shared,
        "new_days": NEW_DAYS,
    }
    return render(request, "listings/city_list.html", context)


@require_safe
def city(request, slug):
    newest = Edition.objects.newest_live().filter(city__slug=slug)
    edition = newest.select_related("city__place", "city__stamp").first()
    if edition is None:
        raise Http404
    return render(request, "listings/city_detail.html", city_context(edition))


def city_context(edition):
    """Everything that the page of a city shows, with the text of `edition`."""
    city = edition.city
    pay = counted([city])[city.pk]
    figures = edition.figures_with_history()
    here = Vacancy.objects.open().direct().in_city(city)
    facts = typical(edition, here)
    distances = Place.objects.within(NEAR_KM, city.place)
    elsewhere = Vacancy.objects.open().direct().exclude(city=city)
    near = list(
        elsewhere.filter(place__in=distances).exclude(workplace=Vacancy.Workplace.REMOTE).newest().as_cards()[:6]
    )
    for vacancy in near:
        vacancy.distance_km = round(distances[vacancy.place_id])
    count = CAP + 1 if pay.is_capped else pay.count  # the same ads
    vacancies = list(here.newest().as_cards()[:10])
    singles = ad_rows(pay, cards=vacancies)
    hidden_count = Vacancy.objects.open().indirect().in_city(city).capped_count()
    return {
        "city": city,
        "edition": edition,
        "sections": [(section, read(section, figures, facts)) for section in edition.sections.all()],
        **figures_context(figures),
        "chart": pay_chart([*editorial_rows(figures), *counted_rows(pay), *singles]),
        **counted_context(pay, singles),
        "fact_groups": fact_groups(facts),
        "vacancies": vacancies,
        "count": count,
        "count_text": count_text(count),
        "is_capped": pay.is_capped,
        "near": sorted(near, key=lambda vacancy: vacancy.distance_km),
        "remote": elsewhere.fully_remote().newest().as_cards()[:4],
        "hidden_count": hidden_count,
        "hidden_text": count_text(hidden_count),
        "crumbs": structured_data.crumbs(city),
        "structured_data": structured_data.city(edition, figures),
    }


def typical(edition, here):
    """The facts of `edition`, each with `ad_count`: the ads `here` that speak of it, of the newest CAP; one query."""
    links = Vacancy.mentions.through.objects.filter(fact=OuterRef("fact"), vacancy__in=here.newest().values("pk")[:CAP])
    counts = links.order_by().values("fact").annotate(ads=Count("pk")).values("ads")
    return list(edition.facts.select_related("fact", "section").annotate(ad_count=Coalesce(Subquery(counts), 0)))


def fact_groups(facts: list[CityFact]) -> list[tuple[str, list[CityFact]]]:
    """Facts under the German names of their kinds, in the order of the choices."""
    return [
        (label, found)
        for kind, label in Fact.Kind.choices
        if (found := [each for each in facts if each.fact.kind == kind])
    ]
