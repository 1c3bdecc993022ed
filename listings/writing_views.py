"""Writing an ad: one form on one page that stores itself, and tells instead of overwriting."""

import re
from secrets import token_hex

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jobboard import kept
from jobboard.htmx import render_page
from listings.advice import advice
from listings.employer_views import own_vacancy, posted_version, vacancy_page
from listings.models import Employer, Status, Vacancy, VacancyEvent
from listings.vacancy_form import VacancyForm

PAGE = "listings/employer_vacancy_form.html"


@kept.keeps_typing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vacancy_create(request):
    employers = list(Employer.objects.of(request.user).order_by("slug"))
    if not employers:
        messages.info(request, "Bevor Sie Ihre erste Anzeige schreiben, stellen Sie bitte kurz Ihre Firma vor.")
        return redirect("listings:employer_create")
    typed = _typed(request)
    key = (typed or {}).get("form_key", "")
    key = key if re.fullmatch("[0-9a-f]{32}", key) else ""
    if begun := _begun(request.user, key):
        return _write(request, begun, typed)
    form = VacancyForm(typed, employers=employers)
    if typed is not None:
        form.settle()
    is_new = True
    if request.method == "POST" and form.has_been_written and form.instance.employer_id:
        try:
            with transaction.atomic():
                form.create(by=request.user, key=key)
        except IntegrityError:  # a double click was faster, or the key is not ours
            if begun := _begun(request.user, key):
                return _write(request, begun, typed)
            form.create(by=request.user)
        kept.forget(request)
        is_new = False
        if form.is_valid() and not request.htmx:
            return _after_saving(request, form.instance)
    vacancy = None if is_new else form.instance
    response = _page(request, form, vacancy, key=key or token_hex(16), employers=employers)
    if vacancy and request.htmx:
        response["HX-Replace-Url"] = reverse("listings:employer_vacancy_edit", args=[vacancy.pk])
    return response


@kept.keeps_typing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vacancy_edit(request, pk):
    vacancy = own_vacancy(request.user, pk)
    typed = _typed(request)
    if typed is None and vacancy.status != Status.DRAFT:
        return vacancy_page(request, vacancy, locked=True)
    return _write(request, vacancy, typed)


def _typed(request):
    """What was typed: sent now, or before a login came in between; None where there is nothing but what is stored."""
    if request.method == "POST":
        return request.POST
    return kept.typing(request) if "gespeichert" not in request.GET else None


def _begun(user, key) -> Vacancy | None:
    """The ad that the same form has begun already: a double click, the back button, saving by itself."""
    found = Vacancy.objects.owned_by(user).filter(form_key=key).values_list("pk", flat=True).first() if key else None
    return own_vacancy(user, found) if found else None


def _write(request, vacancy, typed):
    """Shows the form of an ad that exists; stores what fits if it was sent and nobody has changed the ad since."""
    form = VacancyForm(typed, instance=vacancy)
    version, is_draft = vacancy.version, vacancy.status == Status.DRAFT
    if typed is None:
        if vacancy.unsaved:
            form.show_typing(vacancy.unsaved)
        return _page(request, form, vacancy)
    form.settle()
    is_newest = posted_version(typed) == version
    has_news = form.changes_something
    if request.method == "POST" and is_draft and has_news and is_newest and not form.revise(version):
        is_newest = False  # somebody was faster within these milliseconds
        stored = Vacancy.objects.only("version", "status").get(pk=vacancy.pk)
        is_draft, vacancy.version = stored.status == Status.DRAFT, stored.version
    conflict = "locked" if not is_draft else "changed" if has_news and not is_newest else ""
    if request.method == "POST" and not conflict:
        kept.forget(request)
        if form.is_valid() and not request.htmx:
            return _after_saving(request, vacancy)
    # Nothing is overwritten: what was typed stays in the form, which from now on knows the stored version.
    return _page(request, form, vacancy, conflict=conflict)


def _after_saving(request, vacancy):
    if "vorschau" in request.POST:
        return redirect("listings:employer_vacancy_preview", vacancy.pk)
    messages.success(request, "Gespeichert. Zu lesen ist die Anzeige bisher nur für Sie und Ihre Firma.")
    return redirect(f"{reverse('listings:employer_vacancy_edit', args=[vacancy.pk])}#pruefung")


def _page(request, form, vacancy, *, key="", conflict="", employers=()):
    is_kept = request.method != "POST" and _typed(request) is not None
    context = {
        "form": form,
        "vacancy": vacancy,
        "ad": form.instance,  # as it is typed; there may be no stored one yet
        "title": form.stored["title"],
        "version": vacancy.version if vacancy else "",
        "key": key,
        "employers": employers,
        "conflict": conflict,
        "today": f"{localdate():%Y%m%d}",
        "is_saved": vacancy is not None and not conflict and not is_kept,
        "is_kept": is_kept,
        **advice(form.instance, form),
    }
    if vacancy and getattr(vacancy, "is_sent_back", False):
        context["sent_back"] = vacancy.events.filter(step=VacancyEvent.Step.SEND_BACK).last()
    return render_page(request, PAGE, context, partial="saved")
