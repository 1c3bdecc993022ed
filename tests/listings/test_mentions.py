"""Which facts an ad mentions, and that whatever changes it or them is followed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from listings import city_views, counted, daily, search
from listings.models import SearchText, Vacancy
from listings.search import indexing
from profiles.models import Fact
from tests.make import HAGEN, make_employer, make_user, make_vacancy

pytestmark = pytest.mark.django_db


def mentions(vacancy):
    return set(Vacancy.objects.get(pk=vacancy.pk).mentions.values_list("slug", flat=True))


@pytest.mark.parametrize("field", ["title", "skills", "tasks", "profile", "offer"])
def test_an_ad_mentions_what_it_speaks_of_and_what_the_firm_has_chosen(employer, field):
    vacancy = make_vacancy(employer, facts=["erp"], **{field: "Confluence und noch etwas"})
    assert mentions(vacancy) == {"erp", "confluence"}
    assert list(vacancy.facts.values_list("slug", flat=True)) == ["erp"]


def test_what_it_ticks_counts_as_said(employer):
    vacancy = make_vacancy(employer, way_in=True, workplace="hybrid", remote_days=1)
    assert mentions(vacancy) == {"quereinstieg", "homeoffice"}
    assert mentions(make_vacancy(employer, workplace="remote")) == {"homeoffice"}


def test_a_sentence_does_not_run_over_into_the_next_field(employer):
    assert mentions(make_vacancy(employer, title="Koordination MS", skills="Project")) == set()


def test_an_edit_of_a_running_ad_is_followed(employer, anna):
    vacancy = make_vacancy(employer, open=True, tasks="Jira pflegen.")
    vacancy.edit(anna, {"tasks": "Confluence pflegen."}, vacancy.version)
    assert mentions(vacancy) == {"confluence"}


def test_a_change_that_waits_counts_once_it_is_accepted(employer, anna, rita):
    vacancy = make_vacancy(employer, open=True)
    vacancy.edit(anna, {"title": "SAP-Koordination (m/w/d)"}, vacancy.version)
    assert mentions(vacancy) == set()
    vacancy.accept_revision(rita, vacancy.waiting_revision().version)
    assert mentions(vacancy) == {"sap"}


def test_a_duplicate_mentions_the_same(employer, anna):
    vacancy = make_vacancy(employer, open=True, facts=["erp"], tasks="Jira pflegen.")
    assert mentions(vacancy.duplicate(anna)) == {"erp", "jira"}


def test_a_text_that_is_forgotten_mentions_nothing(employer):
    long_ago = timezone.now() - timedelta(days=500)
    vacancy = make_vacancy(employer, status="closed", facts=["erp"], tasks="Jira pflegen.", at=long_ago)
    daily.forget_texts(timezone.now())
    assert mentions(vacancy) == set()
    Fact.objects.update(is_followed=False)
    search.follow_facts()
    assert mentions(vacancy) == set()
    text = SearchText.objects.get(vacancy=vacancy)
    assert text.everything == text.title != ""


def test_index_writes_only_what_is_different(employer, django_assert_num_queries):
    vacancy = make_vacancy(employer, facts=["erp"], tasks="Jira pflegen.")
    # Its row with its texts, the stamp of the concepts, all facts, which it has, its words; on PostgreSQL a lock.
    with django_assert_num_queries(5 + (connection.vendor == "postgresql")):
        search.index(vacancy)


def test_many_ads_are_read_with_few_questions(employer, django_assert_max_num_queries):
    for _ in range(5):
        make_vacancy(employer, facts=["erp"])
    with django_assert_max_num_queries(7):
        search.index_all(Vacancy.objects.all())


@pytest.fixture
def fact():
    return Fact.objects.create(slug="cobol", name="Cobol", kind="tool")


def change_page(fact):
    return f"/redaktion/profiles/fact/{fact.pk}/change/"


def change(client, fact, **fields):
    values = {"name": fact.name, "kind": fact.kind, "wordings": fact.wordings, "exceptions": fact.exceptions} | fields
    return client.post(change_page(fact), {"slug": fact.slug, **values}, follow=True)


def test_new_wordings_are_followed_at_once_where_the_ads_are_few(client_of, rita, employer, fact):
    running = make_vacancy(employer, open=True, tasks="Sie hüten ein COBOL-System.")
    draft = make_vacancy(employer, tasks="Cobol.")
    change(client_of(rita), fact, wordings="Cobol")
    assert mentions(running) == mentions(draft) == {"cobol"}
    assert Fact.objects.get(pk=fact.pk).is_followed
    change(client_of(rita), fact, wordings="")
    assert mentions(running) == set()


def test_a_fact_that_is_added_finds_its_ads_and_stays_while_they_speak_of_it(client_of, rita, employer):
    vacancy = make_vacancy(employer, open=True, tasks="Sie hüten ein COBOL-System.")
    editor = client_of(rita)
    editor.post(
        "/redaktion/profiles/fact/add/", {"name": "Cobol", "slug": "cobol", "kind": "tool", "wordings": "Cobol"}
    )
    assert mentions(vacancy) == {"cobol"}
    fact = Fact.objects.get(slug="cobol")
    delete = change_page(fact).replace("change", "delete")
    assert editor.post(delete, {"post": "yes"}).status_code == 403
    change(editor, fact, wordings="")
    editor.post(delete, {"post": "yes"})
    assert not Fact.objects.filter(slug="cobol").exists()


def test_of_many_ads_the_newest_follow_at_once_and_the_others_by_night(client_of, rita, employer, fact, monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    monkeypatch.setattr(indexing, "BATCH", 2)
    ads = [make_vacancy(employer, open=True, tasks="Cobol.") for _ in range(3)]
    html = change(client_of(rita), fact, wordings="Cobol").content.decode()
    assert "in der Nacht" in html
    assert [mentions(ad) for ad in ads] == [set(), {"cobol"}, {"cobol"}]
    assert daily.follow_facts(timezone.now()) > 0
    assert [mentions(ad) for ad in ads] == [{"cobol"}] * 3
    assert daily.follow_facts(timezone.now()) == 0


def test_a_fact_that_changes_again_meanwhile_is_not_taken_for_followed(fact):
    stale = Fact.objects.get(pk=fact.pk)
    Fact.objects.filter(pk=fact.pk).update(wordings="Cobol")
    assert indexing._settle([stale]) == 0
    assert not Fact.objects.get(pk=fact.pk).is_followed


def test_a_new_name_of_a_chosen_fact_is_found(client_of, rita, employer, fact):
    vacancy = make_vacancy(employer, open=True, facts=["cobol"])
    change(client_of(rita), fact, name="Kobold")
    assert vacancy in Vacancy.objects.matching("kobold")


def test_the_page_of_a_city_counts_what_the_list_holds(client, employer):
    make_vacancy(employer, open=True, place_id=HAGEN, facts=["erp"])
    make_vacancy(employer, open=True, place_id=HAGEN, tasks="ERP einführen.")
    make_vacancy(employer, open=True, tasks="ERP in Osnabrück.")
    make_vacancy(employer, place_id=HAGEN, facts=["erp"])
    make_vacancy(make_employer(), open=True, place_id=HAGEN, facts=["erp"], employer_kind="zeitarbeit")
    html = client.get("/staedte/hagen/").content.decode()
    assert '<a href="/stellen/?faktum=erp&amp;stadt=hagen">2 Stellen<' in html
    assert "faktum=mittelstand" not in html
    assert "2 Stellen" in client.get("/stellen/?faktum=erp&stadt=hagen").content.decode()


def test_the_page_of_a_city_with_very_many_ads_gives_no_number(client, employer, monkeypatch):
    for _ in range(3):
        make_vacancy(employer, open=True, place_id=HAGEN, facts=["erp"])
    monkeypatch.setattr(city_views, "CAP", 2)
    monkeypatch.setattr(counted, "CAP", 2)
    html = client.get("/staedte/hagen/").content.decode()
    assert '<a href="/stellen/?faktum=erp&amp;stadt=hagen">Stellen<' in html


def test_the_page_of_a_city_asks_few_questions(client, employer, django_assert_max_num_queries):
    for slug in ("erp", "industrie", "handel"):
        make_vacancy(employer, open=True, place_id=HAGEN, facts=[slug])
    with django_assert_max_num_queries(10):
        client.get("/staedte/hagen/")


def test_ads_are_found_from_the_fact_and_not_by_asking_each(employer):
    make_vacancy(employer, open=True, facts=["erp"])
    erp, pmi = (Fact.objects.get(slug=slug).pk for slug in ("erp", "pmi"))
    plan = Vacancy.objects.open().direct().mentioning([erp, pmi]).order_by().values("pk")[:1001].explain()
    assert "CORRELATED" not in plan  # SQLite
    assert "SubPlan" not in plan  # PostgreSQL


def test_an_ad_leads_to_others_that_speak_of_the_same(client, employer):
    vacancy = make_vacancy(employer, open=True, facts=["erp"], tasks="Jira pflegen.")
    html = client.get(vacancy.get_absolute_url()).content.decode()
    assert 'href="/stellen/?faktum=erp">ERP-Systeme</a>' in html
    assert html.index('href="/stellen/?faktum=erp"') < html.index("Auch davon spricht die Anzeige")
    assert html.index("Auch davon spricht die Anzeige") < html.index('href="/stellen/?faktum=jira"')


def test_the_preview_reads_the_text_that_is_not_public_yet(client_of, employer, anna):
    vacancy = make_vacancy(employer, open=True, title="Koordination (m/w/d)")
    vacancy.edit(anna, {"title": "Confluence-Koordination (m/w/d)"}, vacancy.version)
    html = client_of(anna).get(f"/arbeitgeber/stellen/{vacancy.pk}/vorschau/").content.decode()
    assert "/stellen/?faktum=confluence" in html


def test_editors_see_where_a_fact_is_used_and_try_its_wordings(
    client_of, rita, employer, django_assert_max_num_queries
):
    make_vacancy(employer, open=True, tasks="Jira pflegen.")
    editor = client_of(rita)
    with django_assert_max_num_queries(15):
        html = editor.get("/redaktion/profiles/fact/?q=jira").content.decode()
    assert re.search(r'field-city_count">\d+<.*field-ad_count">1<', html)
    assert (
        "Gespeicherte Wendungen ausprobieren" in editor.get(change_page(Fact.objects.get(slug="jira"))).content.decode()
    )
    with django_assert_max_num_queries(15):
        html = editor.post("/redaktion/profiles/fact/probe/", {"text": "Jira-Board, ohne SAP"}).content.decode()
    assert "1 Merkmal\n" in html
    assert ">Jira</a>: „Jira“" in html
    assert "Kein Merkmal" in editor.post("/redaktion/profiles/fact/probe/", {"text": "nichts"}).content.decode()
    assert "Merkmal" in editor.post("/redaktion/profiles/fact/probe/", {"text": "\x00"}).content.decode()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("von der", "In „von der“ steht kein Wort"),
        ("Cobol*", "„Cobol*“: Die Zeichen ~ * | … gelten hier nicht"),
        ("Cobol|Fortran", "„Cobol|Fortran“: Die Zeichen ~ * | … gelten hier nicht"),
    ],
)
def test_a_wording_that_cannot_work_is_refused_beside_its_field(client_of, rita, fact, line, complaint):
    client = client_of(rita)
    assert complaint in change(client, fact, wordings=f"Cobol\n{line}").content.decode()
    assert complaint in change(client, fact, exceptions=line).content.decode()
    assert not change(client, fact, wordings="Mitarbeiter*innen").context.get("errors")


def test_only_editors_of_facts_try_their_wordings(client_of, db):
    assert client_of(make_user("Otto", is_staff=True)).get("/redaktion/profiles/fact/probe/").status_code == 403
