"""Pages about who writes for a firm: the team, invitations, and letting colleagues in."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jobboard import ratelimit
from jobboard.forms import posted_number
from listings.models import Invitation, LastOwner, Membership, NotYours

INVITATIONS_PER_DAY = 40
FASTER = (
    "Im Team hat sich inzwischen etwas geändert; wir haben deshalb nichts getan. Hier sehen Sie den jetzigen Stand."
)
LAST_OWNER = (
    "Jemand muss die Firma verwalten. Geben Sie diese Aufgabe erst weiter: "
    "Laden Sie jemanden dafür ein, oder geben Sie einer Person im Team die Rolle."
)


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="E-Mail-Adresse",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Bitte nennen Sie die Adresse, an die wir die Einladung schicken."},
    )
    role = forms.ChoiceField(
        label="Was soll die Person dürfen?",
        choices=[
            (Membership.Role.RECRUITER, "Anzeigen schreiben"),
            (Membership.Role.OWNER, "Anzeigen schreiben und die Firma mit verwalten"),
        ],
        initial=Membership.Role.RECRUITER,
        widget=forms.RadioSelect,
    )

    def clean_email(self):
        return get_adapter().clean_email(self.cleaned_data["email"]).lower()


def own_membership(user, slug) -> Membership:
    """The person's place in that firm; 404 for everybody else."""
    return get_object_or_404(user.memberships.select_related("employer"), employer__slug=slug)


@login_required
@never_cache
@require_safe
def team(request, slug):
    return _team_page(request, own_membership(request.user, slug), InviteForm())


def _team_page(request, own, form, status=200):
    employer = own.employer
    members = list(employer.memberships.select_related("user").order_by("role", "since", "pk"))
    owner_count = sum(each.is_owner and each.user.is_active for each in members)
    context = {
        "employer": employer,
        "own": own,
        "members": members,
        "heirs": [each for each in members if each != own and each.user.is_active],
        "is_last_owner": own.is_owner and owner_count == 1,
        "form": form,
    }
    if own.is_owner:
        context["invitations"] = list(employer.invitations.select_related("by").order_by("-at", "pk"))
        context["requests"] = list(employer.access_requests.select_related("user").order_by("at", "pk"))
    return render(request, "listings/employer_team.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team_step(request, slug, verb):
    if verb not in STEPS:
        raise Http404
    own = own_membership(request.user, slug)
    back = redirect("listings:employer_team", slug)
    if request.method != "POST":  # the way back from a login that came in between
        return back
    if not own.is_owner and verb != "verlassen":
        raise Http404
    try:
        done = STEPS[verb](request, own)
    except LastOwner:
        messages.warning(request, LAST_OWNER)
        return back
    except NotYours:
        messages.warning(request, FASTER)
        # Whoever was just sent away sees no team any more.
        return back if request.user.memberships.filter(pk=own.pk).exists() else redirect("listings:employer_vacancies")
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return back
    if not isinstance(done, str):
        return done
    messages.success(request, done)
    return redirect("listings:employer_vacancies") if verb == "verlassen" else back


def _find(queryset, request):
    """One of the firm's rows, named by the page. Raises NotYours where it is gone."""
    found = queryset.filter(pk=posted_number(request.POST, "id")).first()
    if found is None:
        raise NotYours
    return found


def _member(request, own) -> Membership:
    return _find(own.employer.memberships.select_related("user", "employer"), request)


def _invite(request, own):
    form = InviteForm(request.POST)
    if not ratelimit.within(f"invite:{request.user.pk}", INVITATIONS_PER_DAY, 24 * 3600):
        return ratelimit.too_many(request, 24 * 3600)
    if form.is_valid():
        try:
            invitation = Invitation.send(own.employer, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return f"Die Einladung an {invitation.email} ist unterwegs. Sie gilt 14 Tage."
    return _team_page(request, own, form)


def _invite_again(request, own):
    invitation = _find(own.employer.invitations, request)
    invitation.send_again(request.user)
    return f"Noch einmal geschickt, an {invitation.email}. Der Link aus der ersten Mail gilt nicht mehr."


def _withdraw(request, own):
    invitation = _find(own.employer.invitations, request)
    invitation.withdraw(request.user)
    return f"Zurückgezogen. Der Link in der Mail an {invitation.email} führt nirgends mehr hin."


def _change_role(request, own):
    member = _member(request, own)
    member.change_role(request.user, request.POST.get("role", ""))
    if member.is_owner:
        return f"{member.user} verwaltet die Firma jetzt mit."
    return f"{member.user} schreibt Anzeigen, verwaltet die Firma aber nicht mehr."


def _hand_over(request, own):
    member = _member(request, own)
    own.hand_over(member)
    return f"Übergeben. {member.user} verwaltet die Firma, Sie schreiben weiterhin Anzeigen."


def _remove(request, own):
    member = _member(request, own)
    if member == own:  # that is leaving, and asks other questions
        raise NotYours
    member.end(request.user)
    return f"{member.user} hat keinen Zugang mehr und weiß Bescheid."


def _leave(request, own):
    own.end(request.user)
    return f"Sie gehören nicht mehr zu {own.employer}."


def _admit(request, own):
    asking = _find(own.employer.access_requests.select_related("user"), request)
    asking.admit(request.user, request.POST.get("role", ""))
    return f"{asking.user} gehört jetzt dazu und weiß Bescheid."


def _refuse(request, own):
    asking = _find(own.employer.access_requests.select_related("user"), request)
    asking.refuse(request.user)
    return f"Abgelehnt. {asking.user} bekommt eine kurze Mail; Ihr Name steht nicht darin."


STEPS = {  # the German word in the address
    "einladen": _invite,
    "erneut": _invite_again,
    "zurueckziehen": _withdraw,
    "rolle": _change_role,
    "uebergeben": _hand_over,
    "entfernen": _remove,
    "verlassen": _leave,
    "hereinlassen": _admit,
    "ablehnen": _refuse,
}


# Invitations


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Shown to whoever holds the link, accepted by whoever is logged in."""
    found = Invitation.objects.by_token(token).select_related("employer", "by").first()
    if found is None:
        return render(request, "listings/invitation_gone.html", status=404)
    path = reverse("listings:employer_invitation", args=[token])
    context = {"invitation": found, "next": urlencode({"next": path})}
    if not request.user.is_authenticated:
        context["has_account"] = EmailAddress.objects.filter(email__iexact=found.email, verified=True).exists()
        if request.method == "POST":
            # The link came by mail to this address: whoever holds it need not confirm it once more.
            get_adapter().stash_verified_email(request, found.email)
            return redirect(f"{reverse('account_signup')}?{context['next']}")
        return render(request, "listings/invitation.html", context)
    if found.employer.memberships.filter(user=request.user).exists():
        messages.info(request, f"Sie gehören schon zu {found.employer}.")
        return redirect("listings:employer_vacancies")
    if request.method != "POST":
        return render(request, "listings/invitation.html", context)
    try:
        found.accept(request.user)
    except (NotYours, ValidationError):  # used in another tab a moment ago
        messages.warning(request, "Diese Einladung ist gerade eben benutzt oder zurückgezogen worden.")
    else:
        messages.success(request, f"Willkommen! Sie gehören jetzt zu {found.employer}.")
    return redirect("listings:employer_vacancies")
