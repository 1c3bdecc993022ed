"""Editors keep the concepts of the search and try them out."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from listings.models import Concept, SearchText
from listings.search import concepts
from listings.search.query import understand
from tests.listings.employer_side import text_of
from tests.make import make_user, make_vacancy

pytestmark = pytest.mark.django_db
TRIAL = reverse("admin:listings_concept_trial")
LIST = reverse("admin:listings_concept_changelist")
ADD = reverse("admin:listings_concept_add")


def own(**fields):
    return {"name": "Kobold", "wordings": "Kobold\nWichtel", "active": "on", **fields}


def test_the_list_shows_their_first_words_with_few_questions(editor, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        page = text_of(editor.get(LIST, {"q": "telearbeit"}))
    assert "Homeoffice, " in page
    assert "Projektassistenz" not in page


def test_a_concept_is_understood_as_soon_as_it_is_saved_and_says_how_many_ads_wait(editor, employer):
    make_vacancy(employer, open=True)
    pmo = Concept.objects.get(key="pmo")
    page = text_of(editor.post(ADD, own(related=[pmo.pk]), follow=True))
    assert "Eine Anzeige wartet darauf" in page
    concept = Concept.objects.get(name="Kobold")
    assert concept.edited
    assert understand("Wichtel").terms[0].concept == concept.pk
    assert understand("Wichtel").related[0][0].text == pmo.name
    change = reverse("admin:listings_concept_change", args=[concept.pk])
    assert "Zurzeit wartet eine." in text_of(editor.get(change))
    SearchText.objects.update(stamp=concepts.current().stamp)
    assert "Zurzeit wartet keine." in text_of(editor.get(change))
    page = text_of(editor.post(change, own(name="Troll", typed="Elfe", related=[pmo.pk]), follow=True))
    assert "wartet" not in page  # what is typed is understood, and no ad is read for it
    assert understand("Elfe").terms[0].concept == concept.pk
    editor.post(reverse("admin:listings_concept_delete", args=[concept.pk]), {"post": "yes"})
    assert understand("Wichtel").terms[0].concept is None


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"wordings": "Kobold\nTelearbeit"}, "„Telearbeit“ steht schon beim Begriff „Homeoffice“."),
        ({"wordings": "Kobold\nhome-office"}, "„home-office“ steht schon beim Begriff „Homeoffice“."),
        ({"typed": "Telearbeit"}, "„Telearbeit“ steht schon beim Begriff „Homeoffice“."),
        ({"wordings": "Kobold\ndaheim"}, "„daheim“ steht schon beim Begriff „Homeoffice“."),
        ({"typed": "von der"}, "In „von der“ steht kein Wort"),
        ({"wordings": "Kobold\nvon der"}, "In „von der“ steht kein Wort"),
        ({"wordings": "Kobold\n♥"}, "In „♥“ steht kein Wort"),
    ],
)
def test_a_wording_that_cannot_work_is_refused_beside_its_field(editor, fields, complaint):
    assert complaint in text_of(editor.post(ADD, own(**fields)))
    assert not Concept.objects.filter(name="Kobold").exists()


def test_a_concept_keeps_its_own_words_and_is_no_role_beside_itself(editor):
    office = Concept.objects.get(key="homeoffice")
    change = reverse("admin:listings_concept_change", args=[office.pk])
    fields = {"name": office.name, "wordings": f"{office.wordings}\n\n Wichteln \nWichteln", "active": "on"}
    assert "nicht mit sich selbst verwandt" in text_of(editor.post(change, {**fields, "related": [office.pk]}))
    editor.post(change, fields)
    office.refresh_from_db()
    assert office.wordings.splitlines()[-1] == "Wichteln"
    assert office.wordings.count("Wichteln") == 1


def test_a_concept_of_the_file_is_switched_off_and_not_deleted(editor):
    office = Concept.objects.get(key="homeoffice")
    delete = reverse("admin:listings_concept_delete", args=[office.pk])
    assert editor.post(delete, {"post": "yes"}).status_code == 403


def test_the_box_says_what_a_query_means(editor, employer):
    make_vacancy(employer, open=True, tasks="Projektbüro, mobiles Arbeiten")
    page = text_of(editor.post(TRIAL, {"text": "PMO Telearbeit Kobold"}))
    assert "PMO heißt Projektbüro (PMO) ( pmo )" in page
    assert "danach kommen: Projektkoordination, " in page
    assert "Telearbeit heißt Homeoffice ( tel arbeit )" in page
    assert "daheim heißt Homeoffice für Suchende, in einer Anzeige nicht" in text_of(
        editor.post(TRIAL, {"text": "daheim"})
    )


@pytest.mark.parametrize("text", ["und", "<b>", "x" * 300, "\0", " ", "%_*~…", "ß" * 200])
def test_the_box_takes_nothing_that_breaks_it(editor, text):
    response = editor.post(TRIAL, {"text": text})
    assert response.status_code == 200
    assert "<b>" not in response.content.decode()


def test_editors_keep_the_concepts_and_moderators_do_not(client_of):
    for name, status in (("Redaktion", 200), ("Moderation", 403)):
        person = make_user(name, is_staff=True)
        person.groups.set([Group.objects.get(name=name)])
        for page in (LIST, TRIAL, ADD):
            assert client_of(person).get(page).status_code == status, (name, page)
