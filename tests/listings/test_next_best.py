"""What is suggested where a query finds next to nothing, how lists are known to search engines, and what is told."""

import re

import pytest
from django.http import QueryDict

from listings.filter_words import FilterWords
from listings.filters import VacancyFilter
from listings.models import Concept
from tests.make import HAGEN, HAMM, make_employer, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def board(build_once):
    build_once(make_board)


def make_board():
    employer = make_employer("Hasewerk GmbH")
    make_vacancy(employer, open=True, place_id=HAGEN, title="Koordination Netze", level="spezialist")
    make_vacancy(
        employer, open=True, place_id=HAMM, working_time="part", hours_low=20, hours_high=20, full_time_hours=40
    )
    make_vacancy(employer, open=True, place_id=None, workplace="remote")
    make_vacancy(make_employer("Leihwerk GmbH", kind="zeitarbeit"), open=True, employer_kind="zeitarbeit")
    for _ in range(3):
        make_vacancy(employer, open=True)


def suggested(client, query):
    return {each.text: each.count for each in client.get(f"/stellen/?{query}").context["suggestions"]}


def test_an_empty_list_suggests_the_next_best(client, board):
    found = suggested(client, "stadt=hamm&niveau=spezialist")
    assert found["im Umkreis von 50 km um Hamm"] == 1
    assert found["in Hagen"] == 1
    assert found["ohne die Angabe „Spezialisierung“"] == 1
    assert found["in ganz Deutschland"] == 1
    assert found["alle offenen Stellen"] == 6
    found = suggested(client, "was=netze+hamm")
    assert found["im Umkreis von 50 km um Hamm"] == 1
    assert found["ohne „netze“"] == 1
    found = suggested(client, "wo=Hamm&umkreis=10&faktum=pmi&arbeitszeit=tz")
    assert found["ohne das Merkmal „PMI“"] == 1 if "ohne das Merkmal „PMI“" in found else found


def test_a_suggestion_has_more_than_the_list_and_none_stands_twice(client, board):
    for query in (
        "stadt=hamm",
        "wo=Hagen&umkreis=0",
        "was=xyzzy&genau=1",
        "gehalt_ab=9000&wo=Hamm",
        "niveau=spezialist",
    ):
        context = client.get(f"/stellen/?{query}").context
        assert context["suggestions"], query
        assert all(each.count > context["count"] for each in context["suggestions"])
        assert len({each.query for each in context["suggestions"]}) == len(context["suggestions"]) <= 7


def test_all_of_germany_is_no_way_on_where_the_text_names_another_town(client, board):
    assert "in ganz Deutschland" in suggested(client, "was=netze&wo=Hamm&umkreis=0")
    assert "in ganz Deutschland" not in suggested(client, "was=netze+Soest&wo=Hamm&umkreis=0")


