"""A demo board: fictitious employers and ads, made through the same verbs as real ones."""

import tomllib
import zlib
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from post_office.models import Email

from jobboard.models import MailKey, User
from listings import logos, search
from listings.models import DailyCount, Employer, Invitation, Membership, Vacancy, VacancyEvent
from profiles.models import Fact
from profiles.reference import FIXTURES

PASSWORD = "koordinaten-demo"  # noqa: S105 (published on purpose: a demo board holds nothing of anybody)
EDITOR = ("redaktion@koordinaten.example", "Rita Redlich")
ADMINISTRATOR = ("admin@koordinaten.example", "Arne Admin")
DEMO_EMPLOYER = "hasetal-foerdertechnik"
FIELDS = [
    "title", "level", "street", "postal_code", "tasks", "profile", "offer", "working_time", "contract", "workplace",
    "remote_days", "fixed_term_months", "start", "pay_unit", "tariff", "skills", "months_of_experience", "education",
    "way_in", "apply_email", "apply_url", "contact_name", "asks_cover_letter", "asks_photo", "asks_references",
    "reference_number",
]  # fmt: skip
AMOUNTS = ["hours_low", "hours_high", "full_time_hours", "pay_low", "pay_high", "salaries_per_year"]


def moment(days_ago: int, hour: int, minute: int = 0) -> datetime:
    """That day in Berlin at that hour, but never in the future."""
    day = localdate() - timedelta(days=days_ago)
    at = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    return min(at, timezone.now())


def chance(seed: str, below: int) -> int:
    """A number under `below` that looks random and never changes."""
    return zlib.crc32(seed.encode()) % below


