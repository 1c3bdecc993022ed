"""What people can do about their own data: see it, take it along, delete it."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from listings.departure import delete_account, farewells
from listings.models import LastOwner, Membership, NotYours, WrongStatus
from listings.own_data import own_data

NOBODY = "niemand"


class FarewellForm(forms.Form):
    """Who takes over each firm that would be left alone, and a deliberate yes."""

    sure = forms.BooleanField(
        label="Ja, mein Konto soll gelöscht werden",
        error_messages={"required": "Bitte bestätigen Sie, dass Sie das möchten."},
    )

    def __init__(self, *args, farewells, **kwargs):
        super().__init__(*args, **kwargs)
        self.farewells = farewells
        for each in farewells:
            if each.heirs:
                choices = [(str(heir.pk), f"{heir.user} übernimmt") for heir in each.heirs]
                self.fields[self.name_of(each)] = forms.ChoiceField(
                    label=f"Wer verwaltet {each.employer} nach Ihnen?",
                    choices=[*choices, (NOBODY, "Niemand; die Firma wird aufgegeben")],
                    widget=forms.RadioSelect,
                    error_messages={"required": "Bitte sagen Sie, wer die Firma danach verwaltet."},
                )

    @staticmethod
    def name_of(farewell) -> str:
        return f"nach_{farewell.employer.pk}"

    def rows(self):
        """Each firm with its question, where there is one."""
        return [(each, self[self.name_of(each)] if each.heirs else None) for each in self.farewells]

    def heirs(self) -> dict[int, int | None]:
        """For each firm that would be left alone who takes over, None for nobody."""
        alone = [each for each in self.farewells if each.needs_an_owner]
        answers = {each.employer.pk: self.cleaned_data.get(self.name_of(each), NOBODY) for each in alone}
        return {employer: None if answer == NOBODY else int(answer) for employer, answer in answers.items()}


@login_required
@never_cache
@require_safe
def data(request):
    return render(request, "listings/own_data.html", {"data": own_data(request.user)})


@login_required
@never_cache
@require_safe
def data_json(request):
    response = JsonResponse(own_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="koordinaten-eigene-daten-{localdate():%Y-%m-%d}.json"'
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def delete(request):
    if request.user.is_staff:  # what editors have decided stays with their name, so others take them out of service
        return render(request, "listings/account_delete.html", {"is_editor": True})
    told = farewells(request.user)
    form = FarewellForm(request.POST if request.method == "POST" else None, farewells=told)
    context = {"form": form, "needs_heirs": any(each.heirs for each in told)}
    # Told before it is done: what the page said must still be so.
    if request.method == "POST" and request.POST.get("seen") != fingerprint(told):
        context["changed"] = True
    elif request.method == "POST" and form.is_valid():
        user = request.user._wrapped if hasattr(request.user, "_wrapped") else request.user
        try:
            delete_account(user=user, heirs=form.heirs())
        except (LastOwner, NotYours, WrongStatus, Membership.DoesNotExist):
            context["changed"] = True
        else:
            logout(request)
            return render(request, "listings/account_deleted.html")
    if context.get("changed"):
        context["form"] = FarewellForm(farewells=farewells(request.user))
    context["seen"] = fingerprint(context["form"].farewells)
    return render(request, "listings/account_delete.html", context)


def fingerprint(told) -> str:
    """What the page promised, in few characters: another promise is another text."""
    return "-".join(
        f"{each.employer.pk}.{int(each.needs_an_owner)}.{each.running}.{each.unpublished}.{len(each.heirs)}"
        for each in told
    )
