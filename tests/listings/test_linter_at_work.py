"""What the linter does to an ad: on the employers' pages, in its life, and with the lists that editors keep."""

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from listings.linter import BODY, TEXTS, blocking, lint
from listings.models import LinterWord, Status, Vacancy, WrongStatus
from listings.reference import load_rules
from tests.listings.employer_side import text_of, url
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db


# On the employers' pages


def test_the_form_shows_the_words_the_reason_and_whose_rule_it_is(client_of, anna, employer):
    vacancy = make_vacancy(employer, offer="Nennen Sie Ihr bisheriges Gehalt.")
    html = client_of(anna).get(url(vacancy, end="bearbeiten/")).content.decode()
    assert "<mark>bisheriges Gehalt</mark>" in html
    assert 'href="#id_offer"' in html
    assert "Bitte beheben" in html
    assert "Regel dieser Jobbörse" in html
    assert "<summary>Ausnahme zulassen" not in html


def test_the_history_of_the_ad_says_what_was_let_pass(client_of, anna, employer, rita):
    vacancy = make_vacancy(employer, title="Projektleiter")
    vacancy.override(rita, "L01", "Projektleiter", "So heißt die Funktion im Tarif.")
    page = text_of(client_of(anna).get(url(vacancy)))
    assert "Ausnahme zugelassen von der Redaktion" in page
    assert "Regel L01: „Projektleiter“" in page
    assert "So heißt die Funktion im Tarif." in page


# In the life of an ad


def test_an_error_keeps_an_ad_from_being_submitted(anna, employer):
    vacancy = make_vacancy(employer, title="Projektleiter")
    with pytest.raises(ValidationError) as caught:
        vacancy.submit(anna)
    assert "title" in caught.value.message_dict
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


def test_a_hint_does_not(anna, employer):
    vacancy = make_vacancy(employer, offer="Ein junges Team.")
    vacancy.submit(anna)
    assert vacancy.status == Status.IN_REVIEW


def test_publishing_asks_again(employer, rita):
    vacancy = make_vacancy(employer, status="in_review")
    LinterWord(name="Neu", rule="L04", words="Termine", why="Zum Test.", better="Weg damit.").save()
    with pytest.raises(ValidationError):
        vacancy.publish(rita, vacancy.version)


def test_accepting_a_change_asks_again(employer, anna, rita):
    vacancy = make_vacancy(employer, open=True)
    assert vacancy.edit(anna, {"title": "Projektleiter"}, vacancy.version) == "waiting"
    revision = vacancy.waiting_revision()
    with pytest.raises(ValidationError):
        vacancy.accept_revision(rita, revision.version)
    vacancy.override(rita, "L01", "Projektleiter", "So heißt die Funktion im Tarif.")
    vacancy.accept_revision(rita, revision.version)
    assert vacancy.title == "Projektleiter"


def test_an_editor_lets_an_error_pass_for_these_words_only(anna, employer, rita):
    vacancy = make_vacancy(employer, title="Projektleiter")
    vacancy.override(rita, "L01", "Projektleiter", "Eigenname des Programms.")
    [hit] = [hit for hit in lint(vacancy) if hit.rule == "L01"]
    assert hit.overridden
    event = vacancy.events.get(step="override")
    assert (event.rule, event.reason, event.by, event.role) == ("L01", "Eigenname des Programms.", rita, "editor")
    assert event.data == {"field": "title", "found": "Projektleiter"}
    vacancy.submit(anna)
    assert vacancy.status == Status.IN_REVIEW
    vacancy.title = "Projektmanager"
    assert blocking(lint(vacancy))


def test_the_firm_reads_that_an_error_was_let_pass(employer, rita):
    vacancy = make_vacancy(employer, title="Projektleiter")
    vacancy.override(rita, "L01", "Projektleiter", "So heißt die Funktion im Tarif.")
    mail = Email.objects.get()
    assert mail.subject == "Ausnahme zugelassen: Projektleiter"
    for body in (mail.message, mail.html_message):
        assert "Regel L01" in body
        assert "So heißt die Funktion im Tarif." in body
        assert "jetzt einreichen" in body


@pytest.mark.parametrize("status", ["closed", "removed"])
def test_nothing_is_let_pass_in_an_ad_that_is_over(employer, rita, status):
    vacancy = make_vacancy(employer, status=status)
    Vacancy.objects.filter(pk=vacancy.pk).update(title="Projektleiter")
    vacancy.refresh_from_db()
    with pytest.raises(WrongStatus):
        vacancy.override(rita, "L01", "Projektleiter", "Warum nicht.")


def test_an_override_needs_a_reason_and_something_to_let_pass(employer, rita):
    vacancy = make_vacancy(employer, title="Projektleiter")
    with pytest.raises(ValidationError):
        vacancy.override(rita, "L01", "Projektleiter", " ")
    with pytest.raises(WrongStatus):
        vacancy.override(rita, "L04", "Projektleiter", "Warum nicht.")
    vacancy.override(rita, "L01", "Projektleiter", "Eigenname.")
    with pytest.raises(WrongStatus):
        vacancy.override(rita, "L01", "Projektleiter", "Noch einmal.")


# The lists


def test_loading_twice_changes_nothing(capsys):
    before = list(LinterWord.objects.order_by("pk").values())
    said = []
    load_rules(said.append)
    assert not said
    assert list(LinterWord.objects.order_by("pk").values()) == before


def test_what_editors_changed_is_left_alone_and_the_rest_follows_the_file():
    changed = LinterWord.objects.get(key="junges-team")
    changed.active = False
    changed.save()
    LinterWord.objects.filter(key="akzentfrei").update(why="alt")
    LinterWord(name="Neu", rule="L02", words="Gute-Laune-Typ", why="Zum Test.", better="Weg damit.").save()
    LinterWord.objects.bulk_create([LinterWord(key="entfallen", name="Alt", rule="L02", words="früher dabei")])
    load_rules()
    assert not LinterWord.objects.get(key="junges-team").active
    assert LinterWord.objects.get(key="akzentfrei").why.startswith("Ein Akzent")
    assert LinterWord.objects.filter(words="Gute-Laune-Typ").exists()
    assert not LinterWord.objects.filter(key="entfallen").exists()


def test_every_list_of_the_file_is_one_that_an_editor_could_save():
    for word in LinterWord.objects.all():
        word.full_clean()
    assert set(BODY) < set(TEXTS)
