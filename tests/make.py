"""Builders: real objects, walked through the real verbs."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone
from django.utils.timezone import localdate

from jobboard.models import User
from listings import search
from listings.models import Employer, EmployerKind, Membership, Vacancy
from profiles.models import City, Edition, Fact, Place, SalaryFigure, Section

_numbers = count(1)
OSNABRUECK, OBERHAUSEN, HAGEN, HAMM, GELSENKIRCHEN = 2856883, 2860410, 2912621, 2911240, 2921466
PASSWORD = "Koordinaten-2026"
TEXTS = {
    "title": "IT-Projektkoordination (m/w/d)",
    "tasks": "Sie halten Termine, Beteiligte und Entscheidungen zusammen.",
    "profile": "Sie haben schon ein Projekt begleitet.",
    "offer": "Sie bekommen Zeit zum Einarbeiten.",
}


def make_user(name="Anna Adler", email="", **fields) -> User:
    email = email or f"{name.split()[0].lower()}{next(_numbers)}@firma.example"
    user = User(email=email, name=name, **fields)
    user.set_unusable_password()
    user.save()
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


def make_editor(name="Rita Richter", **fields) -> User:
    return make_user(name, is_staff=True, is_superuser=True, **fields)


def make_employer(name="", owner=None, **fields) -> Employer:
    name = name or f"Testwerk {next(_numbers)} GmbH"
    fields = {"slug": Employer.free_slug(name), "terms_version": "1", "terms_at": timezone.now(), **fields}
    employer = Employer.objects.create(name=name, **fields)
    Membership.objects.create(employer=employer, user=owner or make_user(), role=Membership.Role.OWNER)
    return employer


def make_colleague(employer, name="Ben Becker") -> User:
    user = make_user(name)
    Membership.objects.create(employer=employer, user=user, role=Membership.Role.RECRUITER)
    return user


def make_vacancy(employer=None, *, status="draft", open=False, facts=(), at=None, **fields) -> Vacancy:  # noqa: A002
    """A complete ad, led to `status` by the verbs. `open=True` is short for published and running today."""
    employer = employer or make_employer()
    owner = employer.memberships.get(role=Membership.Role.OWNER).user
    at = at or timezone.now()
    today = localdate(at)
    fields = {
        **TEXTS,
        "employer_kind": EmployerKind.DIRECT,
        "place_id": OSNABRUECK,
        "postal_code": "49074",
        "hours_low": Decimal(40),
        "hours_high": Decimal(40),
        "pay_low": Decimal(3500),
        "pay_high": Decimal(4000),
        "apply_email": "bewerbung@firma.example",
        "first_day": today,
        "last_day": today + timedelta(days=30),
        **fields,
    }
    vacancy = Vacancy(employer=employer, **fields)
    vacancy.save()
    vacancy.facts.set(Fact.objects.filter(slug__in=facts))
    search.index(vacancy)
    goal = "published" if open else status
    if goal == "draft":
        return vacancy
    vacancy.submit(owner, at=at)
    if goal == "in_review":
        return vacancy
    vacancy.publish(None, vacancy.version, at=at)
    if goal == "paused":
        vacancy.pause(owner, at=at)
    elif goal == "closed":
        vacancy.close(owner, Vacancy.ClosedAs.FILLED, at=at)
    elif goal == "removed":
        vacancy.remove(None, "Die Stelle gibt es nicht.", at=at)
    return vacancy


def make_city(place=OSNABRUECK, *, slug="", body="Wer hier anfängt, verdient 2.800 bis 3.400 Euro.") -> City:
    """A city with a live page of one section and one figure."""
    place = Place.objects.get(pk=place)
    city = City.objects.create(place=place, slug=slug or f"stadt-{place.pk}")
    edition = Edition.objects.create(city=city, number=1, lead=f"Arbeiten in {place.name}.")
    section = Section.objects.create(edition=edition, heading="Was es zu verdienen gibt", slug="geld", body=body)
    SalaryFigure.objects.create(
        edition=edition, section=section, level="einstieg", label="Einstieg", low=2800, high=3400, evidence=body
    )
    edition.publish(by=None)
    return city
