"""Editors keep the word lists, try them out, and let an ad's error pass; nobody else does."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from listings.models import LinterWord, MinimumWage, VacancyEvent
from tests.listings.employer_side import text_of
from tests.make import make_employer, make_user, make_vacancy

TRIAL = reverse("admin:listings_linterword_trial")
LIST = reverse("admin:listings_linterword_changelist")


def review_of(vacancy):
    return reverse("admin:listings_vacancy_review", args=[vacancy.pk])


def override(client, vacancy, **data):
    data = {"rule": "L01", "found": "Projektleiter", "reason": "Eigenname des Programms.", **data}
    return client.post(reverse("admin:listings_vacancy_override", args=[vacancy.pk]), data, follow=True)


@pytest.fixture
def blocked(employer):
    return make_vacancy(employer, title="Projektleiter", offer="Ein junges Team.")


# The lists


def test_the_box_shows_what_the_present_lists_find(editor):
    page = text_of(editor.post(TRIAL, {"title": "Projektleiter", "text": "Ein junges Team, kein Foto."}))
    assert "2 Treffer" in page
    assert "junges Team" in page
    LinterWord.objects.filter(key="junges-team").update(active=False)
    assert "1 Treffer" in text_of(editor.post(TRIAL, {"title": "Projektleiter", "text": "Ein junges Team."}))


def test_words_that_are_found_are_shown_as_they_were_typed(editor, client_of, anna):
    employer = make_employer("Hase <img src=x> Werk", owner=anna)
    vacancy = make_vacancy(employer, title="<b>Leiter</b> bei Hase <img src=x> Werk")
    own = reverse("listings:employer_vacancy_edit", args=[vacancy.pk])
    for page in [editor.get(review_of(vacancy)), client_of(anna).get(own)]:
        html = page.content.decode()
        assert "&lt;b&gt;<mark>Leiter</mark>" in html
        assert "<mark>Hase &lt;img src=x&gt; Werk</mark>" in html
        assert "<img src=x>" not in html


def test_the_box_says_when_nothing_is_found_and_begins_empty(editor):
    assert "Treffer" not in text_of(editor.get(TRIAL))
    assert "Kein Treffer" in text_of(editor.post(TRIAL, {"title": "IT-Koordination", "text": "Sie halten Termine."}))


def test_the_box_takes_nothing_that_breaks_it(editor):
    assert editor.post(TRIAL, {"title": "x" * 200, "text": "\0"}).status_code == 200


def test_a_list_of_ones_own_is_applied_at_once_and_can_be_deleted(editor):
    data = {
        "name": "Laune",
        "rule": "L02",
        "words": "Frohnatur~",
        "exceptions": "",
        "why": "Warum.",
        "better": "Besser.",
        "active": "on",
    }
    editor.post(reverse("admin:listings_linterword_add"), data)
    word = LinterWord.objects.get(name="Laune")
    assert word.edited
    assert "1 Treffer" in text_of(editor.post(TRIAL, {"title": "IT-Koordination", "text": "Als Frohnatur"}))
    editor.post(reverse("admin:listings_linterword_delete", args=[word.pk]), {"post": "yes"})
    assert not LinterWord.objects.filter(name="Laune").exists()


def test_a_list_of_the_file_is_switched_off_and_not_deleted(editor):
    word = LinterWord.objects.get(key="foto")
    assert editor.post(reverse("admin:listings_linterword_delete", args=[word.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"words": "ab"}, "träfe fast alles"),
        ({"words": "Foto\n*"}, "träfe fast alles"),
        ({"why": ""}, "Bitte sagen Sie es dem Arbeitgeber"),
        ({"neutral": "on"}, "nur bei L01"),
    ],
)
def test_a_list_that_cannot_work_is_refused(editor, data, complaint):
    data = {"name": "Laune", "rule": "L02", "words": "Frohnatur", "why": "Warum.", "better": "Besser.", **data}
    assert complaint in text_of(editor.post(reverse("admin:listings_linterword_add"), data))


def test_the_lists_and_the_wages_keep_within_their_queries(editor, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert "Muttersprache" in text_of(editor.get(LIST))
    with django_assert_max_num_queries(8):
        assert "13,9" in text_of(editor.get(reverse("admin:listings_minimumwage_changelist")))


def test_a_change_to_a_wage_is_remembered(editor):
    wage = MinimumWage.objects.latest("valid_from")
    data = {"valid_from": "01.01.2027", "amount": "15,00", "source": "Beschluss"}
    editor.post(reverse("admin:listings_minimumwage_change", args=[wage.pk]), data)
    wage.refresh_from_db()
    assert (wage.amount, wage.edited) == (15, True)


def test_moderators_keep_the_lists_and_editors_of_city_pages_do_not(client_of, db):
    for name, status in (("Moderation", 200), ("Redaktion", 403)):
        person = make_user(name, is_staff=True)
        person.groups.set([Group.objects.get(name=name)])
        for page in (LIST, TRIAL):
            assert client_of(person).get(page).status_code == status, (name, page)


# On the review page


def test_the_review_shows_what_the_rules_find(editor, blocked):
    page = text_of(editor.get(review_of(blocked)))
    assert "Was die Regeln finden" in page
    assert "§§ 1, 7 und 11 AGG" in page
    assert "Ein junges Team ." in page
    assert "Ausnahme zulassen" in page


def test_the_review_of_a_clean_ad_says_so(editor, employer):
    vacancy = make_vacancy(employer, tasks="Sie halten Termine zusammen. " * 20)
    assert "finden nichts zu beanstanden" in text_of(editor.get(review_of(vacancy)))


def test_an_editor_lets_an_error_pass_and_the_history_says_why(editor, blocked, anna):
    page = text_of(override(editor, blocked))
    assert "Die Ausnahme ist zugelassen" in page
    assert "L01 „Projektleiter“" in page
    assert "Eigenname des Programms." in page
    blocked.submit(anna)


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ({"reason": " "}, "Bitte sagen Sie kurz, warum"),
        ({"reason": "\0"}, "Bitte sagen Sie kurz, warum"),
        ({"found": "Projektmanager"}, "gibt es nicht mehr"),
        ({"rule": "L04"}, "gibt es nicht mehr"),
    ],
)
def test_nothing_passes_without_a_reason_or_where_nothing_is(editor, blocked, data, answer):
    assert answer in text_of(override(editor, blocked, **data))
    assert not VacancyEvent.objects.filter(step="override").exists()


def test_a_look_lets_nothing_pass(editor, blocked):
    editor.get(reverse("admin:listings_vacancy_override", args=[blocked.pk]), {"rule": "L01", "found": "Projektleiter"})
    assert not VacancyEvent.objects.filter(step="override").exists()


def test_nobody_lets_an_error_of_their_own_firm_pass(editor, rita):
    vacancy = make_vacancy(make_employer(owner=rita), title="Projektleiter")
    assert "Ausnahme zulassen" not in text_of(editor.get(review_of(vacancy)))
    assert override(editor, vacancy).status_code == 403


def test_only_who_may_review_lets_an_error_pass(client_of, client, blocked, anna):
    staff = make_user("Willi", is_staff=True)
    assert override(client_of(staff), blocked).status_code == 403
    for stranger in (client_of(anna), client):
        override(stranger, blocked)
    assert not VacancyEvent.objects.filter(step="override").exists()


def test_words_with_a_line_break_can_be_let_pass(editor, employer):
    vacancy = make_vacancy(employer, offer="Nennen Sie Ihr bisheriges\nGehalt.")
    page = text_of(override(editor, vacancy, rule="L04", found="bisheriges\r\nGehalt"))
    assert "Die Ausnahme ist zugelassen" in page
    assert not vacancy.blocking_hits()
