"""Ads follow whatever they are read by: in one go, once only, and never back to what they said before."""

import threading
import time
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.utils import timezone

from jobboard import german
from listings import daily, search
from listings.models import Concept, Employer, SearchText, Vacancy
from listings.reference import load_concepts
from listings.search import indexing
from profiles.models import Place
from profiles.reference import load_all
from tests.make import OSNABRUECK, make_employer, make_user, make_vacancy
from tests.races import at_once, needs_connections

pytestmark = pytest.mark.django_db


def reindex(**options):
    said = StringIO()
    call_command("reindex", stdout=said, **options)
    return said.getvalue()


def ads_with(word):
    roots = set(german.roots(word).split())
    texts = SearchText.objects.values_list("pk", "everything")
    return {pk for pk, everything in texts if roots <= set(everything.split())}


def make_old(*vacancies):
    """As a board before this search left them."""
    SearchText.objects.filter(pk__in=[each.pk for each in vacancies]).update(
        title="alt", facts="alt", everything="alt", stamp=""
    )


@pytest.fixture
def ads(employer):
    return [make_vacancy(employer, open=True, tasks="Kobold pflegen.") for _ in range(5)]


def test_only_what_is_due_is_read_anew(ads, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    assert reindex() == "Die Suche kennt alle Anzeigen, wie sie jetzt sind.\n"
    make_old(*ads[:3])
    SearchText.objects.filter(pk=ads[3].pk).delete()
    assert reindex().startswith("4 Anzeigen neu gelesen\n")
    assert ads_with("Kobold") == {each.pk for each in ads}
    assert not search.due().exists()
    SearchText.objects.filter(pk=ads[0].pk).update(everything="alt")
    assert "neu gelesen" not in reindex()
    assert reindex(all=True).startswith("5 Anzeigen neu gelesen\n")
    assert ads[0].pk in ads_with("Kobold")


def test_it_says_how_far_it_has_come_and_begins_with_the_newest(ads, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    monkeypatch.setattr("listings.management.commands.reindex.TOLD_EVERY", 2)
    make_old(*ads)
    assert reindex().splitlines()[:3] == [
        "2 von 5 Anzeigen neu gelesen",
        "4 von 5 Anzeigen neu gelesen",
        "5 Anzeigen neu gelesen",
    ]
    make_old(*ads)
    next(search.index_again())  # broken off
    assert ads_with("Kobold") == {ads[-1].pk, ads[-2].pk}
    assert "\n3 Anzeigen neu gelesen\n" in reindex()


def test_a_concept_that_changes_is_followed_by_night(ads):
    assert daily.index_again(timezone.now()) == 0
    concept = Concept.objects.create(name="Koboldpflege", wordings="Kobold pflegen\nElfen hüten")
    assert search.due().count() == 5
    assert daily.index_again(timezone.now()) == 5
    assert ads_with(f"zz{concept.pk}") == {each.pk for each in ads}


def test_an_update_brings_the_ads_up_to_it(ads):
    make_old(*ads)
    call_command("load_reference", stdout=(said := StringIO()))
    assert "5 Anzeigen neu gelesen" in said.getvalue()
    assert ads_with("Kobold") == {each.pk for each in ads}


def test_operators_are_told_of_ads_that_wait(ads):
    def told(databases):
        return [each.msg for each in run_checks(databases=databases) if each.id == "listings.W001"]

    assert told(["default"]) == []
    make_old(ads[0])
    assert "1 ads" in told(["default"])[0]
    assert told(None) == []


def test_a_firm_or_a_town_with_very_many_ads_is_followed_by_its_newest_at_once(ads, employer, monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    Place.objects.filter(pk=OSNABRUECK).update(name="Hasestadt")
    search.follow(Vacancy.objects.filter(place=OSNABRUECK))
    assert ads_with("Hasestadt") == {ads[-1].pk, ads[-2].pk}
    assert daily.index_again(timezone.now()) == 3
    assert ads_with("Hasestadt") == {each.pk for each in ads}


def test_ads_that_get_another_city_page_are_due(ads):
    Vacancy.objects.filter(pk=ads[0].pk).update(city=None)
    assert Vacancy.objects.connect_cities() == 1
    assert list(search.due()) == [ads[0]]


# Races


@pytest.fixture
def raced(transactional_db):
    load_all()  # a transactional test before this one has emptied the database
    load_concepts()
    owner = make_user()
    return make_employer(owner=owner), owner


@needs_connections
def test_two_runs_at_once_read_each_ad_once(raced, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    employer, _ = raced
    ads = [make_vacancy(employer, open=True, tasks="Kobold pflegen.") for _ in range(7)]
    make_old(*ads)
    assert sum(at_once(*[lambda: sum(search.index_again())] * 3)) == 7
    assert ads_with("Kobold") == {each.pk for each in ads}


def edited(ad, owner):
    Vacancy.objects.get(pk=ad.pk).edit(owner, {"tasks": "Elfen pflegen."}, ad.version)


def of_a_renamed_firm(ad, owner):
    Employer.objects.filter(pk=ad.employer_id).update(name="Elfen GmbH")
    search.follow(ad.employer.vacancies.all())


@needs_connections
@pytest.mark.parametrize(("change", "gone"), [(edited, "Kobold"), (of_a_renamed_firm, "Testwerk")])
def test_what_somebody_writes_meanwhile_stays(raced, monkeypatch, change, gone):
    employer, owner = raced
    ad = make_vacancy(employer, open=True, tasks="Kobold pflegen.")
    make_old(ad)
    read, write = threading.Event(), indexing._write

    def slowly(vacancies):
        """Leaves time between what was read and what is written, to the first who comes."""
        if not read.is_set():
            read.set()
            time.sleep(0.3)
        write(vacancies)

    def meanwhile():
        read.wait(5)
        change(ad, owner)

    monkeypatch.setattr(indexing, "_write", slowly)
    at_once(lambda: sum(search.index_again()), meanwhile)
    assert (ads_with("Elfen"), ads_with(gone)) == ({ad.pk}, set())
