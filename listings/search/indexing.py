"""What the search knows of a vacancy: its three texts, and the facts that it speaks of."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import Q, Value

from jobboard import german
from listings.models import SearchText, Vacancy
from listings.models.vacancies import OVER
from listings.search import concepts, spelling
from listings.search.concepts import Concepts
from listings.search.regions import regions_of
from profiles.facts import spoken_of
from profiles.models import Fact

BATCH = 50  # ads that are locked together: a tenth of a second
AT_ONCE = 300  # ads that follow a change while somebody waits; `manage.py daily` sees to the others
TEXTS = ["title", "facts", "everything"]
SHORT_WEEK = 35  # hours; fewer are part-time, whatever an ad calls them
LONGEST_ROOT = 60  # letters; what is longer is no word, and more than the engines take


def index(vacancy: Vacancy) -> None:
    """Write anew what the search knows of `vacancy`, as it is stored."""
    _index([vacancy.pk])


def index_all(vacancies) -> int:
    """The same for each of a queryset; how many."""
    return sum(_index(ids) for ids in _batches(vacancies))


def index_again(vacancies=None) -> Iterator[int]:
    """Bring those that are due up to the analyser and the concepts of today, or each of a queryset, the newest first.

    After every few, how many they were. May be broken off and begun again, run twice at once and beside people who write.
    """
    stamp = concepts.current().stamp
    for ids in _batches(due(stamp) if vacancies is None else vacancies, newest_first=True):
        yield _index(ids, unless=stamp if vacancies is None else "")


def due(stamp: str = ""):
    """Ads whose texts were written by another analyser, with other concepts, or never."""
    return Vacancy.objects.exclude(search_text__stamp=stamp or concepts.current().stamp)


def follow(vacancies) -> None:
    """Bring a queryset up to something they share, which has changed: the newest at once, very many others by night."""
    at_once = list(vacancies.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])
    index_all(Vacancy.objects.filter(pk__in=at_once))
    if len(at_once) == AT_ONCE:
        SearchText.objects.filter(vacancy__in=vacancies).exclude(vacancy__in=at_once).update(stamp="")


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


def everything_said() -> Iterator[str]:
    """What all ads say, in sentences and otherwise: whose words the spelling keeps."""
    ads = Vacancy.objects.order_by("pk").select_related("employer", "place", "city__place").prefetch_related("facts")
    for vacancy in ads.iterator(chunk_size=BATCH):
        yield vacancy.spoken
        yield from _stated(vacancy, vacancy.facts.all())


def _batches(vacancies, *, newest_first=False) -> Iterator[list[int]]:
    ids, last = vacancies.order_by("-pk" if newest_first else "pk").values_list("pk", flat=True), None
    while True:
        beyond = Q() if last is None else Q(pk__lt=last) if newest_first else Q(pk__gt=last)
        batch = list(ids.filter(beyond)[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


@transaction.atomic(savepoint=False)
def _index(ids: list[int], unless: str = "") -> int:
    """Read and write; a text that somebody saves meanwhile waits for us, and we for one that is being saved.

    unless: leave out those that have this stamp by now
    """
    chosen = Vacancy.objects.filter(pk__in=ids)
    if unless:
        chosen = chosen.exclude(search_text__stamp=unless)
    if connection.features.has_select_for_update:
        # Locked first and then read: a single statement would join what it saw before it waited.
        locked = Vacancy.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
        list(locked.values_list("pk"))
    vacancies = list(chosen.select_related("employer", "place", "city__place", "search_text"))
    if vacancies:
        _write(vacancies)
    return len(vacancies)


def _write(vacancies: list[Vacancy]) -> None:
    known, facts = concepts.current(), list(Fact.objects.all())
    chosen_of, mentioned = _links(vacancies)
    stored = {vacancy.pk: vacancy.search_text for vacancy in vacancies if hasattr(vacancy, "search_text")}
    texts, wanted, said = [], set(), []
    for vacancy in vacancies:
        chosen = [fact for fact in facts if (vacancy.pk, fact.pk) in chosen_of]
        spoken = vacancy.spoken
        said += [spoken, *_stated(vacancy, chosen)]
        tokens = german.analyse(spoken)
        texts.append(_texts(vacancy, tokens, chosen, known))
        if not vacancy.text_is_forgotten:
            wanted |= {(vacancy.pk, fact.pk) for fact in [*chosen, *spoken_of(spoken, facts, tokens)]}
    _write_texts(texts, stored)
    _write_mentions(mentioned, wanted)
    spelling.learn(said)


def _links(vacancies: list[Vacancy]) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """(vacancy, fact) → the link's id: what the firms have chosen, and what is stored as mentioned; one query."""
    found: tuple[dict, dict] = {}, {}
    chosen, mentioned = (
        links._default_manager.filter(vacancy__in=vacancies).values_list("vacancy", "fact", "pk", Value(number))
        for number, links in enumerate((Vacancy.facts.through, Vacancy.mentions.through))
    )
    for vacancy, fact, pk, number in chosen.union(mentioned, all=True):
        found[number][vacancy, fact] = pk
    return found


