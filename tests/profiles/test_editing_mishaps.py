"""The desk of a city page meets nonsense and expired logins: nothing breaks and nothing is lost."""

import json
import re

import pytest
from django.test import Client

from profiles.models import SalaryFigure
from tests.make import make_user
from tests.profiles.editors_side import LIVE, NEW, SENTENCE, change_page, fresh, post, save, sent_back, typed

FAR = 10**25


MISTAKES = [
    {"lead": "\0"},
    {"sections__0__body": ""},
    {"sections__0__order": FAR},
    {"sections__0__id": "abc"},
    {"figures__0__section": FAR},
    {"figures__0__low": "viel"},
    {"figures__0__low": "", "figures__0__high": ""},
    {"figures__0__checked_on": "99999-99-99"},
    {"figures__0__evidence": " "},
    {"sections-TOTAL_FORMS": "abc"},
]
MORE_MISTAKES = [  # of the same kinds
    {"lead": "x" * 221},
    {"sections__0__body": "x" * 20_001},
    {"sections__0__heading": "\ud800\0"},
    {"sections__0__order": "-1"},
    {"sections__0__order": ""},
    {"sections__0__slug": "Nicht gut!"},
    {"sections__0__id": FAR},
    {"sections__0__id": ""},
    {"figures__0__id": 999_999},
    {"figures__0__section": "\0"},
    {"figures__0__section": ""},
    {"figures__0__low": FAR},
    {"figures__0__low": "0"},
    {"figures__0__low": "4000"},
    {"figures__0__level": "hoch"},
    {"figures__0__period": "woche"},
    {"figures__0__order": FAR},
    {"figures__0__valid_from": "gestern"},
    {"figures__0__evidence": "x" * 601},
    {"figures__0__pick": "x" * 1000},
    {"figures__0__label": ""},
    {"figures-INITIAL_FORMS": ""},
    {"sections-TOTAL_FORMS": FAR},  # a page of two hundred sections
]


@pytest.mark.parametrize(
    "changes", [*MISTAKES, *(pytest.param(changes, marks=pytest.mark.slow) for changes in MORE_MISTAKES)]
)
def test_what_cannot_be_stored_is_told_beside_its_field_and_nothing_is_lost(editor, draft, changes):
    data = typed(editor, draft, **{"note": "Bleibt stehen.", **changes})
    data = {
        name: value.encode("utf-8", "ignore").decode() if isinstance(value, str) else value
        for name, value in data.items()
    }
    live = post(editor, draft, data, **LIVE)
    assert live.status_code == 200
    page = post(editor, draft, {**data, "_continue": "1"})
    assert page.status_code == 200
    assert page.context["mistakes"]
    html = page.content.decode()
    assert "Noch nicht gespeichert" in html
    assert "Bleibt stehen." in html
    assert not re.search(r"This field|Enter a|Ensure|Select a|ManagementForm data", html)
    assert fresh(draft).version == draft.version
    assert draft.sections.get().body == SENTENCE


@pytest.mark.parametrize("version", ["", "0", "abc", FAR, "-1"])
def test_a_version_that_is_none_counts_as_outdated(editor, draft, version):
    page = post(editor, draft, typed(editor, draft, version=version, lead="Meins."))
    assert page.status_code == 409
    assert "Meins." in page.content.decode()


@pytest.mark.parametrize(
    "base",
    [
        "",
        "{",
        "[]",
        "null",
        '{"edition": 1}',
        "[" * 5000,
        json.dumps({part: {"1": {"heading": 1}} for part in ("edition", "sections", "figures", "facts")}),
    ],
)
def test_a_conflict_needs_no_memory_of_the_beginning(editor, other, draft, base):
    mine = typed(editor, draft, base=base, lead="Meins.")
    save(other, draft, sections__0__body=NEW)
    page = post(editor, draft, mine)
    assert page.status_code == 409
    assert sent_back(page)["lead"] == "Meins."
    assert "Das haben Sie beide geändert" in page.content.decode()
    assert draft.sections.get().body == NEW


