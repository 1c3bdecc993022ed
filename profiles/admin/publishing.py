"""What becomes of an edition once it is written: compared, published, withdrawn, restored; and figures that still hold."""

from datetime import UTC, datetime
from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_POST

from jobboard.forms import posted_number
from profiles.models import MAX_AHEAD, CityFact, Edition, LostEvidence, Refused, SalaryFigure, Section

LISTED = 100  # editions that a page lists at most
PARTS = ("sections", "figures", "facts")
PART_MODELS = (Section, SalaryFigure, CityFact)


def _of_row(view, may):
    """A view of one row that the address names, for those who `may`."""

    @wraps(view)
    def found(self, request, pk):
        if not may(self, request):
            raise PermissionDenied
        row = self.get_object(request, str(pk))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        return view(self, request, row)

    return found


def may_read(view):
    return _of_row(view, lambda admin, request: admin.has_view_permission(request))


def may_write(view):
    """For those who may change editions."""
    return _of_row(view, lambda admin, request: request.user.has_perm("profiles.change_edition"))


def what_goes_with(editions) -> dict[str, int]:
    """How much of what is deleted with these editions; Django would ask for the name of every single fact."""
    parts = [
        (str(model._meta.verbose_name_plural), model.objects.filter(edition__in=editions)) for model in PART_MODELS
    ]
    return {name: count for name, rows in parts if (count := rows.count())}


