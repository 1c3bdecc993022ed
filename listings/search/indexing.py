"""What the search knows of a vacancy: its three texts, and the facts that it speaks of."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from jobboard.text import fold
from listings.models import SearchText, Vacancy
from listings.models.vacancies import OVER
from profiles.facts import spoken_of
from profiles.models import Fact

BATCH = 200
AT_ONCE = 300  # ads that follow a changed fact while an editor waits; `manage.py daily` sees to the others


def index(vacancy: Vacancy) -> None:
    """Write anew what the search knows of `vacancy`."""
    _write([vacancy], Fact.objects.all())


def index_all(vacancies) -> None:
    """The same for each of a queryset, after something they share has changed."""
    facts = list(Fact.objects.all())
    vacancies = vacancies.select_related("employer", "place").prefetch_related("facts").order_by("pk")
    last = 0
    while batch := list(vacancies.filter(pk__gt=last)[:BATCH]):
        with transaction.atomic():
            _write(batch, facts)
        last = batch[-1].pk


def follow_at_once(fact: Fact) -> None:
    """Bring the newest open ads up to `fact`, which has changed; the others too, where they are few."""
    ids = list(Vacancy.objects.open().newest().values_list("pk", flat=True)[:AT_ONCE])
    index_all(Vacancy.objects.filter(pk__in=ids))
    others = list(_with_text().exclude(pk__in=ids).values_list("pk", flat=True)[: AT_ONCE - len(ids) + 1])
    if len(ids) + len(others) <= AT_ONCE:
        index_all(Vacancy.objects.filter(pk__in=others))
        fact.is_followed = bool(_settle([fact]))


def follow_facts() -> int:
    """Bring all ads up to the facts that have changed; how many facts."""
    changed = list(Fact.objects.filter(is_followed=False))
    if changed:
        index_all(_with_text())
    return _settle(changed)


def _with_text():
    """All but those whose text is forgotten."""
    return Vacancy.objects.exclude(status__in=OVER, tasks="")


def _settle(facts: list[Fact]) -> int:
    """Facts that have changed again meanwhile stay."""
    done = 0
    for fact in facts:
        same = Q(pk=fact.pk, name=fact.name, wordings=fact.wordings, exceptions=fact.exceptions)
        done += Fact.objects.filter(same).update(is_followed=True)
    return done


def _write(vacancies: list[Vacancy], facts: Iterable[Fact]) -> None:
    chosen = {vacancy.pk: list(vacancy.facts.all()) for vacancy in vacancies}
    SearchText.objects.bulk_create(
        [_texts(vacancy, chosen[vacancy.pk]) for vacancy in vacancies],
        update_conflicts=True,
        unique_fields=["vacancy"],
        update_fields=["title", "facts", "everything"],
    )
    links = Vacancy.mentions.through
    wanted = {
        (vacancy.pk, fact.pk)
        for vacancy in vacancies
        for fact in [*chosen[vacancy.pk], *spoken_of(vacancy.spoken, facts)]
    }
    stored = {
        (vacancy, fact): pk
        for pk, vacancy, fact in links.objects.filter(vacancy__in=vacancies).values_list("pk", "vacancy", "fact")
    }
    if gone := [pk for link, pk in stored.items() if link not in wanted]:
        links.objects.filter(pk__in=gone).delete()
    if new := [links(vacancy_id=vacancy, fact_id=fact) for vacancy, fact in sorted(wanted - stored.keys())]:
        links.objects.bulk_create(new, ignore_conflicts=True)


def _texts(vacancy: Vacancy, chosen: list[Fact]) -> SearchText:
    title = fold(vacancy.title)
    facts = fold(
        " ".join(
            [
                title,
                vacancy.skills,
                vacancy.employer.name,
                vacancy.employer.sector,
                vacancy.location,
                vacancy.get_level_display(),
                vacancy.get_workplace_display(),
                vacancy.get_working_time_display(),
                vacancy.get_contract_display(),
                *(fact.name for fact in chosen),
            ]
        )
    )
    everything = fold(" ".join([facts, vacancy.tasks, vacancy.profile, vacancy.offer, vacancy.reference_number]))
    return SearchText(vacancy=vacancy, title=title, facts=facts, everything=everything)
