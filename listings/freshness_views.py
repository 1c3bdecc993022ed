"""The page behind a mail's "Noch offen?": an answer without a login, for whoever holds the signed address."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jobboard.ratelimit import limited
from listings import tokens
from listings.forms import FilledForm
from listings.models import Status, Vacancy, VacancyEvent, WrongStatus

FIRM = VacancyEvent.Role.EMPLOYER


# The signed address is what a form's token would be, and needs no cookie.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(60, minutes=60)
def still_open(request, token):
    """GET shows where the ad stands; POST answers with `antwort`: ja or besetzt."""
    pk = tokens.read_still_open(token)
    if pk is None:
        raise Http404
    vacancy = get_object_or_404(Vacancy.objects.select_related("employer", "place"), pk=pk)
    answer = request.POST.get("antwort")
    form = FilledForm(request.POST if answer == "besetzt" else None)
    if request.method == "POST" and (answer == "ja" or form.is_valid()):
        try:
            if answer == "besetzt":
                vacancy.close(None, "filled", form.cleaned_data["filled_here"], role=FIRM)
            elif vacancy.status == Status.PAUSED:
                vacancy.resume(None, role=FIRM)
            else:
                vacancy.confirm(None, role=FIRM)
        except WrongStatus:
            pass  # the page says how it stands now
        return redirect("listings:still_open", token)
    context = {
        "vacancy": vacancy,
        "form": form,
        "is_running": vacancy.can("close") and not vacancy.has_ended,
        "is_confirmed": vacancy.status == Status.PUBLISHED and vacancy.confirmed_on == localdate(),
    }
    return render(request, "listings/still_open.html", context)