class PublishForm(forms.Form):
    """Now, or at a day and time of Berlin."""

    when = forms.ChoiceField(
        label="Wann soll sie erscheinen?",
        choices=[("now", "Sofort"), ("date", "An einem Termin")],
        widget=forms.RadioSelect,
        initial="now",
        required=False,
    )
    day = forms.DateField(
        label="Tag", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label="Uhrzeit", required=False, initial="08:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        limits = {"min": localdate(), "max": localdate() + MAX_AHEAD}
        self.fields["day"].widget.attrs |= {name: f"{day:%Y-%m-%d}" for name, day in limits.items()}

    def clean_day(self):
        day = self.cleaned_data["day"]
        if self.cleaned_data.get("when") != "date":
            if day:
                raise ValidationError("Sie haben einen Tag eingetragen, aber „Sofort“ gewählt. Was von beidem gilt?")
            return None
        if not day:
            raise ValidationError("Bitte tragen Sie den Tag ein.")
        if day < localdate():
            raise ValidationError("Dieser Tag ist schon vorbei.")
        if day > localdate() + MAX_AHEAD:
            raise ValidationError("Ein Termin liegt höchstens ein Jahr in der Zukunft.")
        return day

    def clean(self):
        cleaned = super().clean()
        day, time = cleaned.get("day"), cleaned.get("time")
        if cleaned.get("when") != "date" or self.errors:
            return cleaned
        if time is None:
            raise ValidationError({"time": "Bitte tragen Sie die Uhrzeit ein."})
        at = datetime.combine(day, time, timezone.get_current_timezone())
        # Of an hour that comes twice in autumn the first is meant; one hour in spring does not come at all.
        if localtime(at.astimezone(UTC)).time() != time:
            raise ValidationError({"time": "Diese Uhrzeit gibt es an dem Tag nicht: Die Uhren werden vorgestellt."})
        if at < timezone.now():
            raise ValidationError({"time": "Diese Uhrzeit ist schon vorbei."})
        cleaned["at"] = at
        return cleaned


class AroundTheText(admin.ModelAdmin):
    """The pages and steps of an edition beside the one where it is written."""

    def get_urls(self):
        def step(address, view, name):
            return path(f"<int:pk>/{address}/", self.admin_site.admin_view(view), name=f"profiles_edition_{name}")

        return [
            step("veroeffentlichen", self.publish, "publish"),
            step("termin-aufheben", self.lift, "lift"),
            step("vergleichen", self.compare, "compare"),
            step("wiederherstellen", self.restore, "restore"),
            *super().get_urls(),
        ]

    def after_change(self, edition):
        """For the layer above: it is published."""

    def log_step(self, request, edition, done: str) -> None:
        """In the history of the edition and of its city."""
        self.log_change(request, edition, f"{done[0].upper()}{done[1:]}.")
        self.log_change(request, edition.city, f"Ausgabe {edition.number} {done}.")

    # Comparing

    @may_read
    def compare(self, request, edition):
        """What differs from another edition of the city: from the one that is asked for, else the live or the one before."""
        others = list(edition.city.editions.exclude(pk=edition.pk).newest_first()[:LISTED])
        asked = posted_number(request.GET, "mit")
        other = next((each for each in others if each.pk == asked), None) or self._usual(edition, others)
        rows, older, newer = [], other, edition
        if other:
            older, newer = sorted((edition, other), key=Edition.age)
            prefetch_related_objects([older, newer], *PARTS)
            rows = newer.difference(older)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{edition} vergleichen",
            "opts": self.opts,
            "original": edition,
            "others": others,
            "other": other,
            "older": older,
            "newer": newer,
            "rows": rows,
        }
        return TemplateResponse(request, "admin/profiles/edition/compare.html", context)

    @staticmethod
    def _usual(edition, others):
        live = next((each for each in others if each.pk == edition.live_id), None)
        return live or next((each for each in others if each.age() < edition.age()), next(iter(others), None))

    # Publishing

    @may_write
    def publish(self, request, edition):
        """GET asks and says what is in the way, POST publishes, now or at a date."""
        if not edition.is_working_copy:
            self.message_user(
                request, f"{edition} ist schon veröffentlicht oder hat schon einen Termin.", messages.WARNING
            )
            return redirect("admin:profiles_city_change", edition.city_id)
        form = PublishForm(request.POST if request.method == "POST" else None)
        refused, problems, live = [], None, None
        if request.method == "POST" and form.is_valid():
            try:
                return self._publish(request, edition, form.cleaned_data.get("at"))
            except Refused as error:
                if isinstance(error, LostEvidence):
                    problems = error.problems
                else:
                    refused = [error]
                if not edition.is_working_copy:
                    self.message_user(request, str(error), messages.WARNING)
                    return redirect("admin:profiles_city_change", edition.city_id)
        if problems is None:
            prefetch_related_objects([edition], *PARTS)
            problems = edition.problems()
        if not problems and (live := edition.city.live_edition()):
            prefetch_related_objects([live], *PARTS)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{edition} veröffentlichen",
            "opts": self.opts,
            "original": edition,
            "form": form,
            "live": live,
            "refused": refused,
            "problems": problems,
            "warnings": [] if problems else edition.unbacked(),
            "changes": edition.difference(live) if live else [],
        }
        return TemplateResponse(request, "admin/profiles/edition/publish.html", context)

    def _publish(self, request, edition, at):
        with transaction.atomic():
            edition.publish(request.user, at, posted_number(request.POST, "version") or None)
            done = f"wird {edition.appears} veröffentlicht" if at else "veröffentlicht"
            self.log_step(request, edition, done)
            if not at:
                self.after_change(edition)
        said = f"erscheint {edition.appears}" if at else "ist veröffentlicht"
        self.message_user(request, f"{edition} {said}.", messages.SUCCESS)
        return redirect("admin:profiles_city_change", edition.city_id)

    @method_decorator(require_POST)
    @may_write
    def lift(self, request, edition):
        """The scheduled edition becomes the working copy again."""
        try:
            with transaction.atomic():
                edition.lift_date(request.user)
                self.log_step(request, edition, "wieder Arbeitsfassung, Termin aufgehoben")
        except Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:profiles_city_change", edition.city_id)
        self.message_user(request, "Der Termin ist aufgehoben. Das ist wieder die Arbeitsfassung.", messages.SUCCESS)
        return redirect("admin:profiles_edition_change", edition.pk)

    @method_decorator(require_POST)
    @may_write
    def restore(self, request, edition):
        """A working copy of what an earlier edition held."""
        try:
            with transaction.atomic():
                draft = edition.restore(request.user)
                self.log_step(request, draft, f"wiederhergestellt aus Ausgabe {edition.number}")
        except Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:profiles_city_change", edition.city_id)
        self.message_user(
            request,
            f"Das ist der Stand von Ausgabe {edition.number}. Lesbar wird er, sobald Sie ihn veröffentlichen.",
            messages.SUCCESS,
        )
        return redirect("admin:profiles_edition_change", draft.pk)

    # Discarding

    def get_deleted_objects(self, objs, request):
        return [str(each) for each in objs], what_goes_with(objs), set(), []

    def delete_view(self, request, object_id, extra_context=None):
        """The question names in its address which version it is about, and the answer with it."""
        edition = self.get_object(request, object_id)
        if request.method == "GET" and edition and edition.is_working_copy and "version" not in request.GET:
            return redirect(f"{request.path}?version={edition.version}")
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:  # since the page was made
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:profiles_edition_change", object_id)

    def delete_model(self, request, obj):
        self.log_change(request, obj.city, f"Ausgabe {obj.number} verworfen.")
        obj.discard(posted_number(request.GET, "version") or None)
