"""The one screen of a city page: seen while typing, mended with a button, shared by two."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from profiles.models import City, CityFact, Edition, Fact, Section
from tests.make import make_user
from tests.profiles.editors_side import LIVE, NEW, SENTENCE, change_page, fresh, one_more, post, save, sent_back, typed


def preview(client, edition, **changes):
    return post(client, edition, typed(client, edition, **changes), **LIVE).content.decode()


def piece(html, name):
    """What stands in the element with that id, as far as its next neighbour with one."""
    return html.split(f'id="{name}"', 1)[1].split(' id="', 1)[0]


def last_words():
    return LogEntry.objects.order_by("-pk").first().get_change_message()


# While typing


def test_the_preview_shows_the_text_as_people_read_it_with_its_evidence_marked(editor, draft):
    html = preview(editor, draft, sections__0__body=f"Ein **fetter** Satz. {SENTENCE}")
    read = html.split('id="sections-0-read"', 1)[1]
    assert "<strong>fetter</strong>" in read
    assert re.search(rf'<span class="proof" id="beleg-[^"]+">{re.escape(SENTENCE)}', read)
    assert "steht im Text" in piece(html, "figures-0-mark")
    assert "11 Wörter" in piece(html, "sections-0-words")
    assert "11 Wörter" in piece(html, "summe")


def test_the_preview_stores_nothing(editor, draft):
    before = Edition.objects.filter(pk=draft.pk).values().get()
    data = one_more("sections", typed(editor, draft, lead="Getippt"), heading="Neu", body="Neu.", order=20, slug="")
    post(editor, draft, {**data, "sections-0-DELETE": "on", "figures-0-DELETE": "on"}, **LIVE)
    assert Edition.objects.filter(pk=draft.pk).values().get() == before
    assert draft.sections.count() == draft.figures.count() == 1
    assert not LogEntry.objects.exists()


def test_a_lost_sentence_is_told_at_its_figure_with_the_nearest_one(editor, draft):
    html = preview(editor, draft, sections__0__body=NEW)
    assert "Satz fehlt" in piece(html, "figures-0-mark")
    lack = piece(html, "figures-0-lack")
    assert f"Der Satz „{SENTENCE}“ steht nicht mehr" in lack
    assert f"Diesen Satz übernehmen: „{NEW}“" in lack
    assert 'href="#figures-0"' in piece(html, "offen")


def test_a_figure_that_disagrees_with_its_sentence_is_told_beside_it(editor, draft):
    html = preview(editor, draft, figures__0__high="3.500")
    assert "passt nicht" in piece(html, "figures-0-mark")
    assert "3.500 €" in piece(html, "figures-0-lack")


def test_a_figure_that_is_half_typed_is_not_called_proven(editor, draft):
    html = preview(editor, draft, figures__0__low="zwei")
    assert "unvollständig" in piece(html, "figures-0-mark")
    assert "ist belegt" not in piece(html, "offen")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("checked_on", "9999-12-31", "Dieser Tag kommt erst noch."),
        ("checked_on", "0001-01-01", "Bitte einen Tag ab dem Jahr 2000."),
        ("valid_from", "9999-12-31", "mehr als ein Jahr in der Zukunft"),
        ("valid_from", "1999-12-31", "Bitte einen Tag ab dem Jahr 2000."),
        ("low", "2.800,50", "Bitte eine ganze Zahl, ohne Komma."),
        ("high", str(10**12), "kleiner oder gleich 999999"),
    ],
)
def test_a_figure_with_an_impossible_day_or_amount_is_sent_back_beside_its_field(editor, draft, field, value, told):
    page = save(editor, draft, **{f"figures__0__{field}": value})
    errors = re.findall(rf'id="id_figures-0-{field}_error">([^<]+)', page.content.decode())
    assert len(errors) == 1
    assert told in errors[0]
    assert "Ziffern" not in errors[0]  # one reason is enough
    assert fresh(draft).version == 1


def test_where_nothing_is_named_nothing_is_called_proven(editor, draft):
    save(editor, draft, figures__0__DELETE="on")
    html = editor.get(change_page(draft)).content.decode()
    assert "ist belegt" not in piece(html, "offen")
    assert "Noch ist keine Zahl" in piece(html, "offen")


def test_an_amount_that_no_figure_backs_is_told_beside_the_text(editor, draft):
    html = preview(editor, draft, sections__0__body=f"{SENTENCE} Selten sind es 9.900 €.", lead="Bis 8.800 €.")
    assert "Für „9.900 €“ gibt es keine Gehaltszahl" in piece(html, "sections-0-warnings")
    assert "Für „8.800 €“ gibt es keine Gehaltszahl" in piece(html, "lead-warnings")


def test_a_new_section_and_a_new_figure_show_before_they_are_stored(editor, draft):
    section = draft.sections.get()
    data = one_more("sections", typed(editor, draft), heading="Neu", body="**Ganz** neu.", order=20, slug="")
    data = one_more("figures", data, label="Zweite", low="2.800", section=section.pk, evidence=SENTENCE, order=20)
    html = post(editor, draft, data, **LIVE).content.decode()
    assert "<strong>Ganz</strong>" in piece(html, "sections-1-read")
    assert "figures-1-mark" in html


def test_whoever_types_on_an_old_version_is_told_at_once(editor, other, draft):
    data = typed(editor, draft)
    save(other, draft, lead="Von Ole.")
    html = post(editor, draft, data, **LIVE).content.decode()
    assert "Ole Otto" in html
    assert 'id="inzwischen"' in html


def test_without_javascript_saving_shows_the_same(editor, draft):
    html = save(editor, draft, sections__0__body=NEW).content.decode()
    assert "Das fehlt noch zum Veröffentlichen" in html
    assert f"Diesen Satz übernehmen: „{NEW}“" in html
    assert draft.sections.get().body == NEW


@pytest.mark.slow
def test_the_largest_page_and_its_preview_ask_the_database_at_most_fifteen_times(
    client_of, rita, django_assert_max_num_queries
):
    draft = City.objects.get(slug="osnabrueck").working_edition(rita)
    section = draft.sections.first()
    sentence = "Ein Satz, der alles belegt."
    Section.objects.filter(pk=section.pk).update(body=f"{section.body}\n\n{sentence}")
    for number in range(60 - draft.facts.count()):
        fact = Fact.objects.create(slug=f"viel-{number}", name=f"Viel {number}", kind="skill")
        CityFact.objects.create(edition=draft, fact=fact, section=section, evidence=sentence)
    assert draft.facts.count() == 60
    helper = make_user("Hanno Helfer", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename="change_edition"))
    client = client_of(helper)
    data = typed(client, draft, sections__0__body="Alles anders.")
    with django_assert_max_num_queries(15):
        client.get(change_page(draft))
    with django_assert_max_num_queries(15):
        assert "Satz fehlt" in post(client, draft, data, **LIVE).content.decode()
    with django_assert_max_num_queries(15):
        client.get(change_page(draft.city.live_edition()))


# Evidence


def test_the_nearest_sentence_is_taken_over_with_a_button(editor, draft):
    save(editor, draft, sections__0__body=NEW)
    html = editor.get(change_page(draft)).content.decode()
    offer = re.search(r'name="_take" value="([^"]+)"', html)[1]
    response = post(editor, draft, {**typed(editor, draft), "_take": offer})
    assert response.url == f"{change_page(draft)}#figures-0"
    assert draft.figures.get().evidence == NEW
    assert fresh(draft).problems() == []


def test_a_sentence_that_moved_to_another_section_takes_its_figure_along(editor, draft):
    other = draft.sections.create(heading="Anderswo", body=SENTENCE, order=20)
    page = save(editor, draft, sections__0__body="Alles anders.")
    offer = re.search(r'name="_take" value="([^"]+)"', page.content.decode())[1]
    post(editor, draft, {**typed(editor, draft), "_take": offer})
    assert draft.figures.get().section == other


def test_a_sentence_is_picked_from_a_list(editor, draft):
    save(editor, draft, sections__0__body=f"{NEW} Und noch einer.")
    html = editor.get(change_page(draft)).content.decode()
    assert f"<option>{NEW}</option>" in html
    save(editor, draft, figures__0__pick=NEW)
    assert draft.figures.get().evidence == NEW


def test_what_is_still_lost_is_listed_after_saving_and_keeps_it_from_being_published(editor, draft):
    page = save(editor, draft, button="_publish", sections__0__body=NEW)
    assert page.redirect_chain[-1][0] == reverse("admin:profiles_edition_publish", args=[draft.pk])
    assert f"Der Satz „{SENTENCE}“ steht nicht mehr" in page.content.decode()
    assert fresh(draft).is_working_copy


def test_a_row_is_added_where_its_section_is_and_nothing_else_is_lost_or_stored(editor, draft):
    section = draft.sections.get()
    data = typed(editor, draft, lead="Getippt, nicht gespeichert.")
    page = post(editor, draft, {**data, "_add": f"facts-{section.pk}"})
    html = page.content.decode()
    assert "Getippt, nicht gespeichert." in html
    assert 'name="facts-0-fact"' in html
    assert "autofocus" in html
    assert fresh(draft).lead != "Getippt, nicht gespeichert."
    assert page.context["formsets"]["facts"].forms[0]["section"].value() == str(section.pk)


def test_a_row_that_was_added_and_left_empty_is_no_row(editor, draft):
    section = draft.sections.get()
    data = typed(editor, draft, lead="Gespeichert.")
    data = one_more("figures", data, section=section.pk, order=20)
    data = one_more("facts", data, section=section.pk)
    data = one_more("sections", data, order=20)
    assert post(editor, draft, data).status_code == 302
    assert fresh(draft).lead == "Gespeichert."
    assert draft.figures.count() == 1


def test_a_figure_without_level_is_that_of_a_group(editor, draft):
    data = one_more(
        "figures", typed(editor, draft), label="Größere Häuser", level="", low="2.800", order=5,
        section=draft.sections.get().pk, evidence=SENTENCE,
    )  # fmt: skip
    post(editor, draft, data)
    figure = draft.figures.get(label="Größere Häuser")
    assert (figure.kind, figure.level, figure.low, figure.high) == ("segment", "", 2800, None)


def test_protected_spaces_stay(editor, draft):
    sentence = "Wer hier anfängt, verdient 2.800\u00a0€ bis 3.400\u202f€."
    save(editor, draft, sections__0__body=sentence, figures__0__evidence=sentence)
    assert draft.figures.get().evidence == draft.sections.get().body == sentence
    assert "Es gab nichts zu speichern." in save(editor, draft).content.decode()


# Sections


def headings(edition):
    return list(edition.sections.values_list("heading", flat=True))


def test_sections_change_places_with_a_button(editor, draft):
    draft.sections.create(heading="Zweiter", body="Text.", order=20)
    post(editor, draft, {**typed(editor, draft), "_down": "sections-0"})
    assert headings(draft) == ["Zweiter", "Was es zu verdienen gibt"]
    assert "Reihenfolge der Abschnitte" in last_words()
    response = post(editor, draft, {**typed(editor, draft), "_up": "sections-1"})
    assert headings(draft) == ["Was es zu verdienen gibt", "Zweiter"]
    assert response.url.endswith(f"#abschnitt-{draft.figures.get().section_id}")


def test_two_sections_may_swap_their_anchors(editor, draft):
    draft.sections.create(heading="Zweiter", slug="zweiter", body="Text.", order=20)
    save(editor, draft, sections__0__slug="zweiter", sections__1__slug="geld")
    assert list(draft.sections.values_list("slug", flat=True)) == ["zweiter", "geld"]


def test_a_fact_is_named_once(editor, draft):
    section, fact = draft.sections.get(), Fact.objects.get(slug="cloud")
    data = typed(editor, draft)
    for _ in range(2):
        data = one_more("facts", data, fact=fact.pk, section=section.pk, evidence=SENTENCE)
    page = post(editor, draft, data)
    assert "steht schon bei der Stadt" in page.content.decode()
    assert not draft.facts.exists()


def test_a_fact_may_be_deleted_and_written_anew_in_one_go(editor, draft):
    section, fact = draft.sections.get(), Fact.objects.get(slug="cloud")
    CityFact.objects.create(edition=draft, fact=fact, section=section, evidence="Alt.")
    data = typed(editor, draft, facts__0__DELETE="on")
    post(editor, draft, one_more("facts", data, fact=fact.pk, section=section.pk, evidence=SENTENCE))
    assert draft.facts.get().evidence == SENTENCE


# Who, when, what


def test_the_history_says_in_words_what_changed(editor, draft):
    save(editor, draft, figures__0__high="3.500", figures__0__checked_on="2026-11-20")
    assert last_words() == "Zahl „Einstieg“, bis: 3.400 € → 3.500 €; Zahl „Einstieg“, geprüft am: leer → 20.11.2026"
    save(editor, draft, sections__0__body=NEW, sections__0__heading="Geld")
    assert "Abschnitt „Geld“, Überschrift: Was es zu verdienen gibt → Geld" in last_words()
    assert "Abschnitt „Geld“, Text geändert: „neu“" in last_words()
    save(editor, draft, figures__0__DELETE="on")
    assert last_words() == "Zahl gelöscht „Einstieg“"
    html = editor.get(reverse("admin:profiles_edition_history", args=[draft.pk])).content.decode()
    assert "3.400 € → 3.500 €" in html
    assert "Rita Richter" in html


def test_saving_without_a_change_leaves_version_and_history(editor, draft):
    page = save(editor, draft)
    assert "Es gab nichts zu speichern." in page.content.decode()
    assert fresh(draft).version == draft.version
    assert not LogEntry.objects.exists()


def test_a_change_names_who_made_it_and_when(editor, rita, draft):
    save(editor, draft, lead="Neu.")
    draft = fresh(draft)
    assert (draft.version, draft.changed_by) == (2, rita)
    assert "zuletzt gespeichert am" in editor.get(change_page(draft)).content.decode()


# Two at once


def test_the_second_editor_is_told_sees_what_changed_and_loses_nothing(editor, other, draft):
    mine = typed(editor, draft, lead="Meins.", figures__0__qualifier="oft")
    mine = one_more("sections", mine, heading="Meiner", body="Mein Text.", order=20, slug="")
    save(other, draft, sections__0__body=NEW)
    page = post(editor, draft, {**mine, "_continue": "1"})
    assert page.status_code == 409
    html = page.content.decode()
    assert "Ole Otto" in html
    assert re.search(r"<ins>.*neu.*</ins>", html)
    for text in ("Meins.", "Mein Text.", 'value="oft"'):
        assert text in html
    draft = fresh(draft)
    assert (draft.lead, draft.version, draft.sections.count()) == ("Arbeiten in Münster.", 2, 1)

    again = {"version": page.context["edition"].version, "base": page.context["base"]} | sent_back(page)
    assert post(editor, draft, again).status_code == 302
    draft = fresh(draft)
    assert draft.lead == "Meins."
    assert headings(draft) == ["Was es zu verdienen gibt", "Meiner"]
    assert draft.sections.first().body == NEW  # Ole's text stays, as only Ole had changed it
    assert draft.figures.get().qualifier == "oft"


def test_one_person_in_two_windows_is_told_so(editor, draft):
    mine = typed(editor, draft, lead="Im ersten Fenster.")
    save(editor, draft, sections__0__body=NEW)
    assert "Sie haben eben in einem anderen Fenster gespeichert" in post(editor, draft, mine, **LIVE).content.decode()
    html = post(editor, draft, mine).content.decode()
    assert re.search("Sie haben am .* in einem anderen Fenster gespeichert", html)


def test_where_both_changed_the_same_text_mine_stands_and_both_are_shown(editor, other, draft):
    mine = typed(editor, draft, sections__0__body="Meine Fassung.")
    save(other, draft, sections__0__body="Oles Fassung.")
    page = post(editor, draft, mine)
    html = page.content.decode()
    assert "Das haben Sie beide geändert" in html
    assert sent_back(page)["sections-0-body"] == "Meine Fassung."
    assert "Oles" in html
    assert draft.sections.get().body == "Oles Fassung."


def test_what_the_other_added_is_shown_and_stays(editor, other, draft):
    mine = typed(editor, draft, lead="Meins.")
    post(other, draft, one_more("sections", typed(other, draft), heading="Oles", body="Von Ole.", order=20, slug=""))
    page = post(editor, draft, mine)
    assert "Neuer Abschnitt „Oles“" in page.content.decode()
    post(editor, draft, {"version": 2, "base": page.context["base"], **sent_back(page)})
    assert headings(draft) == ["Was es zu verdienen gibt", "Oles"]
    assert fresh(draft).lead == "Meins."


def test_what_the_other_deleted_and_i_changed_comes_back_as_a_new_row(editor, other, draft):
    mine = typed(editor, draft, figures__0__label="Am Anfang")
    save(other, draft, figures__0__DELETE="on")
    page = post(editor, draft, mine)
    assert page.status_code == 409
    assert not draft.figures.exists()
    post(editor, draft, {"version": 2, "base": page.context["base"], **sent_back(page)})
    assert draft.figures.get().label == "Am Anfang"


def test_what_the_other_deleted_and_i_left_alone_stays_deleted(editor, other, draft):
    mine = typed(editor, draft, lead="Meins.")
    save(other, draft, figures__0__DELETE="on")
    page = post(editor, draft, mine)
    post(editor, draft, {"version": 2, "base": page.context["base"], **sent_back(page)})
    assert not draft.figures.exists()
    assert fresh(draft).lead == "Meins."


def test_my_deletion_survives_the_conflict(editor, other, draft):
    mine = typed(editor, draft, figures__0__DELETE="on")
    save(other, draft, lead="Von Ole.")
    page = post(editor, draft, mine)
    assert sent_back(page)["figures-0-DELETE"]
    assert draft.figures.exists()


@pytest.mark.parametrize("how", ["published", "scheduled", "discarded"])
def test_after_publication_or_discarding_the_typed_text_can_still_be_read(editor, rita, draft, how):
    mine = typed(editor, draft, lead="Meine Mühe.", sections__0__body="Mein langer Text.")
    if how == "discarded":
        draft.delete()
    else:
        draft.publish(rita, at=timezone.now() + timedelta(days=3) if how == "scheduled" else None)
    assert (
        f"inzwischen {'verworfen' if how == 'discarded' else 'veröffentlicht'}"
        in post(editor, draft, mine, **LIVE).content.decode()
    )
    page = post(editor, draft, mine)
    assert page.status_code == 409
    assert "Meine Mühe." in page.content.decode()
    assert "Mein langer Text." in page.content.decode()
    assert not Edition.objects.filter(lead="Meine Mühe.").exists()


def test_a_save_between_reading_and_writing_is_noticed(editor, draft, monkeypatch):
    revise = Edition.revise

    def late(self, version, by):
        Edition.objects.filter(pk=self.pk).update(version=version + 1)
        revise(self, version, by)

    mine = typed(editor, draft, lead="Meins.")
    monkeypatch.setattr(Edition, "revise", late)
    assert post(editor, draft, mine).status_code == 409
    assert fresh(draft).lead == "Arbeiten in Münster."


# What was published


def test_a_scheduled_edition_is_read_only_and_says_how_to_write_on(editor, rita, draft):
    draft.publish(rita, at=timezone.now() + timedelta(days=3))
    html = editor.get(change_page(draft)).content.decode()
    assert "<textarea" not in html
    assert reverse("admin:profiles_edition_lift", args=[draft.pk]) in html


def test_a_former_edition_can_be_restored_and_compared_from_its_page(editor, rita, draft):
    former = draft.city.live_edition()
    draft.publish(rita)
    html = editor.get(change_page(former)).content.decode()
    assert reverse("admin:profiles_edition_restore", args=[former.pk]) in html
    assert reverse("admin:profiles_edition_compare", args=[former.pk]) in html


def test_who_may_only_look_sees_the_text_and_no_field(client_of, draft):
    guest = make_user("Gerda Gast", is_staff=True)
    guest.user_permissions.set(Permission.objects.filter(codename="view_edition"))
    html = client_of(guest).get(change_page(draft)).content.decode()
    assert SENTENCE in html
    assert "<textarea" not in html
    assert "_continue" not in html
