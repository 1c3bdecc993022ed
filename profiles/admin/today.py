"""The start page about city pages: what is read without evidence, what is being written, which figures want a check."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.timezone import localdate

from jobboard.redaktion import today
from profiles.evidence import Problem
from profiles.models import Edition, SalaryFigure

PROBLEMS_SHOWN, CITIES_SHOWN = 2, 10  # of the rest, the number


@dataclass
class Page:
    """An edition that somebody reads or writes, with what the start page says about it."""

    edition: Edition
    is_live: bool
    problems: list[Problem]
    unchecked: list[SalaryFigure]

    @property
    def first_problems(self) -> list[Problem]:
        return self.problems[:PROBLEMS_SHOWN]

    @property
    def more_problems(self) -> int:
        return len(self.problems[PROBLEMS_SHOWN:])

    @property
    def checked_on(self) -> date | None:
        """The oldest check of the figures that want a new one; None where one was never checked."""
        days = [figure.checked_on for figure in self.unchecked]
        return None if None in days else min(filter(None, days), default=None)


def _pages(request) -> list[Page]:
    """All live, scheduled and working editions, read once for all blocks of the page; none for whom they are no concern."""
    if not request.user.has_perm("profiles.change_edition"):
        return []
    if not hasattr(request, "city_pages"):
        now, day = timezone.now(), localdate()
        newest = Edition.objects.newest_live().filter(city=OuterRef("city")).values("pk")[:1]
        editions = Edition.objects.filter(
            Q(published_at__isnull=True) | Q(published_at__gt=now) | Q(pk=Subquery(newest))
        ).select_related("city__place", "created_by", "changed_by", "published_by")
        pages = []
        for edition in editions.prefetch_related("sections", "figures", "facts__fact").order_by("city__place__folded"):
            is_live = edition.published_at is not None and edition.published_at <= now
            unchecked = [figure for figure in edition.figures.all() if is_live and figure.wants_check(day)]
            pages.append(Page(edition, is_live, edition.problems(), unchecked))
        request.city_pages = pages
    return request.city_pages


@today(order=20)
def unproven_pages(request):
    """What people read although its sentence is gone: through an import, a fact that changed, the database itself."""
    pages = [page for page in _pages(request) if page.problems and not page.edition.is_working_copy]
    return {"template": "admin/today/unproven.html", "pages": pages} if pages else None


@today(order=30)
def working_editions(request):
    """City pages that somebody has begun to revise, and those that wait for their date."""
    if not request.user.has_perm("profiles.change_edition"):
        return None
    pages = _pages(request)
    working = sorted((page for page in pages if page.edition.is_working_copy), key=lambda page: page.edition.changed_at)
    scheduled = sorted(
        (page for page in pages if page.edition.is_scheduled), key=lambda page: page.edition.published_at
    )
    if not working and not scheduled:
        return {"calm": "Keine Stadtseite ist in Arbeit."}
    return {"template": "admin/today/editions.html", "working": working, "scheduled": scheduled}


@today(order=50)
def unchecked_figures(request):
    """Figures that people read and nobody has compared with the world for a year; the oldest first."""
    if not request.user.has_perm("profiles.change_edition"):
        return None
    pages = [page for page in _pages(request) if page.unchecked]
    if not pages:
        return {"calm": "Alle Gehaltszahlen sind in den letzten zwölf Monaten geprüft."}
    pages.sort(key=lambda page: page.checked_on or date.min)
    return {
        "template": "admin/today/figures.html",
        "pages": pages[:CITIES_SHOWN],
        "more": len(pages[CITIES_SHOWN:]),
        "count": sum(len(page.unchecked) for page in pages),
    }
