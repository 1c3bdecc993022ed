"""What stands beside the text while an employer writes: what is missing, how the pay compares, what machines read."""

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from listings import structured_data
from listings.models import Vacancy
from listings.vacancy_form import FACT_FIELDS, VacancyForm
from listings.views import pay_context


def missing(vacancy: Vacancy) -> dict[str, str]:
    """What the ad still lacks: the field to fill in and what to say about it."""
    found = {}
    try:
        vacancy.check_complete(on=localdate())
    except ValidationError as error:
        found = {field: " ".join(texts) for field, texts in error.message_dict.items()}
    for name in vacancy.unsaved:
        label = FACT_FIELDS[name][1] if name in FACT_FIELDS else VacancyForm.base_fields[name].label
        found[name] = f"{label}: Was Sie geschrieben haben, passt noch nicht und ist nicht gespeichert."
    return found


def in_order_of_form(fields) -> list[str]:
    order = list(VacancyForm.base_fields)
    return sorted(fields, key=lambda field: order.index(field) if field in order else 0)


def gaps(vacancy: Vacancy) -> list[tuple[str, str]]:
    """What keeps the ad from being submitted, as it lacks it or breaks a rule."""
    found = missing(vacancy)
    for hit in vacancy.blocking_hits():
        found.setdefault(hit.field, f"{hit.why} {hit.better}")
    return [(field, found[field]) for field in in_order_of_form(found)]


def advice(vacancy: Vacancy, form: VacancyForm) -> dict:
    """About the ad as it is typed: `form` has settled what fits."""
    if form.is_bound:
        vacancy.derive()
    misfits = [field for field in form if field.errors and (field.name in form.unsaved or field.name == "employer")]
    told = {field.name for field in misfits} | set(vacancy.unsaved)
    lacking = {name: text for name, text in missing(vacancy).items() if name not in told}
    # What is not there yet is told once, as missing.
    hits = [hit for hit in vacancy.hits() if hit.field not in lacking] if vacancy.employer_id else []
    return {
        "misfits": misfits,
        "gaps": [(field, lacking[field]) for field in in_order_of_form(lacking)],
        "hits": hits,
        "error_count": sum(hit.is_blocking for hit in hits),
        "machine": structured_data.reading(vacancy),
        **pay_context(vacancy),
    }
