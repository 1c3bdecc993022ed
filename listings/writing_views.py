"""Writing an ad: one form on one page that stores itself, and tells instead of overwriting."""

import re
from secrets import token_hex

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jobboard import kept
from jobboard.forms import posted_number
from jobboard.htmx import render_page
from listings.advice import advice, gaps
from listings.employer_views import own_vacancy, vacancy_page
from listings.models import Employer, Revision, Status, Vacancy, VacancyEvent, WrongStatus
from listings.vacancy_form import VacancyForm
from listings.views import vacancy_context

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
    if typed is None and vacancy.status != Status.DRAFT and not vacancy.can("edit"):
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
    if vacancy.can("edit"):
        return _change(request, vacancy, typed)
    form = VacancyForm(typed, instance=vacancy)
    version, is_draft = vacancy.version, vacancy.status == Status.DRAFT
    if typed is None:
        if vacancy.unsaved:
            form.show_typing(vacancy.unsaved)
        return _page(request, form, vacancy)
    form.settle()
    is_newest = posted_number(typed, "version") == version
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


def _change(request, vacancy, typed):
    """The form of a running ad: what is typed waits until it is sent; then the ad's own verb says what becomes of it."""
    if request.method == "POST" and "verwerfen" in typed:
        Vacancy.objects.filter(pk=vacancy.pk).update(unsaved={}, unsaved_number=F("unsaved_number") + 1)
        messages.success(request, "Verworfen. Das Formular zeigt wieder, was gespeichert ist.")
        return redirect("listings:employer_vacancy_edit", vacancy.pk)
    form = VacancyForm(typed, instance=vacancy.with_changes(vacancy.waiting_changes or {}))
    if typed is None:
        if vacancy.unsaved:
            form.show_typing(vacancy.unsaved)
            form.settle()
        elif again := "zurueckgegeben" in request.GET and not vacancy.waiting_changes and _returned(vacancy):
            form.show_typing(form.typing_for(again.changes))
            form.settle()
            return _page(request, form, vacancy, again=again)
        return _page(request, form, vacancy)
    form.settle()
    conflict = ""
    if request.method == "POST":
        waiting = form.typing_of_changes()
        has_news = waiting != vacancy.unsaved
        is_newest = (posted_number(typed, "version"), typed.get("number")) == (
            vacancy.version,
            str(vacancy.unsaved_number),
        )
        if has_news or "senden" in typed:
            conflict = "" if is_newest and _remember(vacancy, waiting) else "changed"
        if not conflict and not request.htmx and form.is_valid():
            kept.forget(request)
            if "senden" in typed:
                if answer := _send(request, vacancy, form):
                    return answer
            elif "vorschau" in typed:
                return redirect("listings:employer_vacancy_preview", vacancy.pk)
            else:
                return redirect(f"{reverse('listings:employer_vacancy_edit', args=[vacancy.pk])}#pruefung")
    if conflict:
        stored = Vacancy.objects.only("version", "unsaved_number").get(pk=vacancy.pk)
        vacancy.version, vacancy.unsaved_number = stored.version, stored.unsaved_number
    return _page(request, form, vacancy, conflict=conflict)


def _returned(vacancy) -> Revision | None:
    """The change that an editor has not taken over, while it is the newest."""
    newest = vacancy.revisions.order_by("-decided_at", "-pk").first()
    return newest if newest and newest.state == Revision.State.RETURNED else None


def _remember(vacancy, waiting) -> bool:
    """Keeps what was typed for a running ad; False where the ad or another typing has overtaken it."""
    untouched = Vacancy.objects.filter(pk=vacancy.pk, version=vacancy.version, unsaved_number=vacancy.unsaved_number)
    if not untouched.update(unsaved=waiting, unsaved_number=F("unsaved_number") + 1):
        return False
    vacancy.unsaved, vacancy.unsaved_number = waiting, vacancy.unsaved_number + 1
    return True


def _send(request, vacancy, form):
    """The answer after the change is on its way; None with errors in the form where it cannot be."""
    changes = form.changes()
    if not changes:
        messages.info(request, "Geändert hat sich nichts; gesendet ist deshalb nichts.")
        return redirect("listings:employer_vacancy", vacancy.pk)
    try:
        with transaction.atomic():
            became = vacancy.edit(request.user, changes, vacancy.version)
            Vacancy.objects.filter(pk=vacancy.pk).update(unsaved={})
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            name = "place_name" if name == "place" else name
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        return None
    except WrongStatus:
        messages.warning(
            request, "Die Anzeige hat sich eben geändert; gesendet ist nichts. Bitte sehen Sie noch einmal nach."
        )
        return redirect("listings:employer_vacancy_edit", vacancy.pk)
    if became == "live":
        messages.success(request, "Geändert. Leserinnen und Leser sehen es ab sofort.")
    else:
        messages.success(
            request, "Gesendet. Die Redaktion liest die Änderung; bis dahin sehen alle die bisherige Fassung."
        )
    return redirect("listings:employer_vacancy", vacancy.pk)


@login_required
@never_cache
@require_safe
def vacancy_preview(request, pk):
    """The live page of the ad as it would be: with what waits for review, or for being sent."""
    vacancy = own_vacancy(request.user, pk)
    shown = vacancy
    if vacancy.can("edit"):
        shown = vacancy.with_changes(vacancy.waiting_changes or {})
        if vacancy.unsaved:
            form = VacancyForm(instance=shown)
            form.show_typing(vacancy.unsaved)
            form.settle()
            shown = shown.with_changes({"facts": sorted(form.wanted_facts)})
        shown.derive()
    context = {
        **vacancy_context(shown, is_preview=True),
        "gaps": gaps(vacancy) if vacancy.status == Status.DRAFT else [],
        "hints": [hit for hit in vacancy.hits() if not hit.is_blocking] if vacancy.status == Status.DRAFT else [],
        "has_unsent": vacancy.can("edit") and bool(vacancy.unsaved),
        "usual_review": VacancyEvent.objects.usual_review_time(),
    }
    return render(request, "listings/vacancy_preview.html", context)


def _after_saving(request, vacancy):
    if "vorschau" in request.POST:
        return redirect("listings:employer_vacancy_preview", vacancy.pk)
    messages.success(request, "Gespeichert. Zu lesen ist die Anzeige bisher nur für Sie und Ihre Firma.")
    return redirect(f"{reverse('listings:employer_vacancy_edit', args=[vacancy.pk])}#pruefung")


def _page(request, form, vacancy, *, key="", conflict="", employers=(), again=None):
    is_kept = request.method != "POST" and _typed(request) is not None
    is_saved = vacancy is not None and not conflict and not is_kept
    context = {
        "form": form,
        "vacancy": vacancy,
        "ad": form.instance,  # as it is typed; there may be no stored one yet
        "title": form.instance.title if is_saved and not form.is_running else form.stored["title"],
        "version": vacancy.version if vacancy else "",
        "is_running": form.is_running,
        "now": timezone.now(),
        "key": key,
        "employers": employers,
        "conflict": conflict,
        "again": again,
        "today": f"{localdate():%Y%m%d}",
        "is_saved": is_saved,
        "is_kept": is_kept,
        **advice(form.instance, form, live=vacancy if form.is_running else None),
    }
    if vacancy and getattr(vacancy, "is_sent_back", False):
        context["sent_back"] = vacancy.events.filter(step=VacancyEvent.Step.SEND_BACK).last()
    return render_page(request, PAGE, context, partial="saved")
