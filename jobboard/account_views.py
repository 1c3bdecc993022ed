"""The page of one's own account; its pages for password, addresses and second factors are allauth's."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jobboard.account_forms import NameForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
        messages.success(request, "Ihr Name ist gespeichert.")
        return redirect("account")
    factors = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "form": form,
        "has_app": Authenticator.Type.TOTP in factors,
        "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
        "email_waits": request.user.emailaddress_set.filter(verified=False).exists(),
    }
    return render(request, "account/overview.html", context)
