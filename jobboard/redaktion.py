"""The admin site under our own name: one door for everybody, and a start page made of blocks that the apps bring."""

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db import DataError
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

from jobboard import kept

# Nothing of these is for editors: bodies of mails hold links that open accounts, second factors their secrets.
KEPT_OUT = {"post_office", "mfa"}


# The apps as editors need them; others follow.
ORDER = ["listings", "profiles", "jobboard"]

_blocks: list[tuple[int, Callable]] = []


def today(order: int):
    """Decorates block(request): a block of the start page, the smaller the more urgent.

    It answers a context with "template"; {"calm": "a sentence"} where nothing is to be done; None for whom it is no concern.
    """

    def remember(block: Callable) -> Callable:
        _blocks.append((order, block))
        return block

    return remember


# Not in admin.py: the site is made while that module is imported, and what registers itself there would be lost.
class Redaktion(admin.AdminSite):
    site_header = site_title = "Koordinaten · Redaktion"
    index_title = "Heute"
    site_url = "/"
    enable_nav_sidebar = False  # the start page is the menu; lists and texts need the width

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        kept = [model for model in models if model._meta.app_label not in KEPT_OUT]
        super().register(kept, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)
        if getattr(view, "keeps_typing", False):
            inner = kept.keeps_typing(inner)

        @wraps(inner)
        def refusing_nonsense(request, *args, **kwargs):
            # Django's list filters hand a NUL on to PostgreSQL, which fails on it; the searches do not.
            if any("\0" in value for name in request.GET.keys() - {"q", "term"} for value in request.GET.getlist(name)):
                raise BadRequest
            try:
                return inner(request, *args, **kwargs)
            except (OverflowError, ValueError, DataError) as error:
                if request.method != "GET" or not request.GET:
                    raise
                raise BadRequest from error  # a number in the address that no column holds

        return refusing_nonsense

    def index(self, request, extra_context=None):
        found = (block(request) for _, block in sorted(_blocks, key=lambda pair: pair[0]))
        blocks = [block for block in found if block]
        context = {
            "today": [block for block in blocks if "template" in block],
            "calm": [block["calm"] for block in blocks if "calm" in block],
        }
        return super().index(request, {**context, **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))

    # Second factors and rate limits of the accounts hold here, too.
    def login(self, request, extra_context=None):
        if request.user.is_authenticated and not self.has_permission(request):
            return render(request, "admin/refused.html", self.each_context(request), status=403)
        return self._login(request, extra_context)

    @method_decorator(secure_admin_login)
    def _login(self, request, extra_context=None):
        return super().login(request, extra_context)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")
