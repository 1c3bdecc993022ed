"""The engines: what they hold is what the ads say, whichever way these change; the same on both databases."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jobboard import german
from listings import daily, search
from listings.models import SearchText, Vacancy
from listings.search import engine, regions
from listings.search.concepts import Term
from profiles.models import Place
from tests.make import HAMM, make_employer, make_vacancy

pytestmark = pytest.mark.django_db


def query(*words):
    """Each word may be several: alternatives parted by |, roots of one by +."""
    return [Term(word, tuple(tuple(option.split("+")) for option in word.split("|"))) for word in words]


def found(**queries):
    return set(Vacancy.objects.filter(engine.holds(**queries)).values_list("pk", flat=True))


def text(title="", facts="", everything="", **fields):
    """An ad with these texts, past the analyser."""
    vacancy = make_vacancy(**fields)
    SearchText.objects.filter(pk=vacancy.pk).update(title=title, facts=facts, everything=everything)
    return vacancy.pk


def test_an_ad_is_found_by_all_terms_of_one_query_in_one_column(employer):
    both = text("projekt koordinator", everything="projekt koordinator hamm zz7", employer=employer)
    one = text("projekt", everything="projekt sap", employer=employer)
    assert found(title=[query("projekt")]) == {both, one}
    assert found(title=[query("projekt", "koordinator")]) == {both}
    assert found(title=[query("sap")]) == set()
    assert found(everything=[query("sap"), query("hamm", "koordinator")]) == {both, one}
    assert found(everything=[query("sap", "hamm")]) == set()
    assert found(everything=[query("zz7|projekt+sap")]) == {both, one}
    assert found(everything=[query("zz8|projekt+hamm", "koordinator")]) == {both}
    assert found(title=[query("koordinator")], everything=[query("sap")]) == {both, one}


def test_what_no_ad_can_hold_finds_nothing(employer):
    text("projekt", employer=employer)
    assert found(title=[]) == found(title=[[]]) == found(title=[[Term("x", ())]]) == set()
    assert found(title=[query("projekt"), [Term("x", ())]]) != set()


@pytest.mark.parametrize("root", ["", "a b", 'a"', "a'", "a*", "a:b", "title:a", "ä", "A", "-a", "a\x00", "a\n", "a\\"])
def test_nothing_but_roots_comes_near_the_engine(root):
    with pytest.raises(ValueError, match="is no root"):
        list(Vacancy.objects.filter(engine.holds(title=[[Term(root, ((root,),))]])))
    with pytest.raises(ValueError, match="is no root"):
        engine.seen([root])


@pytest.mark.parametrize("root", ["and", "or", "not", "near", "title", "1e5abc", "0", "5e10x", "x" * 60])
def test_a_root_that_looks_like_an_operator_or_a_number_is_a_root(employer, root):
    one = text(everything=f"vor {root} nach", employer=employer)
    text(everything="vor nach", employer=employer)
    assert found(everything=[query(root, "vor")]) == {one}
    assert found(everything=[query(f"{root}x")]) == set()


def test_rare_and_frequent_words_are_looked_for_differently_and_found_alike(employer, monkeypatch):
    ads = {text("projekt", employer=employer) for _ in range(3)}
    text("sap", employer=employer)
    assert found(title=[query("projekt")]) == ads
    monkeypatch.setattr(engine, "FEW", 2)
    assert found(title=[query("projekt")]) == ads
    assert Vacancy.objects.exclude(engine.holds(title=[query("projekt")])).count() == 1


def test_a_query_may_be_as_long_as_a_form_allows(employer):
    words = [f"w{number}" for number in range(100)]
    one = text(everything=" ".join(words), employer=employer)
    assert found(everything=[query(*(f"{word}|zz9" for word in words))]) == {one}
    assert found(everything=[query(*words[:number], *words[number + 1 :], "fehlt") for number in range(100)]) == set()


def test_only_what_an_open_ad_holds_is_seen(employer, django_assert_num_queries):
    text(everything="projekt sap", employer=employer, open=True)
    text(everything="projekt kobold", employer=employer)
    text(everything="zukunft", employer=employer, open=True, first_day=timezone.localdate() + timedelta(days=3))
    with django_assert_num_queries(1):
        assert engine.seen(["projekt", "sap", "kobold", "zukunft", "sap"]) == {"projekt", "sap"}
    with django_assert_num_queries(0):
        assert engine.seen([]) == set()


# Whatever writes an ad or what it speaks of


def ads_with(word):
    return found(everything=[query(german.roots(word).replace(" ", "+"))])


def test_every_way_to_write_a_text_reaches_the_engine(employer):
    one, other = make_vacancy(employer), make_vacancy(employer)
    rows = [SearchText(vacancy=ad, title="kobold", facts="kobold", everything="kobold") for ad in (one, other)]
    SearchText.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["vacancy"], update_fields=["title", "facts", "everything"]
    )
    assert ads_with("kobold") == {one.pk, other.pk}
    SearchText.objects.filter(pk=one.pk).update(everything="elf")
    assert (ads_with("elf"), ads_with("kobold")) == ({one.pk}, {other.pk})
    SearchText(vacancy=one, title="zwerg", facts="zwerg", everything="zwerg").save()
    assert (ads_with("elf"), ads_with("zwerg")) == (set(), {one.pk})
    SearchText.objects.filter(pk=one.pk).delete()
    other.delete()
    assert ads_with("zwerg") == ads_with("kobold") == set()
    SearchText.objects.bulk_create([SearchText(vacancy=one, title="elf", facts="elf", everything="elf")])
    assert ads_with("elf") == {one.pk}
    Vacancy.objects.filter(pk=one.pk).delete()
    assert ads_with("elf") == set()
    if connection.vendor == "sqlite":  # raises where the engine holds something else than the table
        connection.cursor().execute(
            "INSERT INTO listings_searchtext_engine (listings_searchtext_engine, rank) VALUES ('integrity-check', 1)"
        )


def test_what_a_verb_or_a_form_changes_is_found(employer, anna):
    vacancy = make_vacancy(employer, open=True, tasks="Kobold pflegen.")
    vacancy.edit(anna, {"tasks": "Elfen pflegen."}, vacancy.version)
    assert (ads_with("Elfen"), ads_with("Kobold")) == ({vacancy.pk}, set())
    vacancy.edit(anna, {"place": HAMM}, vacancy.version)
    vacancy.accept_revision(None, vacancy.waiting_revision().version)
    assert vacancy.pk in ads_with("Hamm")
    assert vacancy.duplicate(anna).pk in ads_with("Elfen")


def test_what_it_states_beside_its_text_is_found(employer):
    vacancy = make_vacancy(
        employer, open=True, tariff="TVöD-V, EG 11", way_in=True, hours_low=30, tasks="Nichts davon."
    )
    for text in ("TVöD E11", "eg 11", "Quereinsteigerin", "30h", "40 Stunden", "nur Lebenslauf"):
        assert list(Vacancy.objects.open().matching(text)) == [vacancy], text


def test_a_region_is_found_by_the_towns_in_it(employer):
    inside, outside = make_vacancy(employer, open=True, place_id=HAMM), make_vacancy(employer, open=True)
    assert list(Vacancy.objects.open().matching("Ruhrgebiet")) == [inside]
    assert list(Vacancy.objects.open().matching("Koordination im Ruhrpott")) == [inside]
    assert not Vacancy.objects.open().matching("Münsterland")
    assert outside.place.get_land_display() == "Niedersachsen"


def test_each_town_of_a_region_is_on_the_map(db):
    on_the_map = set(Place.objects.values_list("land", "folded"))
    assert {name: towns - on_the_map for name, towns in regions._regions().items() if not towns <= on_the_map} == {}


def test_a_forgotten_text_is_found_by_its_title_alone(employer):
    long_ago = timezone.now() - timedelta(days=500)
    vacancy = make_vacancy(employer, status="closed", title="Elfenpflege mit ERP (m/w/d)", tasks="Kobold.", at=long_ago)
    daily.forget_texts(timezone.now())
    for _ in range(2):
        assert (ads_with("Elfenpflege"), ads_with("Kobold"), ads_with("Hasewerk")) == ({vacancy.pk}, set(), set())
        assert not vacancy.mentions.exists()
        search.index(vacancy)


def test_a_word_of_endless_length_is_left_out(employer):
    vacancy = make_vacancy(employer, tasks=f"{'x' * 5000} und Kobold")
    assert ads_with("Kobold") == {vacancy.pk}


def test_the_three_texts_hold_ever_more(employer):
    vacancy = make_vacancy(employer, open=True, title="Elf (m/w/d)", skills="Zwerg", tasks="Kobold.", facts=["jira"])
    stored = SearchText.objects.get(pk=vacancy.pk)
    title, facts, everything = (set(each.split()) for each in (stored.title, stored.facts, stored.everything))
    assert title < facts < everything
    for word, column in [
        ("Elf", title),
        ("Zwerg", facts),
        ("Hasewerk", facts),
        ("Jira", facts),
        ("Kobold", everything),
    ]:
        assert set(german.roots(word).split()) <= column
    for word, column in [("Zwerg", title), ("Kobold", facts)]:
        assert not set(german.roots(word).split()) & column
    for label in ("Niedersachsen", "Osnabrück", "Vollzeit", "unbefristet"):
        assert set(german.roots(label).split()) <= facts


def test_the_engines_stand_after_all_migrations(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Whoever changes this table by a migration loses them: SQLite makes it anew.
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'listings_searchtext'")
            names = {f"listings_searchtext_{when}" for when in ("added", "changed", "removed")}
            assert {name for (name,) in cursor.fetchall()} == names
            return
        cursor.execute(
            "SELECT attname, attstattarget FROM pg_attribute"
            " WHERE attrelid = 'listings_searchtext'::regclass AND attgenerated = 's'"
        )
        assert set(cursor.fetchall()) == {(f"{column}_roots", 1000) for column in ("title", "facts", "everything")}
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'listings_searchtext'")
        built = [definition for (definition,) in cursor.fetchall() if "USING gin" in definition]
        assert len(built) == 3
        assert all("fastupdate='off'" in definition or "fastupdate=off" in definition for definition in built)


def test_many_ads_at_once_are_all_written(employer, monkeypatch):
    monkeypatch.setattr("listings.search.indexing.BATCH", 2)
    ads = {make_vacancy(employer).pk for _ in range(5)} | {make_vacancy(make_employer()).pk}
    SearchText.objects.all().delete()
    assert search.index_all(Vacancy.objects.all()) == 6
    assert ads_with("Projektkoordination") == ads
