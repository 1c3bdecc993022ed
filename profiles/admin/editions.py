"""Editions: where a city page is written and published."""

import json

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timezone import localtime

from jobboard import kept
from jobboard.forms import posted_number
from profiles.admin import changes
from profiles.admin.cities import CityFilter
from profiles.admin.desk import act, as_typed, read_only
from profiles.admin.edition_forms import (
    CityFactInline,
    EditionForm,
    SalaryFigureInline,
    SectionInline,
)
from profiles.admin.publishing import AroundTheText
from profiles.models import Edition, Outdated, Section


def _rows(formsets) -> dict[str, list]:
    return {prefix: list(formset.get_queryset()) for prefix, formset in formsets.items()}


def _names(formsets, *states) -> changes.Names:
    facts = {str(fact.pk): fact.name for fact in formsets["facts"].facts}
    sections = {key: row.get("heading", "") for state in states for key, row in state["sections"].items()}
    return changes.Names(sections, facts)


def _mistakes(form, formsets):
    """All that is wrong in what was typed: (field, id, words)."""
    rows = [form]
    for formset in formsets.values():
        rows += [row for row in formset.forms if not formset.goes(row)]
        for error in formset.non_form_errors():
            yield "", "", error
    for row in rows:
        name = "" if row is form else f"{row.instance}: " if row.instance.pk else "Neu: "
        for field in row:
            for error in field.errors:
                yield f"{name}{field.label}", field.auto_id, error
        for error in row.non_field_errors():
            yield name, row.prefix or "", error


def _set_focus(form, formsets, mistakes, added: str) -> None:
    """To the first mistake, or into the row that was just added."""
    if added in formsets and formsets[added].forms:
        row = formsets[added].forms[-1]
        next(field for field in row if not field.is_hidden).field.widget.attrs["autofocus"] = True
    elif mistakes:
        ids = {field.auto_id: field for formset in formsets.values() for row in formset.forms for field in row}
        ids |= {field.auto_id: field for field in form}
        if field := next((ids[target] for _, target, _ in mistakes if target in ids), None):
            field.field.widget.attrs["autofocus"] = True


