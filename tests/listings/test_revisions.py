"""Changes to ads that readers see already: which go live at once, which wait, and what becomes of them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from listings import differences
from listings.models import Revision, Vacancy, WrongStatus
from tests.make import HAMM, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def ad(employer):
    return make_vacancy(employer, open=True, facts=["jira"])


def edit(vacancy, by, **changes):
    return vacancy.edit(by, changes, vacancy.version)


def stored(vacancy):
    return Vacancy.objects.get(pk=vacancy.pk)


@pytest.mark.parametrize(
    "changes",
    [
        {"tasks": "Sie halten Termine und Beteiligte zusammen."},
        {"street": "Neuer Weg 5"},
        {"contact_name": "Carla Conrad"},
        {"remote_days": 2, "workplace": "on_site"},
        {"asks_photo": True},
        {"facts": ["jira", "erp"]},
        {"start": "1. April 2027"},
    ],
)
def test_what_nobody_relies_on_goes_live_at_once(ad, anna, changes):
    assert ad.edit(anna, changes, ad.version) == "live"
    assert not ad.revisions.exists()
    event = ad.events.last()
    assert event.step == "edit"
    assert set(event.data["changes"]) == set(changes) - {"workplace"}


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "IT-Projektassistenz (m/w/d)"},
        {"place": HAMM},
        {"workplace": "remote"},
        {"pay_low": Decimal("3600")},
        {"pay_high": "4200"},
        {"pay_unit": "year", "pay_low": 42000, "pay_high": 48000},
        {"salaries_per_year": "13"},
        {"tariff": "TVöD, Entgeltgruppe 9b"},
        {"working_time": "part", "hours_low": 20, "hours_high": 20},
        {"employer_kind": "zeitarbeit"},
        {"apply_email": "anders@firma.example"},
        {"apply_email": "", "apply_url": "https://firma.example/bewerbung"},
        {"title": "IT-Projektassistenz (m/w/d)", "street": "Neuer Weg 5"},
    ],
)
def test_what_readers_rely_on_waits_while_the_old_text_stays(ad, anna, changes):
    before = Vacancy.objects.filter(pk=ad.pk).values(*Vacancy.CONTENT).get()
    assert ad.edit(anna, changes, ad.version) == "waiting"
    assert Vacancy.objects.filter(pk=ad.pk).values(*Vacancy.CONTENT).get() == before
    assert ad in Vacancy.objects.open()
    revision = ad.waiting_revision()
    assert set(revision.changes) == set(changes)
    assert ad in Vacancy.objects.waiting_for_review()
    revised = ad.as_revised()
    for name in changes:
        assert revised.plain(name) == revision.changes[name]


def test_hours_that_leave_the_pay_alone_go_live(ad, anna):
    assert edit(ad, anna, hours_low="35") == "live"


def test_a_linter_error_makes_a_change_wait(ad, anna, monkeypatch):
    monkeypatch.setattr(Vacancy, "blocking_hits", lambda self, on=None: ["L04"])
    assert edit(ad, anna, tasks="Nennen Sie Ihr bisheriges Gehalt.") == "waiting"


def test_an_edit_that_goes_live_is_found_by_the_search(ad, anna):
    edit(ad, anna, tasks="Sie betreuen Warenwirtschaft.", facts=["erp"])
    assert ad in Vacancy.objects.matching("warenwirtschaft")
    assert [fact.slug for fact in stored(ad).facts.all()] == ["erp"]


def test_editing_counts_as_confirming(employer, anna):
    ad = make_vacancy(employer, open=True, at=timezone.now() - timedelta(days=25))
    ad.ask()
    edit(ad, anna, start="ab sofort")
    assert (stored(ad).confirmed_on, stored(ad).asked_on) == (localdate(), None)


def test_what_a_form_hands_over_unchanged_is_no_change(ad, anna):
    version = ad.version
    everything = {name: getattr(ad, name) for name in Vacancy.CONTENT} | {"facts": ["jira"]}
    assert ad.edit(anna, everything, version) == "live"
    assert stored(ad).version == version
    assert ad.events.last().step == "publish"


def test_an_empty_line_at_the_end_is_no_change(employer, anna):
    ad = make_vacancy(employer, open=True, tasks="- Termine\n- Budget\n")
    assert edit(ad, anna, tasks="- Termine\n- Budget", contact_name="Carla Conrad") == "live"
    assert set(stored(ad).events.last().data["changes"]) == {"contact_name"}


def test_a_stale_version_is_refused(ad, anna, ben):
    other = stored(ad)
    edit(ad, anna, street="Neuer Weg 5")
    with pytest.raises(WrongStatus):
        edit(other, ben, street="Alter Weg 1")
    with pytest.raises(WrongStatus):
        ad.edit(ben, {"street": "Alter Weg 1"}, other.version)
    assert stored(ad).street == "Neuer Weg 5"


def test_further_edits_join_the_one_that_waits(ad, anna, ben):
    edit(ad, anna, title="IT-Projektassistenz (m/w/d)")
    assert edit(ad, ben, street="Neuer Weg 5") == "waiting"
    revision = ad.waiting_revision()
    assert revision.changes == {"title": "IT-Projektassistenz (m/w/d)", "street": "Neuer Weg 5"}
    assert (revision.version, revision.by) == (2, ben)
    assert stored(ad).street == ""


def test_two_tabs_cannot_overwrite_what_waits(ad, anna, ben):
    other = stored(ad)
    edit(ad, anna, pay_high="4200")
    with pytest.raises(WrongStatus):
        edit(other, ben, pay_high="4100")


def test_a_change_that_needs_no_review_any_more_goes_live_with_the_rest(ad, anna):
    title = ad.title
    edit(ad, anna, title="IT-Projektassistenz (m/w/d)", street="Neuer Weg 5")
    assert edit(ad, anna, title=title) == "live"
    assert ad.waiting_revision() is None
    assert stored(ad).street == "Neuer Weg 5"


def test_a_change_taken_back_by_hand_leaves_nothing_waiting(ad, anna):
    title = ad.title
    edit(ad, anna, title="IT-Projektassistenz (m/w/d)")
    assert edit(ad, anna, title=title) == "live"
    assert ad.revisions.get().state == "withdrawn"


def test_accepting_shows_readers_the_change(ad, anna, rita):
    edit(ad, anna, title="IT-Projektassistenz (m/w/d)", pay_high="4200", place=HAMM, facts=["erp"])
    seen = ad.waiting_revision().version
    ad.accept_revision(rita, seen)
    ad = stored(ad)
    assert (ad.title, ad.pay_month_high, ad.place_id) == ("IT-Projektassistenz (m/w/d)", 4200, HAMM)
    assert ad.city.slug == "hamm"
    assert ad in Vacancy.objects.matching("projektassistenz erp")
    revision = ad.revisions.get()
    assert (revision.state, revision.decided_by) == ("applied", rita)
    assert ad.events.last().data["changes"]["pay_high"] == ["4000.00", "4200.00"]


def test_accepting_refuses_a_version_that_the_editor_did_not_see(ad, anna, rita):
    edit(ad, anna, pay_high="4200")
    seen = ad.waiting_revision().version
    edit(ad, anna, pay_high="9000")
    with pytest.raises(WrongStatus):
        ad.accept_revision(rita, seen)
    with pytest.raises(WrongStatus):
        ad.return_revision(rita, "Bitte prüfen.", seen)
    assert stored(ad).pay_high == 4000


def test_a_second_editor_comes_too_late(ad, anna, rita):
    edit(ad, anna, pay_high="4200")
    other = stored(ad)
    ad.return_revision(rita, "Bitte nennen Sie den Zeitraum.", 1)
    with pytest.raises(WrongStatus):
        other.accept_revision(rita, 1)
    assert stored(ad).pay_high == 4000


def test_returning_needs_a_reason(ad, anna, rita):
    edit(ad, anna, pay_high="4200")
    with pytest.raises(ValidationError):
        ad.return_revision(rita, "  ", 1)
    assert ad.waiting_revision()


def test_after_a_decision_the_next_change_waits_anew(ad, anna, rita):
    edit(ad, anna, pay_high="4200")
    ad.return_revision(rita, "Bitte nennen Sie den Zeitraum.", 1)
    edit(ad, anna, pay_high="4300")
    ad.accept_revision(rita, 1)
    assert stored(ad).pay_high == 4300


@pytest.mark.parametrize("end", ["close", "remove"])
def test_nothing_waits_for_an_ad_that_is_over(ad, anna, rita, end):
    edit(ad, anna, pay_high="4200")
    if end == "close":
        ad.close(anna, "filled")
    else:
        ad.remove(rita, "Die Stelle gibt es nicht.")
    assert ad.revisions.get().state == "withdrawn"
    assert ad not in Vacancy.objects.waiting_for_review()


def test_one_change_at_most_waits_for_an_ad(ad, anna):
    edit(ad, anna, pay_high="4200")
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(vacancy=ad, changes={})


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"title": ""}, "title"),
        ({"tasks": ""}, "tasks"),
        ({"pay_low": None}, "pay_low"),
        ({"pay_low": "5000"}, "pay_low"),
        ({"hours_low": 41}, "hours_low"),
        ({"apply_url": "https://firma.example/"}, "apply_url"),
        ({"level": "meister"}, "level"),
        ({"first_day": "2030-01-01"}, "first_day"),
    ],
)
def test_what_no_ad_may_say_is_refused_by_field(ad, anna, changes, named):
    with pytest.raises(ValidationError) as error:
        ad.edit(anna, changes, ad.version)
    assert named in error.value.message_dict
    assert not ad.revisions.exists()


def test_an_edit_cannot_extend_but_shorten(ad, anna):
    with pytest.raises(ValidationError):
        edit(ad, anna, last_day=ad.last_day + timedelta(days=1))
    assert edit(ad, anna, last_day=localdate() + timedelta(days=3)) == "live"
    assert stored(ad).renewals == 0


def test_an_ad_that_has_not_begun_can_still_move_its_days(employer, anna):
    today = localdate()
    ad = make_vacancy(employer, open=True, first_day=today + timedelta(days=5))
    assert edit(ad, anna, first_day=today + timedelta(days=9), last_day=today + timedelta(days=60)) == "live"
    assert not stored(ad).is_open


def test_the_copy_with_changes_leaves_the_ad_alone(ad, anna):
    edit(ad, anna, title="IT-Projektassistenz (m/w/d)", place=HAMM, facts=["erp"])
    revised = ad.as_revised()
    assert (ad.place.name, revised.place.name) == ("Osnabrück", "Hamm")
    assert [fact.slug for fact in revised.facts.all()] == ["erp"]
    assert [fact.slug for fact in ad.facts.all()] == ["jira"]


def test_the_difference_is_told_in_words(ad, anna):
    edit(ad, anna, place=HAMM, pay_high="4200", workplace="hybrid", remote_days=2, facts=["erp"], asks_photo=True)
    rows = {row.label: (row.old, row.new) for row in differences.rows(ad.events.last().data["changes"])}
    assert rows["Ort"] == ("Osnabrück", "Hamm")
    assert rows["Gehalt bis"] == ("4.000\u00a0€", "4.200\u00a0€")
    assert rows["Vor Ort oder nicht"] == ("vor Ort", "hybrid")
    assert rows["Tage im Homeoffice je Woche"] == ("keine Angabe", "2")
    assert rows["Foto erwünscht"] == ("nein", "ja")
    assert "Jira" in rows["Merkmale"][0]


def test_long_texts_are_compared_word_by_word():
    before = "Sie halten Termine. " + "Das bleibt so. " * 30 + "Ende."
    after = "Sie planen Termine. " + "Das bleibt so. " * 30 + "Schluss."
    (row,) = differences.rows({"tasks": [before, after]})
    assert [part for part in row.parts if part[0] in ("gone", "new")] == [
        ("gone", "halten"),
        ("new", "planen"),
        ("gone", "Ende"),
        ("new", "Schluss"),
    ]
    assert ("cut", "…") in row.parts
    assert sum(len(text) for _, text in row.parts) < 150


def test_the_page_of_a_much_changed_ad_stays_quick(ad, anna, client_of, django_assert_max_num_queries):
    for number in range(12):
        edit(ad, anna, street=f"Neuer Weg {number}", facts=["jira"] if number % 2 else ["erp"])
    edit(ad, anna, pay_high="4100", place=HAMM, facts=["sap"])
    client = client_of(anna)
    with django_assert_max_num_queries(16):
        response = client.get(f"/arbeitgeber/stellen/{ad.pk}/")
    assert "Änderung in Prüfung" in response.content.decode()