def _write_texts(texts: list[SearchText], stored: dict[int, SearchText]) -> None:
    """Only what is different: the engines sort in whatever is written."""
    new = [text for text in texts if not _are_same(text, stored.get(text.pk))]
    SearchText.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["vacancy"], update_fields=[*TEXTS, "stamp"]
    )
    same = [text.pk for text in texts if text not in new and stored[text.pk].stamp != text.stamp]
    if same:
        SearchText.objects.filter(pk__in=same).update(stamp=texts[0].stamp)


def _are_same(text: SearchText, stored: SearchText | None) -> bool:
    return stored is not None and all(getattr(text, name) == getattr(stored, name) for name in TEXTS)


def _write_mentions(stored: dict[tuple[int, int], int], wanted: set[tuple[int, int]]) -> None:
    links = Vacancy.mentions.through
    if gone := [pk for link, pk in stored.items() if link not in wanted]:
        links.objects.filter(pk__in=gone).delete()
    if new := [links(vacancy_id=vacancy, fact_id=fact) for vacancy, fact in sorted(wanted - stored.keys())]:
        links.objects.bulk_create(new, ignore_conflicts=True)


def _texts(vacancy: Vacancy, tokens: list[german.Token], chosen: list[Fact], known: Concepts) -> SearchText:
    """`tokens`: of what it says."""
    found = known.find(vacancy.spoken, tokens)

    def roots_before(end: int) -> list[str]:
        """Of what it says up to there."""
        inside = [token for token in tokens if token.end <= end]
        ideas = [concepts.root_of(match.key) for match in found if match.end <= len(inside)]
        return [*(token.text for token in inside), *ideas]

    title = roots_before(len(vacancy.title))
    facts = [*title, *roots_before(len(vacancy.title) + 2 + len(vacancy.skills))]
    for line in _stated(vacancy, chosen):
        facts += _roots(line, known)
    everything = [*facts, *roots_before(len(vacancy.spoken)), *german.roots(vacancy.reference_number).split()]
    if vacancy.text_is_forgotten:  # nothing but the title is left for those who look after the board
        facts = everything = title
    elif concepts.are_of_the_trade(everything):
        title, facts, everything = ([concepts.OF_THE_TRADE, *roots] for roots in (title, facts, everything))
    return SearchText(
        vacancy=vacancy,
        title=_joined(title),
        facts=_joined(facts),
        everything=_joined(everything),
        stamp=known.stamp,
    )


@lru_cache(maxsize=4096)  # firms, towns and labels, which many ads share
def _roots(line: str, known: Concepts) -> list[str]:
    return known.roots(line, german.analyse(line))


def _stated(vacancy: Vacancy, chosen: Iterable[Fact]) -> Iterator[str]:
    """What it says by other means than sentences."""
    yield vacancy.employer.name
    yield vacancy.employer.sector
    yield vacancy.location
    if vacancy.place:
        yield vacancy.place.get_land_display()
        yield from regions_of(vacancy.place)
    if vacancy.city:
        yield vacancy.city.place.name
    yield vacancy.get_level_display()
    yield vacancy.get_workplace_display()
    if vacancy.remote_days or vacancy.is_remote:
        yield "Homeoffice"
    if vacancy.working_time != Vacancy.WorkingTime.PART:
        yield "Vollzeit"
    stated = [hours for hours in (vacancy.hours_low, vacancy.hours_high) if hours]
    if vacancy.working_time != Vacancy.WorkingTime.FULL or any(hours < SHORT_WEEK for hours in stated):
        yield "Teilzeit"
    for hours in stated:
        yield f"{hours.normalize():f} Stunden"
    yield vacancy.get_contract_display()
    yield vacancy.tariff
    if vacancy.way_in:
        yield "Quereinstieg"
    if not vacancy.asks_cover_letter:
        yield "ohne Anschreiben"
    for fact in chosen:
        yield fact.name


def _joined(roots: Iterable[str]) -> str:
    """Each once, as the engines ask only whether an ad holds it."""
    return " ".join(dict.fromkeys(root for root in roots if len(root) <= LONGEST_ROOT))