def test_a_list_of_three_needs_no_suggestion(client, board):
    assert suggested(client, "stadt=osnabrueck") == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("sortierung=neueste&umkreis=25&was=&seite=1", ""),
        ("umkreis=50", ""),
        ("ortsunabhaengig=1&genau=1", ""),
        ("sortierung=treffer", ""),
        ("sortierung=entfernung", ""),
        ("was=sap&sortierung=treffer", "?was=sap"),
        ("was=sap&sortierung=neueste", "?sortierung=neueste&was=sap"),
        ("arbeitgeberart=direkt", ""),
        ("stadt=hamm&stadt=hagen&stadt=hamm", "?stadt=hagen&stadt=hamm"),
        ("wo=hamm&umkreis=025", "?wo=Hamm"),
        ("wo=59065+Hamm&umkreis=50+km", "?umkreis=50&wo=Hamm"),
        ("wo=osnabrueck&sortierung=entfernung", "?sortierung=entfernung&wo=Osnabr%C3%BCck"),
        ("wo=Xyzzyx&umkreis=50", ""),
        ("was=sap+hamm&wo=0", "?was=sap+hamm"),  # what is no town leaves the one in the text alone
        ("was=sap+hamm&wo=0&umkreis=50", "?umkreis=50&was=sap+hamm"),
        ("gehalt_ab=3.500+€", "?gehalt_ab=3500"),
        ("veroeffentlichtseit=007", "?veroeffentlichtseit=7"),
        ("was=++sap++erp", "?was=sap+erp"),
        ("was=PMO+Hamm", "?was=PMO+Hamm"),
        ("was=PMO+Hamm&umkreis=50", "?umkreis=50&was=PMO+Hamm"),
        ("was=PMO+Hamm&umkreis=50&sortierung=entfernung&ortsunabhaengig=1&genau=1", "?genau=1&was=PMO+Hamm"),
        ("utm_source=x&niveau=einstieg&niveau=quatsch", "?niveau=einstieg"),
    ],
)
def test_a_list_has_one_canonical_spelling(board, query, canonical):
    asked = VacancyFilter(QueryDict(query))
    assert FilterWords(asked).canonical == canonical
    again = VacancyFilter(QueryDict(canonical.removeprefix("?")))
    assert list(again.qs) == list(asked.qs)
    assert FilterWords(again).canonical == canonical


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "is_thin"),
    [
        ("", False),
        ("stadt=osnabrueck", False),
        ("faktum=homeoffice&stadt=osnabrueck", True),  # none there
        ("arbeitszeit=vz&stadt=osnabrueck", False),
        ("arbeitszeit=vz&stadt=osnabrueck&niveau=erfahren", True),
        ("stadt=osnabrueck&stadt=hamm", True),
        ("stadt=hamm", True),
        ("was=projektkoordination", True),
        ("wo=Osnabrück", True),
        ("gehalt_ab=3000", True),
        ("sortierung=gehalt", True),
        ("veroeffentlichtseit=7", True),
        ("arbeitgeberart=zeitarbeit", True),
    ],
)
def test_search_engines_are_shown_cities_and_single_facts_and_no_thin_lists(client, board, query, is_thin):
    response = client.get(f"/stellen/?{query}")
    assert response.context["filter"].is_thin == is_thin
    assert ('content="noindex' in response.content.decode()) == is_thin


def test_pages_of_a_list_stand_for_themselves(client, employer):
    for _ in range(21):
        make_vacancy(employer, open=True)
    html = client.get("/stellen/?seite=2").content.decode()
    assert re.search(r'rel="canonical" href="[^"]+/stellen/\?seite=2"', html)
    assert 'content="noindex' in html  # the ads stand in the sitemap


def test_a_word_that_no_ad_knows_is_named(client, board):
    page = client.get("/stellen/?was=xylophonbauer").content.decode()
    assert "<strong>„xylophonbauer“</strong> steht in keiner offenen Anzeige." in page
    page = client.get("/stellen/?was=xylophon+quastenflosser").content.decode()
    assert "quastenflosser" in page
    assert "gezeigt werden die, denen nur eines fehlt" not in page
    Concept.objects.create(name="Xylophonbau", wordings="Netze Xylophon")
    page = client.get("/stellen/?was=netze+xylophon").content.decode()
    assert "„netze xylophon“</strong> steht in keiner offenen Anzeige; gezeigt wird, was dem am nächsten kommt." in page
    assert "Koordination <mark>Netze</mark>" in page
    assert "gezeigt werden die, denen nur eines fehlt" not in page


def test_what_was_made_of_a_text_can_be_undone(board):
    words = FilterWords(VacancyFilter(QueryDict("was=koordination+hamm&niveau=einstieg")), more_count=3)
    [note] = [note for note in words.notes if note.kind == "place"]
    assert (note.used, note.undo) == ("Hamm", "?genau=1&niveau=einstieg&was=koordination+hamm")
    assert (note.more, note.more_count) == ("?niveau=einstieg&was=koordination&wo=Hamm", 3)
