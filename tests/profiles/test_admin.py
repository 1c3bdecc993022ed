"""Editors write the city pages: cities, working copies with their evidence, facts and places."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from profiles.models import City, CityFact, Edition, Fact, Place, Section
from tests.make import make_user, make_vacancy
from tests.profiles.editors_side import GÜTERSLOH, MÜNSTER, SENTENCE, change_page, one_more, publish_page, save, typed

CITIES = reverse("admin:profiles_city_changelist")


@pytest.fixture
def section(draft):
    return draft.sections.get()


@pytest.fixture
def figure(draft):
    return draft.figures.get()


# Cities


@pytest.mark.parametrize("term", ["Münster", "muenster", "MUNSTER", "munst"])
def test_a_place_is_found_however_its_umlauts_are_written_and_its_land_is_shown(editor, term):
    query = {"app_label": "profiles", "model_name": "city", "field_name": "place", "term": term}
    found = json.loads(editor.get("/redaktion/autocomplete/", query).content)["results"]
    assert found[0] == {"id": str(MÜNSTER), "text": "Münster (Nordrhein-Westfalen)"}


@pytest.mark.parametrize("term", ["\0", "%", "()", "gibtesnicht"])
def test_a_term_without_a_word_finds_no_place(editor, db, term):
    query = {"app_label": "profiles", "model_name": "city", "field_name": "place", "term": term}
    assert json.loads(editor.get("/redaktion/autocomplete/", query).content)["results"] == []


def test_the_address_of_a_published_city_stays(editor, city):
    editor.post(change_page(city), {"place": GÜTERSLOH, "slug": "anders", "radius_km": 40})
    city.refresh_from_db()
    assert (city.place_id, city.radius_km) == (MÜNSTER, 40)
    assert city.slug != "anders"


def test_a_published_city_cannot_be_deleted(editor, city):
    assert editor.post(reverse("admin:profiles_city_delete", args=[city.pk]), {"post": "yes"}).status_code == 403
    assert City.objects.filter(pk=city.pk).exists()


def test_the_list_says_what_is_read_and_what_is_in_work(editor, draft):
    html = editor.get(CITIES).content.decode()
    assert "Ausgabe 1 seit" in html
    assert html.count("in Arbeit") == 1


def test_a_city_leads_to_its_page_and_to_its_editions(editor, city, draft):
    html = editor.get(change_page(city)).content.decode()
    assert reverse("listings:city", args=[city.slug]) in html
    assert change_page(draft) in html


# The working copy


def test_a_working_copy_is_begun_with_a_button_and_only_once(editor, city, rita):
    begin = reverse("admin:profiles_city_working_edition", args=[city.pk])
    first = editor.post(begin)
    draft = city.editions.get(published_at=None)
    assert first.url == editor.post(begin).url == change_page(draft)
    assert draft.created_by == rita


def test_looking_begins_no_working_copy(editor, city):
    assert editor.get(reverse("admin:profiles_city_working_edition", args=[city.pk])).status_code == 405
    editor.get(change_page(city))
    assert not city.editions.filter(published_at=None).exists()


def test_editions_come_only_from_their_city(editor, city):
    assert editor.get(reverse("admin:profiles_edition_add")).status_code == 403


def test_text_figures_and_facts_are_saved_in_one_go(editor, draft, section, figure):
    new = "Am Anfang stehen 3.000 bis 3.500 Euro, und die Cloud ist überall."
    data = typed(
        editor,
        draft,
        lead="Neu.",
        sections__0__body=new,
        figures__0__evidence=new,
        figures__0__low=3000,
        figures__0__high=3500,
    )
    data = one_more("facts", data, fact=Fact.objects.get(slug="cloud").pk, section=section.pk, evidence=new)
    response = editor.post(change_page(draft), {**data, "_continue": "1"}, follow=True)
    assert "steht nicht mehr" not in response.content.decode()
    draft = Edition.objects.get(pk=draft.pk)
    assert draft.lead == "Neu."
    assert draft.figures.get().low == 3000
    assert draft.facts.get().fact.slug == "cloud"
    assert draft.problems() == []


def test_a_sentence_copied_with_its_line_break_is_still_found(editor, draft, section):
    save(editor, draft, figures__0__evidence=" Wer hier anfängt,\r\nverdient  2.800 bis 3.400 Euro. ")
    assert draft.figures.get().evidence == SENTENCE
    assert draft.problems() == []


def test_lost_evidence_is_saved_and_named_with_sentence_and_section(editor, draft):
    html = save(editor, draft, sections__0__body="Alles ganz anders.").content.decode()
    assert f"Der Satz „{SENTENCE}“ steht nicht mehr im Abschnitt „Was es zu verdienen gibt“." in html
    assert draft.sections.get().body == "Alles ganz anders."


def test_only_sections_of_this_edition_can_be_chosen(editor, draft, city):
    foreign = city.live_edition().sections.get()
    _, form = next(_forms(editor, draft, "figures"))
    assert [value for value, _ in form.fields["section"].choices] == ["", str(draft.sections.get().pk)]
    response = save(editor, draft, figures__0__section=foreign.pk)
    assert response.context["mistakes"]
    assert draft.figures.get().section.edition == draft


def test_a_new_section_can_be_chosen_after_saving(editor, draft):
    data = one_more("sections", typed(editor, draft), heading="Wörter & Öl", body="Neu.", order=20, slug="")
    editor.post(change_page(draft), data)
    section = draft.sections.get(heading="Wörter & Öl")
    assert section.slug == "woerter-oel"
    assert f'<option value="{section.pk}"' in editor.get(change_page(draft)).content.decode()


def test_two_sections_of_one_heading_are_refused_and_nothing_breaks(editor, draft):
    data = typed(editor, draft)
    for _ in range(2):
        data = one_more("sections", data, heading="Doppelt", body="Neu.", order=20, slug="")
    response = editor.post(change_page(draft), data)
    assert response.context["mistakes"]
    assert draft.sections.count() == 1


def test_a_section_that_a_figure_names_is_not_deleted(editor, draft):
    response = save(editor, draft, sections__0__DELETE="on")
    assert "Dieser Abschnitt soll gelöscht werden; bitte wählen Sie einen anderen." in response.content.decode()
    assert draft.sections.count() == 1


def test_a_section_is_not_deleted_under_a_figure_that_a_colleague_has_just_added(editor, draft, section, figure):
    data = typed(editor, draft, sections__0__DELETE="on", figures__0__DELETE="on")
    figure.pk, figure.slug = None, ""
    figure.label = "Von der Kollegin"
    figure.save()
    response = editor.post(change_page(draft), data)
    assert "„Von der Kollegin“ nennt einen Abschnitt, der gelöscht werden soll." in response.content.decode()
    assert draft.sections.count() == 1


def test_a_section_goes_together_with_its_figures(editor, draft):
    save(editor, draft, sections__0__DELETE="on", figures__0__DELETE="on")
    assert draft.sections.count() == draft.figures.count() == 0


def test_a_section_goes_when_its_figures_have_moved(editor, draft, section):
    other = draft.sections.create(heading="Neu", body=SENTENCE, order=5)
    rows = {form["id"].value(): index for index, form in _forms(editor, draft, "sections")}
    save(editor, draft, figures__0__section=other.pk, **{f"sections__{rows[section.pk]}__DELETE": "on"})
    assert list(draft.sections.all()) == [other]
    assert draft.figures.get().section == other


def _forms(client, edition, prefix):
    yield from enumerate(client.get(change_page(edition)).context["formsets"][prefix].forms)


def test_who_checks_a_figure_is_remembered(editor, draft, rita):
    save(editor, draft, figures__0__checked_on="20.11.2026")
    assert draft.figures.get().checked_by == rita
    save(editor, draft, figures__0__checked_on="")
    assert draft.figures.get().checked_by is None


def test_a_check_holds_for_what_was_checked(editor, draft, section, figure):
    save(editor, draft, figures__0__checked_on="20.10.2026")
    save(editor, draft, figures__0__label="Am Anfang", figures__0__low="2.800")
    assert draft.figures.get().checked_by is not None
    text = section.body.replace("2.800", "2.900")
    page = save(editor, draft, sections__0__body=text, figures__0__evidence=text, figures__0__low="2900")
    assert "„Am Anfang“: Geprüft war die Angabe von vorher" in page.content.decode()
    figure.refresh_from_db()
    assert (figure.low, figure.checked_on, figure.checked_by) == (2900, None, None)
    said = LogEntry.objects.latest("pk").get_change_message()
    assert "geprüft am: 20.10.2026 → leer" in said
    save(editor, draft, figures__0__low="2.800", figures__0__checked_on="21.10.2026")
    assert figure.edition.figures.get().checked_by is not None


def test_a_page_of_many_rows_asks_the_database_no_more_often(editor, rita, django_assert_max_num_queries):
    city = City.objects.get(slug="oberhausen")
    assert city.live_edition().facts.count() > 20
    for edition in (city.live_edition(), city.working_edition(rita)):
        with django_assert_max_num_queries(15):
            editor.get(change_page(edition))


def test_a_working_copy_can_be_discarded(editor, draft, city):
    editor.post(reverse("admin:profiles_edition_delete", args=[draft.pk]), {"post": "yes"})
    assert list(city.editions.values_list("number", flat=True)) == [1]


# Publishing


def test_a_working_copy_is_published_with_a_second_look(editor, draft, city, rita):
    page = save(editor, draft, button="_publish", lead="Ganz neu.")
    assert page.redirect_chain[-1][0] == publish_page(draft)
    assert "statt Ausgabe 1" in page.content.decode()
    assert city.live_edition().number == 1
    editor.post(publish_page(draft))
    live = city.live_edition()
    assert (live.number, live.lead, live.published_by) == (2, "Ganz neu.", rita)


def test_looking_at_the_question_publishes_nothing(editor, draft, city):
    editor.get(publish_page(draft))
    assert city.live_edition().number == 1


def test_an_edition_with_lost_evidence_is_not_published(editor, draft, section, city):
    Section.objects.filter(pk=section.pk).update(body="Alles ganz anders.")
    for response in (editor.get(publish_page(draft)), editor.post(publish_page(draft))):
        html = response.content.decode()
        assert f"Der Satz „{SENTENCE}“ steht nicht mehr" in html
        assert 'value="Veröffentlichen"' not in html
    assert city.live_edition().number == 1


def test_publishing_twice_is_a_message(editor, draft, city):
    editor.post(publish_page(draft))
    published = city.live_edition().published_at
    assert "schon veröffentlicht" in editor.post(publish_page(draft), follow=True).content.decode()
    assert city.live_edition().published_at == published


@pytest.mark.parametrize("permissions", [[], ["view_edition", "view_city"], ["view_edition", "change_city"]])
def test_only_who_may_change_editions_begins_or_publishes_one(client_of, city, draft, permissions):
    helper = make_user("Hanno Helfer", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = client_of(helper)
    assert client.post(publish_page(draft)).status_code == 403
    assert client.get(publish_page(draft)).status_code == 403
    assert client.post(reverse("admin:profiles_city_working_edition", args=[city.pk])).status_code == 403
    assert client.post(change_page(draft), {"lead": "Gekapert"}).status_code == 403
    assert city.live_edition().number == 1


def test_one_permission_is_enough_to_write_an_edition(client_of, draft):
    helper = make_user("Hanno Helfer", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename="change_edition"))
    save(client_of(helper), draft, lead="Von Hanno.", sections__0__heading="Geld")
    draft.refresh_from_db()
    assert draft.lead == "Von Hanno."
    assert draft.sections.get().heading == "Geld"


@pytest.mark.parametrize("which", ["live", "former", "planned"])
def test_what_was_published_is_read_only(editor, city, draft, rita, which):
    edition = city.live_edition()
    if which == "former":
        draft.publish(rita)
    if which == "planned":
        draft.publish(rita, at=timezone.now() + timedelta(days=3))
        edition = draft
    section = edition.sections.get()
    html = editor.get(change_page(edition)).content.decode()
    assert "bleibt, wie sie ist" in html
    assert ("hebt den Termin auf" in html) == (which == "planned")  # and speaks of no working copy that is not there
    assert "<textarea" not in html
    data = {"lead": "Gekapert", "sections-TOTAL_FORMS": 1, "sections-INITIAL_FORMS": 1, "sections-0-id": section.pk}
    page = editor.post(change_page(edition), data)
    assert page.status_code == 409
    assert "Gekapert" in page.content.decode()  # what was typed can still be read
    assert editor.post(reverse("admin:profiles_edition_delete", args=[edition.pk]), {"post": "yes"}).status_code == 403
    assert Edition.objects.get(pk=edition.pk).lead == edition.lead


@pytest.mark.parametrize("pk", [0, 10**25])
def test_a_missing_edition_or_city_is_a_message(editor, db, pk):
    assert editor.post(f"/redaktion/profiles/edition/{pk}/veroeffentlichen/").status_code == 302
    assert editor.post(f"/redaktion/profiles/city/{pk}/arbeitsfassung/").status_code == 302


# Facts and places


def test_a_fact_keeps_its_slug_once_a_city_or_a_vacancy_has_it(editor, employer):
    for fact in (CityFact.objects.first().fact, None):
        if fact is None:
            fact = Fact.objects.create(slug="nur-hier", name="Nur hier", kind=Fact.Kind.SKILL)
            make_vacancy(employer, facts=["nur-hier"])
        editor.post(change_page(fact), {"name": "Umbenannt", "kind": fact.kind, "slug": "anders"})
        fact.refresh_from_db()
        assert fact.name == "Umbenannt"
        assert fact.slug != "anders"
        assert editor.post(reverse("admin:profiles_fact_delete", args=[fact.pk]), {"post": "yes"}).status_code == 403


def test_a_fact_that_nobody_has_can_still_change(editor, db):
    fact = Fact.objects.create(slug="neu", name="Neu", kind=Fact.Kind.SKILL)
    editor.post(change_page(fact), {"name": "Neu", "kind": fact.kind, "slug": "anders"})
    fact.refresh_from_db()
    assert fact.slug == "anders"


def test_of_a_place_only_the_name_changes(editor, db):
    place = Place.objects.get(pk=GÜTERSLOH)
    editor.post(change_page(place), {"name": "Gütersloh an der Dalke", "population": 1, "land": "01"})
    place.refresh_from_db()
    assert (place.name, place.folded, place.land) == ("Gütersloh an der Dalke", "gutersloh an der dalke", "07")
    assert editor.get(reverse("admin:profiles_place_add")).status_code == 403
    assert editor.post(reverse("admin:profiles_place_delete", args=[place.pk]), {"post": "yes"}).status_code == 403


def test_postal_codes_are_not_in_the_admin(editor, db):
    assert editor.get("/redaktion/profiles/postalcode/").status_code == 404
