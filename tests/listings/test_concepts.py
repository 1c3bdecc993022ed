"""One idea, many wordings: what the search makes of the editors' concepts."""

import pytest

from jobboard import german
from listings import reference
from listings.models import Concept, ConceptStamp
from listings.search import concepts
from listings.search.concepts import Concepts, Idea
from listings.search.query import understand

pytestmark = pytest.mark.django_db

OFFICE, SAP, COORDINATION, PMO = 1, 2, 3, 4
SOME = Concepts(
    [
        Idea(OFFICE, "Homeoffice", ("Homeoffice", "Remote", "von zu Hause"), typed=("daheim", "SAP daheim")),
        Idea(SAP, "SAP", ("SAP", "SAP ERP")),
        Idea(COORDINATION, "Projektkoordination", ("Projektkoordination", "Project Coordinator"), (PMO,)),
        Idea(PMO, "Projektbüro (PMO)", ("PMO", "Project Management Office")),
    ]
)


def roots(text):
    return SOME.roots(text, german.analyse(text))


def terms(text):
    return SOME.terms(text, german.analyse(text))


def read(text):
    return [(term.text, term.concept) for term in terms(text)]


def test_an_ad_holds_its_own_roots_and_one_for_each_concept():
    assert roots("SAP ERP, remote oder von zu Hause") == [
        *german.roots("SAP ERP, remote oder von zu Hause").split(),
        "zz2",
        "zz1",
    ]
    assert roots("") == []


def test_a_query_is_a_term_for_each_concept_and_each_word_besides():
    assert read("Project Coordinator remote Hamm") == [
        ("Project Coordinator", COORDINATION),
        ("remote", OFFICE),
        ("Hamm", None),
    ]
    assert read("") == []


def test_a_concept_is_also_found_by_what_was_typed():
    (term,) = terms("Remote")
    assert term.options == (("zz1",), tuple(german.roots("Remote").split()))
    assert (term.start, term.end) == (0, 6)
    (word,) = terms("Hamm")
    assert word.options == (tuple(german.roots("Hamm").split()),)


def test_what_means_it_in_a_query_alone_is_not_looked_for_in_ads():
    assert roots("daheim") == german.roots("daheim").split()
    (term,) = terms("daheim")
    assert (term.options, term.is_said) == ((("zz1",),), False)
    assert read("SAP daheim") == [("SAP daheim", OFFICE)]
    exactly = SOME.terms("SAP daheim", german.analyse("SAP daheim"), exact=True)
    assert [(each.text, each.concept) for each in exactly] == [("SAP", SAP), ("daheim", None)]


def test_the_roles_beside_the_one_asked_for_make_a_query_of_their_own():
    asked = terms("Projektkoordination Hamm")
    ((role, town),) = SOME.related(asked)
    assert role.options == ((f"zz{PMO}",),)
    assert role.text == "Projektbüro (PMO)"
    assert town == asked[-1]
    assert SOME.related(terms("PMO Hamm")) == ()


def test_the_stamp_tells_other_words_and_not_other_relations():
    stamp = SOME.stamp
    assert len(stamp) <= 16
    assert Concepts([]).stamp != stamp
    ideas = list(SOME.ideas.values())
    assert Concepts(reversed(ideas)).stamp == stamp
    assert Concepts([idea._replace(related=(), name="anders", typed=("neu",)) for idea in ideas]).stamp == stamp
    assert Concepts([idea._replace(wordings=(*idea.wordings, "noch eins")) for idea in ideas]).stamp != stamp


# What editors change


def test_they_are_compiled_once_and_anew_after_a_change(django_assert_num_queries):
    concepts.current()
    with django_assert_num_queries(1):
        known = concepts.current()
    concept = Concept.objects.create(name="Kobold", wordings="Kobold\nWichtel")
    assert understand("Wichtel").terms[0].concept == concept.pk
    with django_assert_num_queries(1):
        assert concepts.current() is not known
    concept.active = False
    concept.save()
    assert understand("Wichtel").terms[0].concept is None
    concept.active = True
    concept.save()
    concept.delete()
    assert understand("Wichtel").terms[0].concept is None


def test_a_change_in_another_process_is_seen():
    known = concepts.current()
    ConceptStamp.objects.renew()
    assert concepts.current() is not known
    assert concepts.current().stamp == known.stamp


def test_relations_are_seen_too():
    one = Concept.objects.create(name="Kobold", wordings="Kobold")
    other = Concept.objects.create(name="Wichtel", wordings="Wichtel")
    assert understand("Kobold").related == ()
    one.relate(other)
    assert understand("Kobold").related[0][0].options == ((f"zz{other.pk}",),)
    other.active = False
    other.save()
    assert understand("Kobold").related == ()


def test_a_board_without_a_stamp_reads_its_concepts_each_time():
    concepts.current()
    ConceptStamp.objects.all().delete()
    Concept.objects.bulk_create([Concept(name="Kobold", wordings="Kobold")])
    assert understand("Kobold").terms[0].concept


# What the file brings


def test_loading_a_second_time_changes_nothing():
    said: list[str] = []
    known = concepts.current()
    reference.load_concepts(said.append)
    assert said == []
    assert concepts.current() is known


def test_what_editors_changed_stays_theirs_with_its_relations():
    pmo, office = (Concept.objects.get(key=key) for key in ("pmo", "homeoffice"))
    pmo.wordings, pmo.typed = "PMO", "Kobold"
    pmo.save()
    pmo.relate(office)
    Concept.objects.filter(key="homeoffice").update(wordings="alt", typed="alt")
    Concept.related.through.objects.filter(from_concept__key="projektkoordination").delete()
    Concept.objects.bulk_create([Concept(key="entfallen", name="Alt", wordings="alt")])
    own = Concept.objects.create(name="Kobold", wordings="Kobold")
    reference.load_concepts()
    pmo.refresh_from_db()
    assert (pmo.wordings, pmo.typed) == ("PMO", "Kobold")
    assert "daheim" in Concept.objects.get(key="homeoffice").typed
    assert list(pmo.related.all()) == [office]
    assert "Telearbeit" in Concept.objects.get(key="homeoffice").wordings
    assert pmo in Concept.objects.get(key="projektkoordination").related.all()
    assert not Concept.objects.filter(key="entfallen").exists()
    assert Concept.objects.filter(pk=own.pk).exists()
