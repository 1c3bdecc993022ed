"""Pages for everybody: lists, a vacancy, a firm; those of cities have a module of their own."""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from jobboard.htmx import render_page
from listings import pay_check, structured_data
from listings.filters import PAGE_SIZE, VacancyFilter, count_text
from listings.found import Found, near_pages, pages_for
from listings.models import Employer, Logo, Status, Vacancy
from listings.neighbours import neighbours
from listings.pay import pay_context
from listings.suggestions import suggest_places, suggest_terms
from profiles.facts import spoken_of
from profiles.models import City, Fact


@require_safe
def vacancy_list(request):
    found = Found(VacancyFilter(request.GET))
    page, hint = read_page(request, found.last_page)
    context = found.context(page)
    context["hints"] = [*context["filter"].hints, *hint]
    response = render_page(request, "listings/vacancy_list.html", context, partial="swap")
    if request.htmx:
        address = f"{request.path}{context['own_query'].removesuffix('?')}"
        # The same list once more is no step for the back button. Compared as text: what is sent may be no address.
        is_there = request.htmx.current_url == request.build_absolute_uri(address)
        response["HX-Push-Url"] = "false" if is_there else address
    return response


def read_page(request, last: int) -> tuple[int, list[str]]:
    """The page asked for by `seite`, within 1 and `last`, and a hint where it was another."""
    asked = request.GET.get("seite") or "1"
    digits = asked.lstrip("0") if asked.isascii() and asked.isdigit() else ""
    page = min(int(digits[:6]), last + 1) if digits else 0
    if 1 <= page <= last:
        return page, []
    found, word = (last, "letzte") if page else (1, "erste")
    return found, [f"Seite „{asked[:20]}“ gibt es nicht; Sie sehen die {word}."]


@require_safe
def vacancy(request, pk, slug=""):
    vacancy = get_object_or_404(
        Vacancy.objects.select_related("employer__place", "place", "city__place", "city__stamp"), pk=pk
    )
    if vacancy.status in (Status.DRAFT, Status.IN_REVIEW) or not vacancy.has_begun:
        raise Http404
    if vacancy.status == Status.PAUSED and not vacancy.has_ended:
        return render(request, "listings/vacancy_paused.html", {"vacancy": vacancy}, status=404)
    if not vacancy.is_open:
        similar = neighbours(vacancy, vacancy.mentions.defer("wordings", "exceptions"))
        return render(request, "listings/vacancy_gone.html", {"vacancy": vacancy, "similar": similar}, status=410)
    if slug != vacancy.slug:
        response = HttpResponsePermanentRedirect(vacancy.get_absolute_url())
        response["Cache-Control"] = "no-cache"  # the title may change back
        return response
    context = vacancy_context(vacancy)
    similar = neighbours(vacancy, [*context["facts"], *context["mentions"]])
    return render(request, "listings/vacancy_detail.html", context | {"is_counted": True, "similar": similar})


def vacancy_context(vacancy, is_preview=False):
    """Everything that the page of `vacancy` shows; the preview and the review show the same, of what is not stored yet."""
    if is_preview:
        facts = list(vacancy.facts.all())
        mentions = [fact for fact in spoken_of(vacancy.spoken, Fact.objects.all()) if fact not in facts]
    else:  # what is chosen is among what is spoken of
        chosen = Exists(Vacancy.facts.through.objects.filter(vacancy=vacancy, fact=OuterRef("pk")))
        stored = vacancy.mentions.defer("wordings", "exceptions").annotate(is_chosen=chosen)
        facts = [fact for fact in stored if fact.is_chosen]
        mentions = [fact for fact in stored if not fact.is_chosen]
    return {
        "vacancy": vacancy,
        "facts": facts,
        "mentions": mentions,
        "structured_data": structured_data.vacancy(vacancy),
        "pay_check": pay_check.address_for(vacancy),
        **pay_context(vacancy),
    }


@require_safe
def employer(request, slug):
    employer = get_object_or_404(Employer.objects.select_related("place"), slug=slug)
    vacancies = employer.vacancies.open().newest().as_cards()
    # A firm shows itself once a reader has seen an ad of it; before, its page would be free webspace.
    if not employer.vacancies.filter(first_published_at__isnull=False, first_day__lte=localdate()).exists():
        raise Http404
    count = vacancies.capped_count()
    last_page = pages_for(count)
    page, _ = read_page(request, last_page)
    start = (page - 1) * PAGE_SIZE
    context = {
        "employer": employer,
        "vacancies": vacancies[start : start + PAGE_SIZE],
        "count": count,
        "count_text": count_text(count),
        "page": page,
        "pages": [(each, f"?seite={each}") for each in near_pages(page, last_page)],
        "last_page": last_page,
    }
    return render(request, "listings/employer_detail.html", context)


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def places(request):
    """Suggestions for a town that somebody is typing; an object, so that it can grow."""
    return JsonResponse({"orte": suggest_places(request.GET.get("q", ""))}, json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(public=True, max_age=3600)
def terms(request):
    """Suggestions for what somebody is looking for; an object, so that it can grow."""
    return JsonResponse(
        {"begriffe": suggest_terms(request.GET.get("q", ""))}, json_dumps_params={"ensure_ascii": False}
    )


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def logo(request, digest):
    found = get_object_or_404(Logo, pk=digest)
    return HttpResponse(bytes(found.data), content_type="image/webp")


@require_safe
def for_employers(request):
    return render(request, "listings/for_employers.html", {"cities": City.objects.live().select_related("place")})
