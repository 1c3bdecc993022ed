"""What stands beside the text while an employer writes: what is missing, how the pay compares, what machines read."""

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from listings import structured_data
from listings.models import Vacancy, VacancyEvent
from listings.models.revisions import relied_on
from listings.pay import pay_context
from listings.vacancy_form import FACT_FIELDS, VacancyForm

REVIEWED_AS = {  # a column that editors look at: what people call it; all others are about pay
    "title": "Titel",
    "place": "Arbeitsort",
    "workplace": "Arbeitsort",
    "employer_kind": "wer einstellt",
    "apply_email": "Bewerbungsweg",
    "apply_url": "Bewerbungsweg",
}

ABOUT_PAY = {
    "pay_low", "pay_high", "pay_unit", "salaries_per_year", "working_time", "full_time_hours", "hours_low", "hours_high",
}  # fmt: skip


def lacks(vacancy: Vacancy) -> dict[str, str]:
    """What the ad still lacks: the field to fill in and what to say about it."""
    try:
        vacancy.check_complete(on=localdate())
    except ValidationError as error:
        return {field: " ".join(texts) for field, texts in error.message_dict.items()}
    return {}


def missing(vacancy: Vacancy) -> dict[str, str]:
    """What it lacks, and what was typed and could not be stored."""
    found = lacks(vacancy)
    for name in vacancy.unsaved:
        label = FACT_FIELDS[name][1] if name in FACT_FIELDS else VacancyForm.base_fields[name].label
        found[name] = f"{label}: Was Sie geschrieben haben, passt noch nicht und ist nicht gespeichert."
    return found


def in_order_of_form(fields) -> list[str]:
    order = list(VacancyForm.base_fields)
    return sorted(fields, key=lambda field: order.index(field) if field in order else 0)


def gaps(vacancy: Vacancy) -> list[tuple[str, str, str]]:
    """What keeps the ad from being submitted, as it lacks it or breaks a rule: field, its label if a rule, text."""
    found = {field: ("", text) for field, text in missing(vacancy).items()}
    for hit in vacancy.blocking_hits():
        found.setdefault(hit.field, (hit.field_label, f"{hit.why} {hit.better}"))
    return [(field, *found[field]) for field in in_order_of_form(found)]


def outcome(live: Vacancy, typed: Vacancy, form: VacancyForm, error_count: int) -> tuple[str, list[str]]:
    """What sending would do to a running ad, as Vacancy.edit() decides it: "live" or "waiting" and for what; "" for nothing."""
    changed = {name for name in live.CONTENT if typed.plain(name) != live.plain(name)}
    days = {name for name in ("first_day", "last_day") if getattr(typed, name) != getattr(live, name)}
    if not changed and not days and form.wanted_facts == {fact.slug for fact in live.facts.all()}:
        return "", []
    names = {REVIEWED_AS.get(name, "Gehalt") for name in relied_on(live, typed, changed)}
    return ("waiting" if names or error_count else "live"), sorted(names)


def advice(vacancy: Vacancy, form: VacancyForm, live: Vacancy | None = None) -> dict:
    """About the ad as it is typed: `form` has settled what fits. `live`: what readers see meanwhile."""
    if form.is_bound:
        if "place" in form.changed_columns():
            vacancy.derive()
        else:
            vacancy.derive_pay()
    misfits = [field for field in form if field.errors and (field.name in form.unsaved or field.name == "employer")]
    told = {field.name for field in misfits}
    # What somebody typed beside a field that does not fit is not stored either, but it is not missing.
    lacking = {name: text for name, text in lacks(vacancy).items() if name not in told and not form.unsaved.get(name)}
    if live:  # an ad that has ended, or past its deadline, can still be mended
        lacking = {name: text for name, text in lacking.items() if name not in ("first_day", "last_day", "apply_until")}
    # What is not there yet is told once, as missing.
    hits = [hit for hit in vacancy.hits() if hit.field not in lacking] if vacancy.employer_id else []
    error_count = sum(hit.is_blocking for hit in hits)
    sending, because = outcome(live, vacancy, form, error_count) if live else ("", [])
    return {
        "misfits": misfits,
        "is_pay_unsaved": not ABOUT_PAY.isdisjoint(form.unsaved),  # then the pay below is not what stands in the form
        "gaps": [(field, lacking[field]) for field in in_order_of_form(lacking)],
        "hits": hits,
        "error_count": error_count,
        "sending": sending,
        "because": because,
        "usual_review": VacancyEvent.objects.usual_review_time(),
        "machine": structured_data.reading(vacancy),
        **pay_context(vacancy),
    }
