"""Pages for employers: their firms, their ads, and the steps of an ad's life that are theirs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jobboard import ratelimit
from jobboard.forms import posted_number
from jobboard.models import User
from jobboard.templatetags.board import day
from listings import differences, numbers
from listings.advice import gaps
from listings.forms import CloseForm, EmployerForm
from listings.models import AccessRequest, Employer, Revision, Status, Vacancy, VacancyEvent, WrongStatus
from listings.models.revisions import difference

ASKS_PER_DAY = 5  # to be let into a firm
VERBS = {  # the German word in the address: the step
    "einreichen": "submit",
    "zuruecknehmen": "take_back",
    "pausieren": "pause",
    "fortsetzen": "resume",
    "schliessen": "close",
    "bestaetigen": "confirm",
    "verlaengern": "extend",
    "verwerfen": "withdraw",
    "duplizieren": "duplicate",
}
DONE = {
    "submit": "Eingereicht. Die Redaktion liest Ihre Anzeige und meldet sich per E-Mail.",
    "take_back": "Zurückgenommen. Die Anzeige ist wieder ein Entwurf.",
    "pause": "Die Anzeige ruht. Niemand sieht sie, bis Sie sie fortsetzen.",
    "resume": "Die Anzeige ist wieder zu sehen.",
    "close": "Die Anzeige ist geschlossen. Danke, dass Sie Bescheid gegeben haben.",
    "confirm": "Danke. Die Stelle ist als noch offen bestätigt.",
    "withdraw": "Die Änderung ist zurückgezogen. Die Anzeige bleibt, wie sie war.",
}
DIFFERENCES_SHOWN = 10  # of so many edits the page tells what they changed


def own_vacancy(user, pk: str) -> Vacancy:
    """An ad of a firm that `user` belongs to, with its newest step and days counted; 404 for everybody else.

    `waiting_changes` are those of the revision that waits, None where none does.
    """
    waiting = Revision.objects.filter(vacancy=OuterRef("pk"), state=Revision.State.WAITING)
    vacancies = (
        with_last_step(Vacancy.objects.owned_by(user))
        .annotate(waiting_changes=Subquery(waiting.values("changes")[:1]))
        .select_related("employer__place", "place", "city__place", "city__stamp")
    )
    return counted(get_object_or_404(vacancies, pk=pk))


def with_last_step(vacancies):
    newest = VacancyEvent.objects.filter(vacancy=OuterRef("pk")).order_by("-at", "-pk")
    return vacancies.annotate(last_step=Subquery(newest.values("step")[:1]))


def counted(vacancy):
    """With what its state in words needs (listings/_employer_state.html)."""
    vacancy.is_sent_back = vacancy.status == Status.DRAFT and vacancy.last_step == VacancyEvent.Step.SEND_BACK
    if vacancy.status == Status.IN_REVIEW:
        vacancy.days_waiting = max(0, (localdate() - localdate(vacancy.submitted_at)).days)
    return vacancy


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@ratelimit.limited(60)  # it tells which firms are here
def employer_create(request):
    if own := Employer.objects.owned_by(request.user).first():
        messages.info(request, f"Ihre Firma ist schon beschrieben: {own.name}. Hier können Sie alles ändern.")
        return redirect("listings:employer_edit", own.slug)
    form = EmployerForm(request.POST or None, request.FILES or None, owner=request.user)
    context = {"form": form}
    if request.method == "POST":
        is_valid = form.is_valid()
        described = form.cleaned_data
        # Whoever describes a firm that is here already is led to its owners, and may still say that it is another.
        alike = Employer.objects.like(described.get("name", ""), described.get("website", ""), request.user)
        alike = list(alike.select_related("place").order_by("slug")[:5])
        if asked := next((each for each in alike if each.slug == request.POST.get("zugang")), None):
            return _ask_for_access(request, asked)
        if is_valid and alike and "andere" not in request.POST:
            form.keep_out_logo()
            context["alike"] = alike
        elif is_valid and (employer := _create_employer(form, request.user)):
            messages.success(request, f"{employer.name} ist beschrieben. Jetzt fehlt nur noch die erste Anzeige.")
            return redirect("listings:employer_vacancy_create")
    context["asked"] = request.user.access_requests.select_related("employer").order_by("at")
    return render(request, "listings/employer_form.html", context)


def _ask_for_access(request, employer):
    if not ratelimit.within(f"access:{request.user.pk}", ASKS_PER_DAY, 24 * 3600):
        return ratelimit.too_many(request, 24 * 3600)
    AccessRequest.ask(employer, request.user)
    messages.success(
        request,
        f"Ihre Bitte ist unterwegs zu denen, die {employer} hier verwalten. Sobald jemand zustimmt, bekommen Sie eine E-Mail.",
    )
    return redirect("listings:employer_vacancies")


def _create_employer(form, user) -> Employer | None:
    """The firm, unless another tab was faster: then that one."""
    for _ in range(3):
        try:
            with transaction.atomic():
                # Locked, so that two tabs at once make one firm.
                User.objects.select_for_update().get(pk=user.pk)
                return Employer.objects.owned_by(user).first() or form.create(user)
        except IntegrityError:  # somebody else has just taken the slug
            form.instance.pk = None
    form.add_error("name", "Das hat gerade nicht geklappt; bitte versuchen Sie es noch einmal.")
    return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def employer_edit(request, slug):
    employer = get_object_or_404(Employer.objects.owned_by(request.user).select_related("place"), slug=slug)
    name, version = employer.name, employer.version  # the form writes into `employer` even where it finds mistakes
    form = EmployerForm(request.POST or None, request.FILES or None, instance=employer)
    context = {"form": form, "employer": employer, "employer_name": name}
    if request.method == "POST" and form.is_valid():
        if posted_number(request.POST, "version") == version and form.revise(version):
            messages.success(request, "Gespeichert. Ihre Anzeigen zeigen die Firma ab sofort so.")
            return redirect("listings:employer_edit", employer.slug)
        stored = Employer.objects.select_related("place").get(pk=employer.pk)
        version = stored.version
        context |= {"conflict": True, "stored": form.differences(stored)}
        form.keep_out_logo()
    # With mistakes in it, the form goes on knowing the version that it was made from.
    shown = version if context.get("conflict") or request.method != "POST" else posted_number(request.POST, "version")
    return render(request, "listings/employer_form.html", {**context, "version": shown})


@login_required
@never_cache
@require_safe
def vacancy(request, pk):
    return vacancy_page(request, own_vacancy(request.user, pk))


def vacancy_page(request, vacancy, close_form=None, *, locked=False):
    """The state of an ad, what comes next and what has happened. `locked`: somebody wanted to edit it."""
    events = list(vacancy.events.select_related("by"))[::-1]
    edits = [event for event in events if event.data.get("changes")]
    differences.for_events(events, DIFFERENCES_SHOWN)
    returned = [event for event in events if event.step == VacancyEvent.Step.SEND_BACK]
    revision = vacancy.waiting_revision() if vacancy.waiting_changes else None
    changes = difference(vacancy, revision.changes) if revision else {}
    context = {
        "vacancy": vacancy,
        "events": events,
        "sent_back": returned[0] if returned and vacancy.is_sent_back else None,
        # What an editor has said about the newest change, until the next one.
        "returned": edits[0] if edits and edits[0].step == VacancyEvent.Step.RETURN and vacancy.can("edit") else None,
        "revision": revision,
        "rows": differences.rows(changes),
        "gaps": gaps(vacancy) if vacancy.status == Status.DRAFT else [],
        "can": {step: vacancy.can(step) for step in vacancy.LIFECYCLE},
        "confirmed_today": vacancy.confirmed_on == localdate(),
        "extended": vacancy.extended_last_day(),
        "usual_review": _usual_review(vacancy, revision),
        "close_form": close_form or CloseForm(),
        "numbers": numbers.of(vacancy, events),
        "locked": locked,
    }
    return render(request, "listings/employer_vacancy.html", context)


def _usual_review(vacancy, revision):
    """How long reviews take, where that is what people ask themselves."""
    if revision or vacancy.status in (Status.DRAFT, Status.IN_REVIEW):
        return VacancyEvent.objects.usual_review_time()
    return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vacancy_step(request, pk, verb):
    if verb not in VERBS:
        raise Http404
    step = VERBS[verb]
    vacancy = own_vacancy(request.user, pk)
    back = redirect("listings:employer_vacancy", vacancy.pk)
    if request.method != "POST":  # the way back from a login that came in between
        return back
    if step == "duplicate":
        draft = vacancy.duplicate(request.user)
        messages.success(request, "Kopiert. Das ist der neue Entwurf; die alte Anzeige bleibt, wie sie ist.")
        return redirect("listings:employer_vacancy_edit", draft.pk)
    try:
        is_stale = "version" in request.POST and posted_number(request.POST, "version") != vacancy.version
        if is_stale or not vacancy.can(step):
            raise WrongStatus(step)
        if step == "submit" and gaps(vacancy):
            messages.warning(request, "Einreichen können Sie die Anzeige, sobald die Lücken geschlossen sind.")
            return redirect("listings:employer_vacancy_preview", vacancy.pk)
        if step == "close":
            form = CloseForm(request.POST)
            if not form.is_valid():
                return vacancy_page(request, vacancy, form)
            vacancy.close(request.user, form.cleaned_data["closed_as"], form.cleaned_data["filled_here"])
        elif step == "withdraw":
            vacancy.withdraw_revision(request.user)
        else:
            getattr(vacancy, step)(request.user)
    except WrongStatus:
        messages.warning(
            request,
            "Diese Anzeige hat sich inzwischen geändert; wir haben deshalb nichts getan. Hier sehen Sie ihren jetzigen Stand.",
        )
        return back
    except ValidationError as error:  # between our own question and the verb's
        messages.warning(request, " ".join(error.messages))
        return redirect("listings:employer_vacancy_preview", vacancy.pk) if step == "submit" else back
    level, text = _told(step, vacancy)
    messages.add_message(request, level, text)
    return back


def _told(step, vacancy) -> tuple[int, str]:
    """What is said about a step just taken."""
    if step == "extend":
        still = " Sie ruht noch; fortsetzen macht sie sichtbar." if vacancy.status == Status.PAUSED else ""
        return messages.SUCCESS, f"Verlängert. Die Anzeige läuft jetzt bis zum {day(vacancy.last_day)}.{still}"
    if step in ("submit", "resume") and vacancy.is_waiting_for_first_day:
        word = "Veröffentlicht" if step == "submit" else "Fortgesetzt"
        return messages.SUCCESS, f"{word}. Die Anzeige erscheint am {day(vacancy.first_day)}."
    if step == "submit" and vacancy.status == Status.PUBLISHED:
        return (
            messages.SUCCESS,
            "Veröffentlicht. Ihre Firma ist uns bekannt, und die Prüfung der Wörter hat nichts gefunden.",
        )
    if step == "resume" and vacancy.has_ended:
        text = "Die Anzeige ist fortgesetzt, aber ihr letzter Tag ist schon vorbei. Leserinnen und Leser sehen sie erst, wenn Sie sie verlängern."
        return messages.WARNING, text
    return messages.SUCCESS, DONE[step]