class Command(BaseCommand):
    help = "Fills an empty board with fictitious employers and ads; refuses a database that holds real ones."

    def add_arguments(self, parser):
        parser.add_argument("--hello", action="store_true", help="only print what to open and how to log in")

    def handle(self, *, hello, **options):
        if not settings.DEMO:
            raise CommandError("This is not a demo board. Set DEMO=1 for a board to try out.")
        if hello:
            self.hello()
            return
        if Employer.objects.filter(slug=DEMO_EMPLOYER, terms_version="demo").exists():
            self.stdout.write("Der Demo-Bestand ist schon da; nichts geändert.")
            return
        if Employer.objects.exists() or User.objects.exists():
            raise CommandError("In dieser Datenbank stehen schon Firmen oder Zugänge; die Demo füllt nur eine leere.")
        with transaction.atomic():
            self.fill()

    def fill(self):
        self.facts = {fact.slug: fact for fact in Fact.objects.all()}
        self.editor = User.objects.create_user(EDITOR[0], PASSWORD, name=EDITOR[1], is_staff=True)
        self.editor.groups.set(Group.objects.filter(name__in=["Redaktion", "Moderation"]))
        User.objects.create_superuser(ADMINISTRATOR[0], PASSWORD, name=ADMINISTRATOR[1])
        for path in sorted((FIXTURES / "demo").glob("*.toml")):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            employer, people = self.make_employer(data, path.with_suffix(".png"))
            for entry in data["vacancies"]:
                author = people[entry.get("author", data["owner"]["email"])]
                self.make_vacancy(employer, author, entry)
            if data["employer"].get("trusted"):
                employer.trust(self.editor, at=moment(1, 15, 30))
            if invited := data["employer"].get("invited"):
                Invitation.send(
                    employer, people[data["owner"]["email"]], invited, Membership.Role.RECRUITER, moment(2, 9)
                )
            self.stdout.write(f"{employer}: {len(data['vacancies'])} Anzeigen")
        self.make_counts()
        # What was written about the past days would arrive only now.
        MailKey.objects.all().delete()
        Email.objects.all().delete()

    def make_employer(self, data, logo):
        """The firm and who writes for it, by e-mail address."""
        entry = data["employer"]
        at = moment(90, 9)
        employer = Employer.objects.create(
            **{key: entry[key] for key in ("name", "slug", "kind", "website", "size", "sector")},
            description=entry["description"].strip(),
            place_id=entry["place"],
            logo=logos.store(BytesIO(logo.read_bytes())) if logo.exists() else None,
            terms_version="demo",
            terms_at=at,
        )
        people = {}
        for person in [data["owner"], *data.get("colleagues", [])]:
            user = people[person["email"]] = User.objects.create_user(person["email"], PASSWORD, name=person["name"])
            user.accept_terms(at)
            role = Membership.Role.OWNER if person is data["owner"] else Membership.Role.RECRUITER
            Membership.objects.create(user=user, employer=employer, role=role, since=at)
        return employer, people

    def make_vacancy(self, employer, author, entry):
        state, days_ago, runs_for = entry["state"], entry["days_ago"], entry["runs_for"]
        written, submitted, decided = moment(days_ago + 2, 10), moment(days_ago + 1, 11, 20), moment(days_ago, 9, 40)
        if state in ("in_review", "draft", "sent_back"):
            submitted = moment(days_ago, 8, 15)
        first_day = localdate(decided)
        vacancy = Vacancy(
            employer=employer,
            employer_kind=employer.kind,
            place_id=entry.get("place"),
            first_day=first_day,
            last_day=first_day + timedelta(days=runs_for),
            created_at=min(written, submitted),
            changed_at=min(written, submitted),
            **{field: entry[field] for field in FIELDS if field in entry},
            **{field: Decimal(str(entry[field])) for field in AMOUNTS if field in entry},
        )
        vacancy.full_clean(exclude=["source", "external_id"])
        vacancy.save()
        vacancy.facts.set(self.facts[slug] for slug in entry.get("facts", []))
        search.index(vacancy)
        vacancy.events.create(
            step=VacancyEvent.Step.CREATE, by=author, role=VacancyEvent.Role.EMPLOYER, at=vacancy.created_at
        )
        if state == "draft":
            return
        vacancy.submit(author, at=submitted)
        if state == "in_review":
            return
        if state == "sent_back":
            vacancy.send_back(self.editor, entry["reason"].strip(), at=moment(max(days_ago - 1, 0), 15))
            return
        vacancy.publish(self.editor, vacancy.version, at=decided)
        if "extended" in entry:
            vacancy.extend(author, at=moment(entry["extended"], 10, 30))
        if "asked" in entry:
            vacancy.ask(at=moment(entry["asked"], 4))
        if "change" in entry:
            vacancy.edit(author, entry["change"], vacancy.version, at=moment(1, 16, 5))
        later = moment(max(days_ago - 7, 0), 14)
        if state == "paused":
            vacancy.pause(author, at=later)
        elif state in ("filled", "withdrawn"):
            vacancy.close(author, state, entry.get("filled_here", ""), at=later)
        elif state == "ended":
            vacancy.close(None, Vacancy.ClosedAs.ENDED, at=moment(days_ago - runs_for - 14, 3))

    def make_counts(self):
        """Views and clicks as ads have them: most in the first days, fewer at weekends, the same at every run."""
        counts = []
        for vacancy in Vacancy.objects.filter(first_published_at__isnull=False).prefetch_related("events"):
            pauses = [localdate(e.at) for e in vacancy.events.all() if e.step in ("pause", "close", "remove")]
            last = min([localdate(), vacancy.last_day, *pauses])
            liking = 6 + chance(vacancy.title, 14)
            for age in range((last - vacancy.first_day).days + 1):
                day = vacancy.first_day + timedelta(days=age)
                weekend = 2 if day.weekday() >= 5 else 1
                views = (liking + 30 // (age + 2) + chance(f"{vacancy.title} {age}", 7) - 3) // weekend
                clicks = sum(chance(f"{vacancy.title} {age} {view}", 100) < 6 for view in range(views))
                counts.append(DailyCount(vacancy=vacancy, day=day, views=views, clicks=clicks))
        DailyCount.objects.bulk_create(counts)

    def hello(self):
        base = settings.BASE_URL
        mails = (
            settings.EMAIL_FILE_PATH
            if "filebased" in settings.POST_OFFICE["BACKENDS"]["default"]
            else settings.EMAIL_HOST
        )
        self.stdout.write(
            f"""
  Koordinaten läuft.

    Startseite        {base}/
    Eine Stadtseite   {base}/staedte/osnabrueck/
    Alle Stellen      {base}/stellen/
    Für Arbeitgeber   {base}/arbeitgeber/
    Redaktion         {base}/redaktion/

  Zum Anmelden ({base}{reverse("account_login")}), Passwort jeweils {PASSWORD}

    Arbeitgeber       {Membership.objects.get(employer__slug=DEMO_EMPLOYER, role=Membership.Role.OWNER).user.email}
    Redaktion         {EDITOR[0]}
    Administration    {ADMINISTRATOR[0]}

  Mails gehen an      {mails}

  Beenden mit Strg+C.
"""
        )