@pytest.mark.slow
@pytest.mark.parametrize(
    "button",
    [
        {"_take": ""},
        {"_take": "figures-0"},
        {"_take": f"figures-0:{FAR}:Satz"},
        {"_take": "figures-99:1:Satz"},
        {"_take": "lead:1:Satz"},
        {"_add": "alles"},
        {"_add": f"figures-{FAR}"},
        {"_add": "facts-\0"},
        {"_up": "sections-99"},
        {"_down": "figures-0"},
        {"_up": ""},
    ],
)  # fmt: skip
def test_a_button_that_does_not_exist_breaks_nothing(editor, draft, button):
    assert post(editor, draft, {**typed(editor, draft), **button}).status_code in (200, 302)
    assert draft.figures.get().evidence == SENTENCE
    assert draft.sections.count() == 1


def test_an_empty_post_is_a_message(editor, draft):
    assert post(editor, draft, {}).status_code == 409
    assert post(editor, draft, {"version": draft.version}).status_code == 200
    assert draft.sections.get().body == SENTENCE


def test_a_text_of_the_greatest_length_is_stored_and_shown(editor, draft):
    body = (SENTENCE + "\n\n" + "Wort " * 4000)[:20_000].strip()
    page = save(editor, draft, sections__0__body=body)
    assert page.status_code == 200
    assert draft.sections.get().body == body


def test_a_row_of_another_edition_is_not_touched(editor, draft):
    live = draft.city.live_edition()
    save(editor, draft, figures__0__id=live.figures.get().pk, figures__0__label="Gekapert")
    assert SalaryFigure.objects.filter(label="Gekapert").count() == 0


# A login that comes in between


def test_what_was_typed_without_a_session_is_there_after_the_login_and_not_stored(client, editor, rita, draft):
    data = typed(editor, draft, sections__0__body=NEW)
    response = client.post(change_page(draft), {**data, "_publish": "1"})
    assert response.url.startswith("/konto/login/")
    client.force_login(rita)
    html = client.get(change_page(draft)).content.decode()
    assert f">\n{NEW}</textarea>" in html
    assert "bevor die Anmeldung dazwischenkam" in html
    assert 'data-editing="unsaved"' in html
    assert draft.sections.get().body == SENTENCE
    assert NEW not in client.get(change_page(draft), {"gespeichert": "1"}).content.decode()
    client.post(change_page(draft), data)
    assert draft.sections.get().body == NEW
    assert "dazwischenkam" not in client.get(change_page(draft)).content.decode()


def test_what_was_typed_without_a_session_meets_what_others_saved_meanwhile(client, editor, other, rita, draft):
    data = typed(editor, draft, sections__0__body=NEW)
    client.post(change_page(draft), data)
    save(other, draft, lead="Von der anderen.")
    client.force_login(rita)
    page = client.get(change_page(draft))
    assert page.status_code == 409
    assert "Von der anderen." in page.content.decode()
    assert f">\n{NEW}</textarea>" in page.content.decode()
    fresh(draft).discard()
    assert NEW in client.get(change_page(draft)).content.decode()


def test_somebody_who_may_not_write_does_not_take_it_up(client, editor, draft):
    client.post(change_page(draft), typed(editor, draft, sections__0__body=NEW))
    client.force_login(make_user("Hanno Helfer", is_staff=True))
    assert NEW not in client.get(change_page(draft), follow=True).content.decode()


def test_the_preview_says_that_nobody_is_logged_in_any_more(client, editor, draft):
    page = post(client, draft, typed(editor, draft), **LIVE)
    assert page["HX-Retarget"] == "[data-saved]"
    assert "nicht mehr angemeldet" in page.content.decode()


def test_a_token_from_before_the_login_loses_nothing(editor, rita, draft):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(rita)
    data = {**typed(editor, draft, sections__0__body=NEW), "csrfmiddlewaretoken": "x" * 64}
    assert post(strict, draft, data).url == change_page(draft)
    assert f">\n{NEW}</textarea>" in strict.get(change_page(draft)).content.decode()
    assert post(strict, draft, data, **LIVE)["HX-Retarget"] == "[data-token]"