@admin.register(Edition)
class EditionAdmin(AroundTheText):
    """The working copy is written here; what was published once stays as it was."""

    list_display = ["__str__", "state", "created_by", "created_at", "note"]
    list_filter = [("city", CityFilter)]
    list_select_related = ["city__place", "created_by"]
    ordering = ["city__place__folded", "-number"]
    fields = ["lead", "note"]
    inlines = [SectionInline, SalaryFigureInline, CityFactInline]
    actions = None

    def get_queryset(self, request):
        newest = Edition.objects.newest_live().filter(city=OuterRef("city"))
        queryset = super().get_queryset(request).select_related("city__place", "created_by", "changed_by")
        return queryset.annotate(live_id=Subquery(newest.values("pk")[:1]))

    @admin.display(description="Stand", ordering="published_at")
    def state(self, edition):
        if edition.is_working_copy:
            return format_html('<strong class="{}">{}</strong>', "mark", "Arbeitsfassung")
        day = f"{localtime(edition.published_at):%d.%m.%Y, %H:%M} Uhr"
        if edition.published_at > timezone.now():
            return f"geplant für {day}"
        return f"veröffentlicht am {day}" if edition.pk == edition.live_id else f"früher, veröffentlicht am {day}"

    # Permissions

    def has_add_permission(self, request):
        return False  # editions come from their city

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_working_copy)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_working_copy)

    # Writing

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The desk of a working copy; of what is published, the same to read."""
        edition = self.get_object(request, unquote(object_id))
        if is_kept := self._take_up(request):
            said = (
                "Das hatten Sie geschrieben, bevor die Anmeldung dazwischenkam. Gespeichert ist es noch nicht. "
                '<a href="{}">Zurück zu dem, was gespeichert ist</a>'
            )
            self.message_user(request, format_html(said, "?gespeichert=1"), messages.WARNING)
        if request.method == "POST":
            if not request.user.has_perm("profiles.change_edition"):
                raise PermissionDenied
            if edition is None or not edition.is_working_copy:
                return self._too_late(request, edition)
            return self._save(request, edition, is_kept)
        if edition is None or not self.has_view_or_change_permission(request, edition):
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_change_permission(request, edition):
            return self._show(request, edition, read_only(edition))
        form, formsets = self._forms(request, edition)
        state = changes.stored(edition, _rows(formsets))
        return self._show(request, edition, as_typed(edition, formsets), form, formsets, state)

    change_view.keeps_typing = True  # type: ignore[attr-defined]

    @staticmethod
    def _take_up(request) -> bool:
        """As if it were sent now, but not stored: what was typed before a login came in between."""
        typed = kept.typing(request) if request.method == "GET" and "gespeichert" not in request.GET else None
        if typed is None or not request.user.has_perm("profiles.change_edition"):
            return False
        data = request.POST.copy()
        data.update(typed)
        request.method, request.POST = "POST", data
        return True

    def _forms(self, request, edition):
        """The form of the edition and the formsets of its parts by prefix, bound to what was posted, if anything."""
        data = request.POST if request.method == "POST" else None
        form = EditionForm(data, instance=edition)
        formsets, _ = self._create_formsets(request, edition, change=True)
        siblings = {formset.prefix: formset for formset in formsets}
        for formset in formsets:
            formset.siblings = siblings
        return form, siblings

    def _save(self, request, edition, is_kept=False):
        data = request.POST.copy()
        place = act(data)
        request.POST = data
        form, formsets = self._forms(request, edition)
        theirs = changes.stored(edition, _rows(formsets))
        if posted_number(data, "version") != edition.version:
            if request.htmx:
                return self._show(request, edition, None, piece="_pieces.html#outdated")
            return self._conflict(request, edition, theirs)
        is_valid = all([form.is_valid(), *(formset.is_valid() for formset in formsets.values())])
        if request.htmx:
            return self._show(
                request, edition, as_typed(edition, formsets), form, formsets, theirs, piece="change_form.html#live"
            )
        if not is_valid or is_kept or "_add" in data:
            desk, added = as_typed(edition, formsets), data.get("_add", "").partition("-")[0]
            return self._show(request, edition, desk, form, formsets, theirs, is_checked=not added, added=added)
        mine = changes.typed(form, formsets)
        rows = changes.differences(theirs, mine, _names(formsets, theirs, mine))
        if rows:
            try:
                with transaction.atomic():
                    edition.revise(edition.version, request.user)
                    self._write(request, form, formsets)
                    self.log_change(request, edition, changes.in_words(rows))
            except (Outdated, Edition.DoesNotExist):
                edition = self.get_object(request, str(edition.pk))
                if edition is None or not edition.is_working_copy:
                    return self._too_late(request, edition)
                _, formsets = self._forms(request, edition)
                return self._conflict(request, edition, changes.stored(edition, _rows(formsets)))
        kept.forget(request)
        for button, step in (("_publish", "publish"), ("_look", "preview")):
            if button in data:
                return redirect(f"admin:profiles_edition_{step}", edition.pk)
        if unchecked := [f"„{row.instance}“" for row in formsets["figures"].kept_forms() if row.lost_its_check]:
            self.message_user(
                request,
                f"{', '.join(unchecked)}: Geprüft war die Angabe von vorher, „geprüft am“ ist deshalb leer. Wenn Sie die "
                "neue nachgesehen haben, tragen Sie bitte den Tag ein.",
                messages.WARNING,
            )
        said = "Gespeichert." if rows else "Es gab nichts zu speichern."
        if as_typed(edition, formsets).problems:
            self.message_user(
                request, f"{said} Zum Veröffentlichen fehlt noch etwas, es steht unten.", messages.WARNING
            )
        else:
            self.message_user(request, said, messages.SUCCESS)
        return redirect(reverse("admin:profiles_edition_change", args=[edition.pk]) + (f"#{place}" if place else ""))

    @staticmethod
    def _write(request, form, formsets):
        form.instance.save(update_fields=form.Meta.fields)
        sections = formsets["sections"]
        for row in sections.initial_forms:
            if "slug" in row.changed_data:  # out of the way, so that two may change places
                Section.objects.filter(pk=row.instance.pk).update(slug=f"~{row.instance.pk}")
        for row in formsets["figures"].forms:
            if "checked_on" in row.changed_data or row.lost_its_check:
                row.instance.checked_by = request.user if row.instance.checked_on else None
        # Sections last: one may be deleted together with, or after, all that names it.
        for formset in (formsets["facts"], formsets["figures"], sections):
            formset.save()

    def _conflict(self, request, edition, theirs):
        """Somebody was faster: nothing is stored, both versions are put together, and saving again is a knowing act."""
        base = changes.parsed(request.POST.get("base", ""))
        data, both = changes.together(request.POST, base, theirs)
        data["version"] = edition.version
        request.POST = data
        form, formsets = self._forms(request, edition)
        names = _names(formsets, base, theirs)
        for each in [form, *formsets.values()]:
            each.is_valid()
        conflict = {
            "rows": changes.differences(base, theirs, names) if base["edition"] else [],
            "both": changes.differences(*changes.shared_fields(theirs, data, both), names),
        }
        desk = as_typed(edition, formsets)
        return self._show(request, edition, desk, form, formsets, theirs, conflict=conflict, status=409)

    def _too_late(self, request, edition):
        """Published or discarded meanwhile: what was typed can still be read and copied."""
        if request.htmx:
            piece = "admin/profiles/edition/_pieces.html#outdated"
            return TemplateResponse(request, piece, {"edition": edition, "is_too_late": True})
        context = {
            **self.admin_site.each_context(request),
            "title": "Nicht gespeichert",
            "opts": self.opts,
            "edition": edition,
            "texts": changes.readable(request.POST),
        }
        return TemplateResponse(request, "admin/profiles/edition/too_late.html", context, status=409)

    def _show(
        self, request, edition, desk, form=None, formsets=None, state=None, *,
        is_checked=True, added="", conflict=None, status=200, piece="change_form.html",
    ):  # fmt: skip
        formsets = formsets or {}
        mistakes = []
        if form is not None and form.is_bound and is_checked:
            mistakes = list(_mistakes(form, formsets))
        if not conflict and not request.htmx:
            _set_focus(form, formsets, mistakes, added)
        context = {
            **self.admin_site.each_context(request),
            "title": str(edition),
            "opts": self.opts,
            "original": edition,
            "edition": edition,
            "state": self.state(edition),
            "desk": desk,
            "form": form,
            "formsets": formsets,
            "mistakes": mistakes,
            "base": json.dumps(state, ensure_ascii=False) if state else "",
            "conflict": conflict,
            "may_change": form is not None,
            "may_step": request.user.has_perm("profiles.change_edition")
            and not edition.is_working_copy
            and (edition.is_scheduled or edition.pk != edition.live_id),
            "may_delete": self.has_delete_permission(request, edition),
            "page_url": reverse("listings:city", args=[edition.city.slug]) if edition.live_id else "",
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/profiles/edition/{piece}", context, status=status)
