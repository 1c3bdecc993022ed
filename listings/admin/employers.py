"""Employers, who belongs to them, and which of them are trusted."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.timezone import localdate

from jobboard.admin import FoldedSearch
from listings import search
from listings.models import Employer, Membership, VacancyEvent


class TrustForm(forms.Form):
    trusted = forms.BooleanField(required=False)
    reason = forms.CharField(label="Warum?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class MembersFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        if not self.instance.pk:
            return
        self.instance.lock()
        before = set(self.instance.owners().values_list("pk", flat=True))
        after = set(before)
        for form in self.forms:
            if form in self.deleted_forms:
                after.discard(form.instance.pk)
            elif form.has_changed() and form.is_valid():
                row, key = form.cleaned_data, form.instance.pk or id(form)
                owns = row["role"] == Membership.Role.OWNER and row["user"].is_active
                (after.add if owns else after.discard)(key)
        if before and not after:
            raise ValidationError(
                "Jemand muss die Firma verwalten. Bitte geben Sie zuerst einer anderen Person die Rolle."
            )


class MembershipInline(admin.TabularInline):
    model = Membership
    formset = MembersFormSet
    fields = ["user", "role", "question"]
    readonly_fields = ["question"]
    autocomplete_fields = ["user"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "employer")

    @admin.display(description="auffällig")
    def question(self, membership):
        return membership.question if membership.pk else ""

    # Whoever adds a member hands over the firm, its ads and its mail.
    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_delete_permission = has_add_permission


class TrustFilter(admin.SimpleListFilter):
    title = "Vertrauen"
    parameter_name = "vertraut"

    def lookups(self, request, model_admin):
        return [("ja", "als vertraut markiert"), ("nein", "nicht markiert")]

    def queryset(self, request, queryset):
        if self.value() in ("ja", "nein"):
            return queryset.filter(trusted_at__isnull=self.value() == "nein")
        return queryset


class EmployerForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if "slug" in cleaned and not cleaned["slug"] and cleaned.get("name"):
            cleaned["slug"] = Employer.free_slug(cleaned["name"])
        return cleaned


@admin.register(Employer)
class EmployerAdmin(FoldedSearch):
    form = EmployerForm
    list_display = ["name", "questions", "trusted", "kind", "place", "vacancy_count", "published_count"]
    list_filter = ["kind", TrustFilter, "size"]
    list_select_related = ["place"]
    search_fields = ["name", "slug"]
    search_help_text = "Name der Firma"
    fields = [
        "name",
        "slug",
        "kind",
        "website",
        "place",
        "size",
        "sector",
        "description",
        "logo_preview",
        "terms_version",
        "terms_at",
        "trusted_at",
    ]
    readonly_fields = ["logo_preview", "terms_version", "terms_at", "trusted_at"]

    autocomplete_fields = ["place"]
    inlines = [MembershipInline]
    actions = None

    def get_queryset(self, request):
        published = Q(vacancies__first_published_at__isnull=False)
        counted = {"vacancy_total": Count("vacancies"), "published_total": Count("vacancies", filter=published)}
        return super().get_queryset(request).annotate(**counted).prefetch_related("memberships__user")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "website":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            obj.version += 1  # an owner's form that is open meanwhile is told
        super().save_model(request, obj, form, change)
        search.follow(obj.vacancies.all())

    # Trust

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/vertrauen/", wrap(self.trust), name="listings_employer_trust"), *super().get_urls()]

    def trust(self, request, pk):
        """GET says what trust means, POST marks the firm or takes the mark away; the history keeps who and why."""
        if not request.user.has_perm("listings.change_employer"):
            raise PermissionDenied
        employer = get_object_or_404(Employer.objects.select_related("trusted_by"), pk=pk)
        is_own = employer.memberships.filter(user=request.user).exists()
        form = TrustForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not is_own and form.is_valid():
            if form.cleaned_data["trusted"]:
                employer.trust(request.user)
                done = f"{employer} ist als vertraut markiert."
            else:
                employer.distrust()
                done = f"{employer} ist nicht mehr als vertraut markiert."
            self.log_change(request, employer, f"{done} {form.cleaned_data['reason']}".strip())
            self.message_user(request, done, messages.SUCCESS)
            return redirect("admin:listings_employer_change", employer.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Vertrauen: {employer}",
            "opts": self.opts,
            "original": employer,
            "form": form,
            "is_own": is_own,
            "published_count": employer.vacancies.filter(first_published_at__isnull=False).count(),
            "sent_back_count": VacancyEvent.objects.filter(
                vacancy__employer=employer, step__in=["send_back", "remove", "return"]
            ).count(),
        }
        status = 403 if request.method == "POST" and is_own else 200
        return TemplateResponse(request, "admin/listings/employer/trust.html", context, status=status)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.published_total else None

    @admin.display(description="Anzeigen", ordering="vacancy_total")
    def vacancy_count(self, employer):
        return employer.vacancy_total

    @admin.display(description="veröffentlicht", ordering="published_total")
    def published_count(self, employer):
        return employer.published_total

    @admin.display(description="vertraut", ordering="trusted_at")
    def trusted(self, employer):
        return f"seit {localdate(employer.trusted_at):%d.%m.%Y}" if employer.is_trusted else ""

    @admin.display(description="auffällig")
    def questions(self, employer):
        return ", ".join(employer.questions)

    @admin.display(description="Logo")
    def logo_preview(self, employer):
        if not employer.logo_id:
            return "keines"
        return format_html('<img src="{}" alt="Logo von {}" class="logo">', employer.logo_url, employer.name)

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if slug := form.base_fields.get("slug"):
            slug.required = False
            slug.help_text = "Ändert sich nie mehr. Leer gelassen, wird sie aus dem Namen gebildet."
        return form
