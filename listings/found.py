"""What a query finds: how many, which page of them, what it hides, and what to try where it finds next to nothing."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from listings.filter_words import FilterWords
from listings.filters import MAX_PAGE, PAGE_SIZE, VacancyFilter, count_text
from listings.models import CAP, EmployerKind, Vacancy

SHORT = 3  # ads; a list of fewer comes with suggestions


@dataclass(frozen=True)
class Suggestion:
    """Another list in words, with how many ads it has."""

    text: str
    query: str
    count: int

    @property
    def count_text(self) -> str:
        return count_text(self.count)


class Found:
    """One list of vacancies."""

    def __init__(self, asked: VacancyFilter):
        self.asked = asked

    @cached_property
    def count(self) -> int:
        return self.asked.qs.capped_count()

    @cached_property
    def hidden_count(self) -> int:
        """Ads that match but for the kind of employer, while nobody has chosen one."""
        return (
            0
            if "arbeitgeberart" in self.asked.good
            else self.asked.found(arbeitgeberart=None).indirect().capped_count()
        )

    @property
    def last_page(self) -> int:
        return pages_for(self.count)

    def page(self, number: int) -> list[Vacancy]:
        """Each with `tier`, `starts_widened`, `title_marked`, `excerpt` and `distance_km`."""
        start = (number - 1) * PAGE_SIZE
        found = list(self.asked.qs.as_cards()[start : start + PAGE_SIZE])
        for vacancy in found:
            vacancy.tier, vacancy.starts_widened = 0, False
            vacancy.title_marked, vacancy.excerpt = vacancy.title, ""
            vacancy.distance_km = None
        return found

    @property
    def suggestions(self) -> list[Suggestion]:
        return []

    def context(self, page):
        asked = self.asked
        words = FilterWords(asked, page=page, count=self.count)
        pages = [(each, asked.query(seite=each if each > 1 else None)) for each in near_pages(page, self.last_page)]
        vacancies = self.page(page)
        return {
            "filter": words,
            "count": self.count,
            "count_text": count_text(self.count),
            "is_capped": self.count > CAP,
            "exact_count": None,
            "vacancies": vacancies,
            "divider_at": next((index for index, ad in enumerate(vacancies) if ad.starts_widened), None),
            "page": page,
            "pages": pages,
            "last_page": self.last_page,
            "previous": asked.query(seite=page - 1 if page > 2 else None) if page > 1 else "",
            "next": asked.query(seite=page + 1) if page < self.last_page else "",
            "hidden_count": self.hidden_count,
            "hidden_text": count_text(self.hidden_count),
            "hidden_query": asked.query(arbeitgeberart=list(EmployerKind.values)),
            "remote_count": 0,
            "remote_text": count_text(0),
            "remote_query": asked.query(ortsunabhaengig=True),
            "suggestions": self.suggestions,
            "own_query": asked.query(seite=page if page > 1 else None),
        }


def pages_for(count: int, size: int = PAGE_SIZE) -> int:
    return max(1, min(MAX_PAGE, -(-min(count, CAP) // size)))


def near_pages(page: int, last: int) -> list[int]:
    return sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
