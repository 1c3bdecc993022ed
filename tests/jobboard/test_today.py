"""The admin's start page: what waits, how long, and where to go; calm where nothing is to be done."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from post_office.models import STATUS, Email

from jobboard.roles import ROLES
from jobboard.templatetags.board import waiting
from profiles.models import City, Edition, Place, SalaryFigure, Section
from tests.listings.employer_side import text_of
from tests.make import make_city, make_employer, make_user, make_vacancy

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def failed_mail(**fields):
    fields = {"subject": "Ihre Anzeige ist da", "message": "Link: https://geheim.example/abc", **fields}
    return Email.objects.create(
        **{"from_email": "a@b.example", "to": ["anna@firma.example"], "status": STATUS.failed} | fields
    )


def make_member(*roles):
    person = make_user("Mira Mai", is_staff=True)
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


@pytest.fixture
def today(client_of, rita):
    """today(): the start page, as a response and as text."""

    def ask(who=rita):
        response = client_of(who).get("/redaktion/")
        assert response.status_code == 200
        return response, text_of(response)

    return ask


def city(slug="hamm"):
    return City.objects.get(slug=slug)


def all_checked():
    SalaryFigure.objects.update(checked_on=localdate())


# Nothing to do


def test_a_day_on_which_nothing_waits_is_calm(today):
    all_checked()
    response, text = today()
    for sentence in (
        "Keine Anzeige wartet auf Prüfung.",
        "Keine Stadtseite ist in Arbeit.",
        "Keine Mail ist liegen geblieben.",
        "Alle Gehaltszahlen sind in den letzten zwölf Monaten geprüft.",
    ):
        assert sentence in text
    assert "today-block" not in response.content.decode().replace("today-blocks", "")


# Ads


def test_what_waits_for_review_is_counted_and_the_oldest_named_with_its_age(today):
    make_vacancy(status="in_review", title="Die ältere (m/w/d)", at=timezone.now() - 3 * DAY)
    younger = make_vacancy(status="in_review", title="Die jüngere (m/w/d)")
    response, text = today()
    assert "2 Anzeigen warten auf Prüfung" in text
    assert text.index("Die ältere") < text.index("Die jüngere")
    assert "wartet seit 3 Tagen" in text
    html = response.content.decode()
    assert reverse("admin:listings_vacancy_review_queue") in html
    assert reverse("admin:listings_vacancy_review", args=[younger.pk]) in html


def test_changes_that_wait_are_named_and_those_of_ones_own_firm_counted(today, rita):
    employer = make_employer(owner=rita)
    vacancy = make_vacancy(employer, open=True)
    vacancy.edit(rita, {"title": "Anderer Titel (m/w/d)"}, vacancy.version)
    make_vacancy(status="in_review")
    _, text = today()
    assert "2 Anzeigen warten" in text
    assert "1 davon ist eine Änderung an einer laufenden Anzeige." in text
    assert "1 davon gehört zu Ihrer eigenen Firma." in text


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "seit eben"), (1, "seit einer Minute"), (59, "seit 59 Minuten"), (60, "seit einer Stunde"),
        (23 * 60, "seit 23 Stunden"), (24 * 60, "seit einem Tag"), (20 * 1440, "seit 20 Tagen"),
        (21 * 1440, "seit 3 Wochen"), (100 * 1440, "seit 3 Monaten"), (-5, "seit eben"),
    ],
)  # fmt: skip
def test_an_age_is_said_in_words(minutes, words):
    assert waiting(timezone.now() - timedelta(minutes=minutes, seconds=1 if minutes >= 0 else 0)) == words


# City pages


def test_who_writes_on_which_city_and_what_is_missing(today, rita):
    edition = city().working_edition(rita)
    Edition.objects.filter(pk=edition.pk).update(created_at=timezone.now() - 9 * DAY)
    edition.sections.update(body="Alles neu.")
    response, text = today()
    assert "1 Arbeitsfassung" in text
    assert "Hamm · Ausgabe 2" in text
    assert "in Arbeit seit 9 Tagen, begonnen von Rita Richter" in text
    assert "steht nicht mehr im Abschnitt" in text
    assert "weitere" in text, "the list of what is missing ends somewhere"
    assert reverse("admin:profiles_edition_change", args=[edition.pk]) in response.content.decode()


def test_an_edition_with_a_date_is_named_with_it(today, rita):
    edition = city().working_edition(rita)
    edition.publish(rita, at=timezone.now() + 9 * DAY)
    _, text = today()
    assert f"erscheint {edition.appears}, geplant von Rita Richter" in text


def test_a_page_that_is_read_without_its_evidence_is_named_first_of_the_city_pages(today, rita):
    live = city("gelsenkirchen").live_edition()
    Section.objects.filter(edition=live).update(body="Durch einen Import ersetzt.")
    city().working_edition(rita)
    response, text = today()
    assert "1 Seite ohne vollständigen Beleg" in text
    assert "Gelsenkirchen · Ausgabe 1 ist so zu lesen" in text
    assert text.index("Gelsenkirchen") < text.index("Hamm · Ausgabe 2")
    assert reverse("admin:profiles_city_change", args=[live.city_id]) in response.content.decode()


def test_earlier_editions_need_no_evidence_any_more(today, rita):
    all_checked()
    old = city().live_edition()
    city().working_edition(rita).publish(rita)
    Section.objects.filter(edition=old).update(body="Verloren.")
    assert "ohne vollständigen Beleg" not in today()[1]


def test_figures_that_nobody_has_checked_for_a_year_are_counted_by_city(today):
    all_checked()
    SalaryFigure.objects.filter(edition__city=city()).update(checked_on=localdate() - 400 * DAY)
    SalaryFigure.objects.filter(edition__city=city("hagen")).update(checked_on=None)
    response, text = today()
    assert "4 Gehaltszahlen zu prüfen" in text
    assert text.index("Hagen 2 Zahlen, noch nie geprüft") < text.index("Hamm 2 Zahlen, zuletzt geprüft am")
    assert f"{reverse('admin:profiles_city_change', args=[city().pk])}#zahlen" in response.content.decode()


@pytest.mark.parametrize(
    ("checked", "today", "wants"),
    [
        (None, date(2026, 1, 1), True),
        (date(2025, 3, 15), date(2026, 3, 14), False),
        (date(2025, 3, 15), date(2026, 3, 15), True),
        (date(2025, 3, 31), date(2026, 3, 30), False),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_a_check_lasts_twelve_months(checked, today, wants):
    assert SalaryFigure(checked_on=checked).wants_check(today) == wants


def test_figures_of_a_working_copy_or_of_history_want_no_check(today, rita):
    all_checked()
    draft = city().working_edition(rita)
    draft.figures.update(checked_on=None)
    assert "Alle Gehaltszahlen" in today()[1]


# Drift


def drift():
    for number in range(5):
        employer = make_employer() if number < 3 else employer  # noqa: F821 (of the round before)
        make_vacancy(employer, open=True, level="erfahren", pay_low=4700, pay_high=5000)


def test_a_city_whose_ads_pay_something_else_than_its_text_says_is_named_with_both_figures(today):
    drift()
    response, text = today()
    assert "1 Stadt hat sich von den eigenen Spannen entfernt" in text
    for words in (
        "Osnabrück",
        "Mit Erfahrung",
        "Median bei 4.700 €",
        "3.600 bis 4.000 €",
        "5 Anzeigen von 3 Arbeitgebern",
    ):
        assert words in text.replace("\u00a0", " ")
    assert f"{reverse('admin:profiles_city_change', args=[city('osnabrueck').pk])}#zahlen" in response.content.decode()


def test_ads_that_pay_what_the_text_says_are_no_news(today):
    make_vacancy(open=True)
    assert "passt zu den Spannen" in today()[1]


# Mails


def test_failed_mails_are_named_but_never_what_they_say(today):
    failed_mail()
    failed_mail(status=STATUS.requeued)
    response, text = today()
    assert "1 Mail ist nicht angekommen" in text
    assert "Ihre Anzeige ist da an anna@firma.example" in text
    assert "1 weitere wird noch versucht." in text
    assert "geheim" not in response.content.decode()


def test_many_failed_mails_are_counted_and_the_newest_shown(today):
    for number in range(12):
        failed_mail(subject=f"Mail {number:02}")
    _, text = today()
    assert "12 Mails sind nicht angekommen" in text
    assert "Gezeigt werden die letzten 10." in text


def test_mails_that_are_tried_again_are_no_alarm(today):
    failed_mail(status=STATUS.requeued)
    assert "Keine Mail ist liegen geblieben, 1 noch unterwegs." in today()[1]


# What was done


def test_who_changed_what_is_said_with_a_link(today, client_of, rita):
    place = Place.objects.get(name="Osnabrück")
    client_of(rita).post(reverse("admin:profiles_place_change", args=[place.pk]), {"name": "Osnabrück an der Hase"})
    response, text = today()
    assert "Zuletzt geändert" in text
    assert "Osnabrück an der Hase (Niedersachsen)" in text
    assert "von Rita Richter" in text
    assert "Name: Osnabrück → Osnabrück an der Hase." in text
    assert reverse("admin:profiles_place_change", args=[place.pk]) in response.content.decode()


def test_who_decided_about_which_ad_is_said(today, rita):
    vacancy = make_vacancy(status="in_review", title="Gut so (m/w/d)")
    vacancy.publish(rita, vacancy.version)
    response, text = today()
    assert "Zuletzt entschieden Gut so (m/w/d) veröffentlicht am" in text
    assert reverse("admin:listings_vacancy_change", args=[vacancy.pk]) in response.content.decode()


def test_the_history_of_an_ad_is_what_happened_to_it(client_of, rita):
    vacancy = make_vacancy(status="in_review")
    vacancy.send_back(rita, "Der Ort fehlt.", vacancy.version)
    history = reverse("admin:listings_vacancy_history", args=[vacancy.pk])
    page = client_of(rita).get(history, follow=True)
    assert page.redirect_chain[-1][0].endswith("#events-group")
    assert 'id="events-group"' in page.content.decode()
    assert "Der Ort fehlt." in text_of(page)


# Each sees only its own


def test_nobody_sees_more_than_their_role(today, rita, client_of, anna):
    failed_mail()
    make_vacancy(status="in_review")
    city().working_edition(rita)
    client_of(rita).post(reverse("admin:profiles_place_change", args=[Place.objects.first().pk]), {"name": "Neu"})
    client_of(rita).post(
        reverse("admin:jobboard_user_change", args=[anna.pk]), {"name": "Anna Anders", "is_active": "on"}
    )
    assert LogEntry.objects.count() == 2
    seen = {role: today(make_member(role))[1] for role in ROLES}
    for words, own in {
        "auf Prüfung": "Moderation",
        "Arbeitsfassung": "Redaktion",
        "zu prüfen": "Redaktion",
        "Spannen": "Redaktion",
        "anna@firma.example": "Administration",
        "Anna Anders": "Administration",
        "Name: ": None,
    }.items():
        for role in ROLES:
            assert (words in seen[role]) == (role == own or (own is None and role != "Moderation")), (words, role)


# Ceiling


def everything_at_once(rita):
    for number, place in enumerate(Place.objects.filter(city=None, population__gt=100_000)[:25]):
        make_city(place.pk, slug=f"stadt-{number}")
    for each in City.objects.all()[::3]:
        each.working_edition(rita).sections.update(body="Verloren.")
    for each in City.objects.all()[1::3]:
        each.working_edition(rita).publish(rita, at=timezone.now() + DAY)
    Section.objects.filter(edition__in=[each.live_edition() for each in City.objects.all()[:4]]).update(body="Weg.")
    drift()
    for _ in range(3):
        make_vacancy(status="in_review")
        failed_mail()
        failed_mail(status=STATUS.requeued)
    make_vacancy(open=True).remove(rita, "Die Stelle gibt es nicht.")
    for each in Place.objects.all()[:10]:
        LogEntry.objects.log_actions(rita.pk, [each], 2, change_message="Name geändert.")


@pytest.mark.parametrize("who", ["superuser", "all roles"])
def test_the_start_page_takes_fifteen_queries_with_everything_on_it(
    client_of, rita, who, django_assert_max_num_queries
):
    everything_at_once(rita)
    client = client_of(rita if who == "superuser" else make_member(*ROLES))
    with django_assert_max_num_queries(15):
        text = text_of(client.get("/redaktion/"))
    for words in (
        "auf Prüfung",
        "ohne vollständigen Beleg",
        "Arbeitsfassungen",
        "zu prüfen",
        "angekommen",
        "Zuletzt geändert",
    ):
        assert words in text
