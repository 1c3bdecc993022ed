"""What a query finds: how many ads, one page of them, what it hides, and what to try where it finds next to nothing."""

from functools import cached_property

from listings import next_best
from listings.facets import Facets, Tally, count_lists
from listings.filter_words import FilterWords
from listings.filters import MAX_PAGE, PAGE_SIZE, SHORT, VacancyFilter, count_text
from listings.models import CAP, EmployerKind, Vacancy
from listings.search import marks, tiers

INDIRECT = [kind for kind in EmployerKind.values if kind != EmployerKind.DIRECT]


class Found:
    """One list of vacancies."""

    def __init__(self, asked: VacancyFilter):
        self.asked = asked

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """Of this list and of those it speaks of, in one query."""
        asked = self.asked
        lists = {"list": asked.found()}
        if "arbeitgeberart" not in asked.good:
            lists["hidden"] = asked.found(arbeitgeberart=INDIRECT)
        if asked.has_place and "ortsunabhaengig" not in asked.good:
            lists["anywhere"] = asked.found(ortsunabhaengig=True)
        if len(asked.cities_in_text) == 1:
            lists["around"] = asked.found(stadt=None, wo=asked.around)
        return count_lists(lists)

    @property
    def count(self) -> int:
        return self.tallies["list"].count

    @property
    def is_widened(self) -> bool:
        return self.tallies["list"].is_widened

    @property
    def lacks_word(self) -> bool:
        """Whether ads of the list lack one of the words."""
        return self.is_widened and self.count > self.tallies["list"].exact

    def count_of(self, name: str) -> int:
        return self.tallies[name].count if name in self.tallies else 0

    @property
    def last_page(self) -> int:
        return pages_for(self.count)

    def page(self, number):
        """Each with `tier`, `starts_widened`, `title_marked`, `excerpt` and `distance_km`."""
        start = (number - 1) * PAGE_SIZE
        found = self._cards(start, start + PAGE_SIZE) if self.count else []
        distances = self.asked.where.distances if self.asked.where else {}
        first_lacking = self.tallies["list"].exact - start if self.is_widened else None
        for position, vacancy in enumerate(found):
            vacancy.starts_widened = position == first_lacking
            away = distances.get(vacancy.place_id)
            vacancy.distance_km = None if away is None else round(away)
        marks.mark_page(found, self.asked.understood)
        return found

    def _cards(self, start: int, stop: int) -> list[Vacancy]:
        """Those that lack a word stand behind all others."""
        asked, are_few = self.asked, self.count <= CAP
        ads = asked.found(are_few=are_few)
        if asked.sorting == "treffer":
            everyone = asked.found(was=None, are_few=are_few).exact
            rows = tiers.page(everyone, asked.understood, start, stop, is_widened=self.is_widened)
            by_id = Vacancy.objects.as_cards(with_text=True).in_bulk([pk for pk, _ in rows])
            return [
                ad for pk, tier in rows if pk in by_id for ad in _of_tier(tier, [by_id[pk]])
            ]  # but those gone since
        with_text = bool(asked.understood.terms)
        if not self.is_widened or ads.widened is None:
            found = ads.exact.found_first() if are_few else ads.exact
            return _of_tier(0, asked.sorted(found).as_cards(with_text=with_text)[start:stop])
        exact = _of_tier(0, asked.sorted(ads.exact).as_cards(with_text=with_text)[:PAGE_SIZE])
        others = asked.sorted(ads.widened.exclude(pk__in=[ad.pk for ad in exact])).as_cards(with_text=with_text)
        return exact[start:stop] + _of_tier(
            tiers.ONE_LEFT_OUT, others[max(0, start - len(exact)) : max(0, stop - len(exact))]
        )

    def context(self, page):
        """For the template, and the number of the page."""
        asked, tally = self.asked, self.tallies["list"]
        is_capped = self.count > CAP
        further = next_best.candidates(asked) if self.count < SHORT else {}
        facets, tallies = Facets(), {}
        if not is_capped:
            others = {key: each.ads for key, each in further.items()}
            facets, tallies = Facets.counted(asked, others, is_widened=tally.is_widened)
        more = self.count_of("around") if "around" in self.tallies else None
        vacancies = self.page(page)
        anywhere = self.tallies.get("anywhere", tally)
        return {
            "filter": FilterWords(asked, facets, page, self.count, self.lacks_word, more),
            "count": self.count,
            "count_text": count_text(self.count),
            "is_capped": is_capped,
            "exact_count": tally.exact if self.lacks_word else None,
            "vacancies": vacancies,
            "divider_at": next((at for at, ad in enumerate(vacancies) if ad.starts_widened), None),
            "page": page,
            "pages": [
                (each, asked.query(seite=each if each > 1 else None)) for each in near_pages(page, self.last_page)
            ],
            "last_page": self.last_page,
            "previous": asked.query(seite=page - 1 if page > 2 else None) if page > 1 else "",
            "next": asked.query(seite=page + 1) if page < self.last_page else "",
            "hidden_count": self.count_of("hidden"),
            "hidden_text": count_text(self.count_of("hidden")),
            "hidden_query": asked.query(arbeitgeberart=INDIRECT),
            "remote_count": max(0, anywhere.exact - tally.exact),  # with all words, elsewhere
            "remote_text": count_text(max(0, anywhere.exact - tally.exact)),
            "remote_total_text": count_text(anywhere.count),  # of the list with them
            "remote_query": asked.query(ortsunabhaengig=True),
            "suggestions": next_best.best(further, tallies, self.count),
            "own_query": asked.query(seite=page if page > 1 else None),
        }


def _of_tier(tier: int, vacancies) -> list[Vacancy]:
    for vacancy in vacancies:
        vacancy.tier = tier
    return list(vacancies)


def pages_for(count: int, size: int = PAGE_SIZE) -> int:
    return max(1, min(MAX_PAGE, -(-min(count, CAP) // size)))


def near_pages(page: int, last: int) -> list[int]:
    return sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
