"""What the search knows of a vacancy."""

from jobboard.text import fold
from listings.models import SearchText, Vacancy


def index(vacancy: Vacancy) -> None:
    """Write the three texts of `vacancy` anew."""
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
                *(fact.name for fact in vacancy.facts.all()),
            ]
        )
    )
    everything = fold(" ".join([facts, vacancy.tasks, vacancy.profile, vacancy.offer, vacancy.reference_number]))
    SearchText.objects.update_or_create(
        vacancy=vacancy, defaults={"title": title, "facts": facts, "everything": everything}
    )


def index_all(vacancies) -> None:
    """The same for each of a queryset, after something they share has another name."""
    for vacancy in vacancies.select_related("employer", "place").prefetch_related("facts"):
        index(vacancy)
