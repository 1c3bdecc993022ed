"""Stores postings as ads of a firm: new ones as drafts, changes by the verbs that people use as well."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.timezone import localdate

from jobboard.differences import Row
from jobboard.templatetags.board import day
from listings import differences, domains, emails, linter, search
from listings.importing.places import Places
from listings.importing.postings import COLUMNS, Posting
from listings.models import MAX_RUN_DAYS, Employer, Origin, Status, Vacancy, VacancyEvent, WrongStatus
from listings.models.employers import known_as
from listings.models.revisions import difference, field_of, plain
from listings.vacancy_form import DEFAULT_RUN, TOGETHER
from profiles.models import City, city_for

BATCH = search.BATCH  # postings in one transaction: indexed in one go, so that any two meet new words in one order
OVER = {Status.CLOSED: "geschlossen", Status.REMOVED: "von der Redaktion entfernt"}
TOLD = {"publish": "published", "submit": "submitted", "live": "changed", "waiting": "proposed"}
GROUPS = [*TOGETHER, {"place", "street", "postal_code"}]
NOT_CLEANED = {field.name for field in Vacancy._meta.fields} - set(COLUMNS)


@dataclass
class Outcome:
    """What becomes of one posting.

    kind: new, changed, unchanged or left_out
    step: what follows: draft, submit, publish; of changes draft, live, waiting
    reasons: why it is left out, or stays a draft
    """

    posting: Posting
    kind: str
    step: str = ""
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    vacancy: Any = None  # a Vacancy, where there is or will be one
    changes: dict = field(default_factory=dict)
    is_to_be_submitted: bool = False
    is_taken: bool = False  # the step is
    hears_more: bool = False  # the file speaks differently than before, whether or not that changes the ad


@dataclass
class Import:
    """One file for one firm. `settle_places()`, answer what is open, then `run()`.

    Nobody is logged in: what it does is done by the system. It only submits, so that what is not of a trusted firm
    waits for a moderator as everybody's ads do.
    """

    employer: Employer
    postings: list[Posting]
    places: Places = field(default_factory=Places)
    publish: bool = False
    full_time_hours: Decimal | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    missing: list[Vacancy] = field(default_factory=list)

    def __post_init__(self):
        self.today = localdate()
        self.cities = list(City.objects.live().select_related("place"))
        self.city_of: dict[int, City | None] = {}
        self.postings = self._without_doubles()

    def settle_places(self) -> None:
        """Looks up the places of all postings but those whose place was settled by an earlier file."""
        origins = Origin.objects.filter(vacancy__employer=self.employer)
        known = {
            (source, number): said
            for source, number, said in origins.values_list("vacancy__source", "vacancy__external_id", "said")
        }
        self.places.settle(
            posting.where
            for posting in self.postings
            if posting.where
            and not self._faults(posting)
            and known.get(posting.identity, {}).get("place") != posting.said()["place"]
        )

    def run(self, *, dry_run: bool = False, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Fills `outcomes` and `missing`; with `dry_run` it only reads."""
        try:
            for start in range(0, len(self.postings), BATCH):
                batch = self.postings[start : start + BATCH]
                if dry_run:
                    outcomes = self._decide(batch)
                    self._foresee([each for each in outcomes if each.is_to_be_submitted])
                    self.outcomes += outcomes
                else:
                    with transaction.atomic():
                        # A second import of the same file finds what this one has stored; trust may have been withdrawn.
                        self.employer = self.employer.lock()
                        outcomes = self._decide(batch)
                        self._store(outcomes)
                    self.outcomes += outcomes
                    self._take_steps(outcomes)
                progress(len(self.outcomes), len(self.postings))
        finally:  # also of one that is broken off
            self._tell()
        self.missing = self._missing()

    # What becomes of them

    def _without_doubles(self) -> list[Posting]:
        """Of what stands twice in the same words one; of what contradicts itself none."""
        first: dict[tuple, Posting] = {}
        times = Counter(posting.identity for posting in self.postings if posting.external_id)
        contradicting = {
            posting.identity
            for posting in self.postings
            if times[posting.identity] > 1 and first.setdefault(posting.identity, posting).said() != posting.said()
        }
        kept = []
        for posting in self.postings:
            if posting.identity in contradicting:
                words = f"Die Kennung {posting.external_id} steht mehrmals in der Datei, mit verschiedenen Angaben."
                kept.append(replace(posting, faults=[*posting.faults, words]))
            elif times[posting.identity] < 2 or first[posting.identity] is posting:
                kept.append(posting)
        return kept

    def _faults(self, posting: Posting) -> list[str]:
        """Why a posting cannot become an ad of this firm today."""
        found = list(posting.faults)
        sites = {domains.of_website(site) for site in posting.firm_sites} - {""}
        named = posting.firm or ", ".join(sorted(sites))
        if named and known_as(posting.firm) != self.employer.folded and self.employer.domain not in sites:
            found.append(f"Die Stelle gehört zu einer anderen Firma: {named[:80]}.")
        if posting.last_day and posting.last_day < self.today:
            found.append(f"Die Stelle ist am {day(posting.last_day)} abgelaufen.")
        elif posting.first_day and posting.last_day and posting.last_day < posting.first_day:
            found.append("Der letzte Tag liegt vor dem ersten.")
        elif posting.first_day and posting.first_day > self.today + timedelta(days=MAX_RUN_DAYS):
            found.append(f"Die Stelle beginnt erst am {day(posting.first_day)}.")
        return found

    def _decide(self, batch: list[Posting]) -> list[Outcome]:
        stored = {
            (vacancy.source, vacancy.external_id): vacancy
            for vacancy in Vacancy.objects.filter(
                employer=self.employer,
                external_id__in=[posting.external_id for posting in batch if posting.external_id],
            ).select_related("place", "origin")
        }
        for vacancy in stored.values():
            vacancy.employer = self.employer
        outcomes = [self._outcome(posting, stored.get(posting.identity)) for posting in batch]
        for outcome in outcomes:
            outcome.is_to_be_submitted = self.publish and outcome.step == "draft"
        rows = differences.rows_of_each([difference(each.vacancy, each.changes) for each in outcomes])
        for outcome, found in zip(outcomes, rows, strict=True):
            outcome.rows = found
        return outcomes

    def _outcome(self, posting: Posting, vacancy: Vacancy | None) -> Outcome:
        left_out = Outcome(posting, "left_out", vacancy=vacancy)
        if faults := self._faults(posting):
            left_out.reasons = faults
            return left_out
        if vacancy and vacancy.status in OVER:
            left_out.reasons = [f"Die Anzeige ist {OVER[Status(vacancy.status)]}; ein Import öffnet sie nicht wieder."]
            return left_out
        said = posting.said()
        before = vacancy.origin.said if vacancy and hasattr(vacancy, "origin") else {}
        new = {name for name in said if said[name] != before.get(name)}
        if posting.where and "place" in new and not self.places.get(posting.where):
            left_out.reasons = [f"Welcher Ort mit „{posting.where}“ gemeint ist, ist nicht klar."]
            return left_out
        if vacancy is None:
            return self._new(posting)
        return self._changed(posting, vacancy, new)

    def _values(self, posting: Posting) -> dict:
        """Column → value, as an ad of this firm would hold them today."""
        place = self.places.get(posting.where) if posting.where else None
        values = {**posting.says, "place": place}
        if self.full_time_hours and values["hours_high"] is None and values["working_time"] != Vacancy.WorkingTime.PART:
            values |= {"hours_high": self.full_time_hours, "full_time_hours": self.full_time_hours}
            if values["working_time"] == Vacancy.WorkingTime.FULL:
                values["hours_low"] = self.full_time_hours
        return values

    def _new(self, posting: Posting) -> Outcome:
        latest = self.today + timedelta(days=MAX_RUN_DAYS)
        first_day = max(self.today, posting.first_day or self.today)
        last_day = min(posting.last_day or max(first_day, self.today) + DEFAULT_RUN, latest)
        notes = list(posting.notes)
        if posting.last_day is None:
            notes.append(f"Ohne letzten Tag läuft die Anzeige {DEFAULT_RUN.days} Tage.")
        elif posting.last_day > latest:
            notes.append(f"Der letzte Tag liegt zu weit voraus; er ist auf {MAX_RUN_DAYS} Tage gekürzt.")
        vacancy = Vacancy(
            employer=self.employer,
            employer_kind=self.employer.kind,
            first_day=first_day,
            last_day=last_day,
            source=posting.source,
            external_id=posting.external_id,
            **self._values(posting),
        )
        vacancy.derive_pay()
        vacancy.city = self._city(vacancy.place)
        try:
            vacancy.clean_fields(exclude=NOT_CLEANED)
        except ValidationError as error:
            return Outcome(posting, "left_out", reasons=_reasons(error))
        return Outcome(posting, "new", "draft", notes=notes, vacancy=vacancy, hears_more=True)

    def _city(self, place):
        if place is None:
            return None
        if place.pk not in self.city_of:
            self.city_of[place.pk] = city_for(place, self.cities)
        return self.city_of[place.pk]

    def _changed(self, posting: Posting, vacancy: Vacancy, new: set[str]) -> Outcome:
        """What the file says differently than last time; what people have changed meanwhile stays theirs."""
        outcome = Outcome(posting, "unchanged", vacancy=vacancy, hears_more=bool(new))
        waits = vacancy.status == Status.DRAFT and vacancy.submitted_at is None
        outcome.step = "draft" if waits else ""
        values = self._values(posting)
        if posting.where and not values["place"]:  # settled by an earlier file
            values["place"] = vacancy.place
        new = new.union(*(group for group in GROUPS if group & new)) & values.keys() | (new & {"last_day"})
        if posting.last_day and "last_day" in new:
            values["last_day"] = min(posting.last_day, self.today + timedelta(days=MAX_RUN_DAYS))
        else:
            new.discard("last_day")
        shown = vacancy.as_revised() if new and vacancy.can("edit") else vacancy
        if "last_day" in new and vacancy.can("edit") and values["last_day"] > shown.last_day:
            new.discard("last_day")
            outcome.notes = [
                "Die Datei nennt einen späteren letzten Tag; länger läuft eine Anzeige, wenn die Firma sie verlängert."
            ]
        wanted = {name: plain(name, values[name]) for name in new}
        outcome.changes = {name: value for name, value in wanted.items() if value != shown.plain(name)}
        if not outcome.changes:
            return outcome
        outcome.kind, outcome.notes = "changed", outcome.notes + posting.notes
        if vacancy.status == Status.IN_REVIEW:
            outcome.kind, outcome.step = "left_out", ""
            outcome.reasons = ["Die Anzeige ist gerade in Prüfung; die Änderung kommt beim nächsten Import danach an."]
            return outcome
        try:
            if vacancy.status == Status.DRAFT:
                outcome.step = "draft"
                revised = vacancy.with_changes(outcome.changes)
                revised.clean_fields(exclude=NOT_CLEANED)
            else:
                outcome.step = vacancy.foresee_edit(outcome.changes)
        except ValidationError as error:
            outcome.kind, outcome.step, outcome.reasons = "left_out", "", _reasons(error)
        return outcome

    def _foresee(self, drafts: list[Outcome]) -> None:
        """Which of them can be submitted, by the questions that submit() asks."""
        ads = [each.vacancy.with_changes(each.changes) if each.changes else each.vacancy for each in drafts]
        for outcome, ad, hits in zip(drafts, ads, linter.lint_all(ads, on=self.today), strict=True):
            try:
                ad.check_complete(on=self.today)
                linter.check(hits)
            except ValidationError as error:
                outcome.reasons = _reasons(error)
            else:
                outcome.step = "publish" if self.employer.is_trusted and not hits else "submit"

    def _missing(self) -> list[Vacancy]:
        """Ads of the same sources that the file no longer names: perhaps to be withdrawn, by the firm."""
        there = {posting.identity for posting in self.postings}
        ads = Vacancy.objects.filter(
            employer=self.employer,
            source__in={posting.source for posting in self.postings},
            status__in=[Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.PAUSED],
        ).exclude(external_id="")
        return [
            ad
            for ad in ads.only("title", "status", "source", "external_id")
            if (ad.source, ad.external_id) not in there
        ]

    # Storing

    def _store(self, outcomes: list[Outcome]) -> None:
        """What needs no verb: drafts and what the search knows of them."""
        at = timezone.now()
        new = [each for each in outcomes if each.kind == "new"]
        Vacancy.objects.bulk_create([each.vacancy for each in new])
        VacancyEvent.objects.bulk_create(
            VacancyEvent(
                vacancy=each.vacancy,
                step=VacancyEvent.Step.CREATE,
                role=VacancyEvent.Role.SYSTEM,
                data={"source": each.posting.source, "external_id": each.posting.external_id},
                at=at,
            )
            for each in new
        )
        drafts = [each for each in outcomes if each.kind == "changed" and each.vacancy.status == Status.DRAFT]
        drafts.sort(key=lambda each: each.vacancy.pk)  # as the search locks them, or the two wait for each other
        revised = [each for each in drafts if self._revise(each, at)]
        heard = [
            each
            for each in outcomes
            if each.hears_more and each.kind != "left_out" and (each.kind != "changed" or each in revised)
        ]
        self._remember(heard, at)
        if touched := [each.vacancy.pk for each in [*new, *revised]]:
            search.index_all(Vacancy.objects.filter(pk__in=touched))

    def _revise(self, outcome: Outcome, at) -> bool:
        vacancy = outcome.vacancy
        revised = vacancy.with_changes(outcome.changes)
        columns = [field_of(name).attname for name in {*outcome.changes, "city", "pay_month_low", "pay_month_high"}]
        unchanged = Vacancy.objects.filter(pk=vacancy.pk, status=Status.DRAFT, version=vacancy.version)
        if unchanged.update(
            version=F("version") + 1, changed_at=at, **{name: getattr(revised, name) for name in columns}
        ):
            outcome.vacancy = Vacancy.objects.select_related("employer", "place").get(pk=vacancy.pk)
            return True
        _too_late(outcome)
        return False

    def _remember(self, outcomes: list[Outcome], at) -> None:
        """What the file has said, so that the next one is compared with it."""
        Origin.objects.bulk_create(
            [Origin(vacancy=each.vacancy, said=each.posting.said(), read_at=at) for each in outcomes],
            update_conflicts=True,
            unique_fields=["vacancy"],
            update_fields=["said", "read_at"],
        )

    def _take_steps(self, outcomes: list[Outcome]) -> None:
        handed_in = [each for each in outcomes if each.is_to_be_submitted and each.kind != "left_out"]
        hits = linter.lint_all([each.vacancy for each in handed_in], on=self.today)
        said = {each.vacancy.pk: found for each, found in zip(handed_in, hits, strict=True)}
        for outcome in outcomes:
            self._take_step(outcome, said)

    def _take_step(self, outcome: Outcome, hits: dict[int, list[linter.Hit]]) -> None:
        """In a transaction of its own: it holds the stamp of a city, which others wait for."""
        vacancy = outcome.vacancy
        try:
            if outcome.kind == "changed" and outcome.step in ("live", "waiting"):
                with transaction.atomic():
                    vacancy.edit(None, outcome.changes, vacancy.version, is_told=False)
                    self._remember([outcome], timezone.now())
                outcome.is_taken = True
            elif vacancy and vacancy.pk in hits:
                vacancy.submit(None, hits=hits[vacancy.pk], is_told=False)
                outcome.step = "publish" if vacancy.status == Status.PUBLISHED else "submit"
                outcome.is_taken = True
        except WrongStatus:
            _too_late(outcome)
        except ValidationError as error:
            outcome.reasons = _reasons(error)
            if not outcome.is_to_be_submitted:
                outcome.kind, outcome.step = "left_out", ""

    def _tell(self) -> None:
        """One mail about all steps; none where nothing went any further."""
        taken = [each for each in self.outcomes if each.is_taken]
        if not taken:
            return
        ads: dict[str, list] = {kind: [] for kind in TOLD.values()}
        for each in taken:
            labels = [row.label for row in each.rows] if each.step in ("live", "waiting") else []
            ads[TOLD[each.step]].append((each.vacancy, labels))
        drafts = [each for each in self.outcomes if each.step == "draft" and each.reasons]
        ads["drafts"] = [(each.vacancy, each.reasons) for each in drafts]
        emails.vacancies_taken_over(self.employer, ads, timezone.now())


def _too_late(outcome: Outcome) -> None:
    outcome.kind, outcome.step = "left_out", ""
    outcome.reasons = ["Jemand hat die Anzeige im selben Augenblick geändert; bitte noch einmal einlesen."]


def _reasons(error: ValidationError) -> list[str]:
    """By field where they have one; the columns' own names go before what does not name them."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    labels = {field.name: str(field.verbose_name) for field in Vacancy._meta.fields} | {"place_name": "Ort"}
    return [
        f"{labels.get(name, name)}: {' '.join(each.messages)}"
        for name, errors in error.error_dict.items()
        for each in errors
    ]
