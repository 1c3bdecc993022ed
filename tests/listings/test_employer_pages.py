"""Who may see and do what on the employers' side; the list of ads, preview, state and steps."""

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.urls import get_resolver, reverse
from django.utils.timezone import localdate, now

from listings.employer_views import VERBS
from listings.models import Status, Vacancy, WrongStatus
from listings.team_views import STEPS as TEAM_STEPS
from tests.listings.employer_side import FIRM, LIST, NEW, ad, error_of, text_of, url
from tests.make import OSNABRUECK, make_employer, make_user, make_vacancy

pytestmark = pytest.mark.django_db


# Who may


FOR_LINKS = {"employer_invitation", "still_open"}  # for whoever holds the address of a mail
OF_ANYBODY = {"for_employers", "places"}
OF_THE_ACCOUNT = {"own_data", "own_data_json", "account_delete"}
PAGES = [
    pattern.name
    for pattern in get_resolver("listings.urls").url_patterns
    if str(pattern.pattern).lstrip("^").startswith("arbeitgeber/") and pattern.name not in FOR_LINKS | OF_ANYBODY
]
OWNERS_ONLY = {"employer_edit"}
OF_THE_FIRM = {"employer_edit", "employer_team", "employer_team_step"}
FOR_ALL_LOGGED_IN = {"employer_create", "employer_numbers", "employer_vacancies", "employer_vacancy_create"}


@pytest.mark.parametrize("who", ["anna", "ben", "eva", "rita", "nobody"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_asks_who_is_there(name, who, request, client, client_of, employer, ben, eva, rita):
    vacancy = make_vacancy(employer, title="Geheime Leitung")
    args = {
        **{each: [employer.slug] for each in OF_THE_FIRM},
        "employer_team_step": [employer.slug, "verlassen"],
        "employer_vacancy_step": [vacancy.pk, "einreichen"],
    }
    no_args = name in FOR_ALL_LOGGED_IN
    path = reverse(f"listings:{name}", args=args.get(name, [] if no_args else [vacancy.pk]))
    browser = client if who == "nobody" else client_of(request.getfixturevalue(who))
    ask = browser.post if name == "employer_vacancy_step" else browser.get
    response = ask(path)
    if who == "nobody":
        assert response.status_code == 302
        assert response.url == f"/konto/login/?next={path}"
    elif no_args:
        assert response.status_code in (200, 302)
        assert b"Geheime Leitung" not in response.content or who in ("anna", "ben")
    elif who == "anna" or (who == "ben" and name not in OWNERS_ONLY):
        assert response.status_code in (200, 302)
    else:
        assert response.status_code == 404
    vacancy.refresh_from_db()
    submitted = name == "employer_vacancy_step" and who in ("anna", "ben")
    assert vacancy.status == (Status.IN_REVIEW if submitted else Status.DRAFT)
    if who != "nobody" and response.status_code != 404:
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["anna", "ben", "eva", "rita", "nobody"])
@pytest.mark.parametrize("name", sorted(FOR_LINKS | OF_ANYBODY | OF_THE_ACCOUNT))
def test_what_is_no_page_of_a_firm_tells_nobody_about_one(
    name, who, request, client, client_of, employer, ben, eva, rita
):
    vacancy = make_vacancy(employer, title="Geheime Leitung")
    browser = client if who == "nobody" else client_of(request.getfixturevalue(who))
    response = browser.get(reverse(f"listings:{name}", args=["erraten"] if name in FOR_LINKS else []))
    if name in OF_THE_ACCOUNT and who == "nobody":
        assert response.url.startswith("/konto/login/?next=")
    elif name in OF_THE_ACCOUNT:
        assert response.status_code in (200, 302)
        assert b"Geheime Leitung" not in response.content or who in ("anna", "ben")
    else:
        assert response.status_code == (404 if name in FOR_LINKS else 200)
        assert b"Geheime Leitung" not in response.content
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


FIRM_STEPS = [
    *(f"/arbeitgeber/stellen/{{pk}}/{verb}/" for verb in [*VERBS, "bearbeiten"]),
    *(f"/arbeitgeber/firma/{{slug}}/team/{verb}/" for verb in TEAM_STEPS),
    "/arbeitgeber/firma/{slug}/",
]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["eva", "rita", "nobody"])
@pytest.mark.parametrize("path", FIRM_STEPS)
def test_no_step_of_a_firm_is_open_to_others(path, who, request, client, client_of, employer, eva, rita):
    vacancy = make_vacancy(employer, open=True)
    before = Vacancy.objects.filter(pk=vacancy.pk).values().get()
    browser = client if who == "nobody" else client_of(request.getfixturevalue(who))
    address = path.format(pk=vacancy.pk, slug=employer.slug)
    response = browser.post(address, ad(title="Fremd", closed_as="filled", email="eva@fremdwerk.example", senden=1))
    if who == "nobody":
        assert response.url == f"/konto/login/?next={address}"
    else:
        assert response.status_code == 404
    assert Vacancy.objects.filter(pk=vacancy.pk).values().get() == before
    assert employer.memberships.count() == 1
    assert not employer.invitations.exists()


def test_the_walks_above_know_every_address():
    begin = ("arbeitgeber/", "konto/", "orte/")
    patterns = get_resolver("listings.urls").url_patterns
    names = {each.name for each in patterns if str(each.pattern).lstrip("^").startswith(begin)}
    assert names == {*PAGES, *FOR_LINKS, *OF_ANYBODY, *OF_THE_ACCOUNT}


def test_the_walk_above_knows_every_page():
    assert len(PAGES) == 11


@pytest.mark.parametrize("who", ["eva", "rita"])
@pytest.mark.parametrize("end", ["bearbeiten/", "einreichen/", "zuruecknehmen/", "pausieren/", "schliessen/"])
def test_strangers_and_editors_cannot_write(who, end, request, client_of, employer):
    vacancy = make_vacancy(employer, status="in_review")
    response = client_of(request.getfixturevalue(who)).post(
        url(vacancy, end=end), ad(closed_as="filled", title="Fremd", version=2)
    )
    assert response.status_code == 404
    vacancy.refresh_from_db()
    assert (vacancy.status, vacancy.title) == (Status.IN_REVIEW, "IT-Projektkoordination (m/w/d)")


@pytest.mark.parametrize("number", ["0", "999999999999999999", "00000000000000001"])
def test_numbers_of_no_ad_are_not_found(number, client_of, anna):
    assert client_of(anna).get(f"/arbeitgeber/stellen/{number}/").status_code == 404


def test_a_firm_of_somebody_else_cannot_be_chosen_for_an_ad(client_of, anna, employer, eva):
    make_employer("Zweitwerk GmbH", owner=anna)
    foreign = eva.employers.get()
    response = client_of(anna).post(NEW, ad(employer=foreign.pk))
    assert error_of(response, "employer")
    assert not Vacancy.objects.exists()


# The list


def test_somebody_without_a_firm_is_led_to_describe_it(client_of):
    client = client_of(make_user("Nora Neu"))
    response = client.get(LIST)
    assert "Willkommen, Nora Neu." in text_of(response)
    assert f'href="{FIRM}"'.encode() in response.content
    assert client.get(NEW).url == FIRM
    assert client.post(NEW, ad()).url == FIRM
    assert not Vacancy.objects.exists()


def test_the_list_groups_by_what_needs_doing_and_says_the_state_in_words(client_of, anna, employer, rita):
    today = localdate()
    make_vacancy(employer, title="Leitung A")
    waiting = make_vacancy(employer, title="Leitung B", status="in_review")
    Vacancy.objects.filter(pk=waiting.pk).update(submitted_at=now() - timedelta(days=1))
    make_vacancy(employer, title="Leitung C", open=True, last_day=today + timedelta(days=9))
    make_vacancy(employer, title="Leitung D", open=True, first_day=today + timedelta(days=3))
    ended = make_vacancy(employer, title="Leitung E", open=True)
    Vacancy.objects.filter(pk=ended.pk).update(first_day=today - timedelta(days=9), last_day=today - timedelta(days=2))
    make_vacancy(employer, title="Leitung F", status="paused")
    make_vacancy(employer, title="Leitung G", status="closed")
    sent_back = make_vacancy(employer, title="Leitung H", status="in_review")
    sent_back.send_back(rita, "Der Ort fehlt im Text.")
    text = text_of(client_of(anna).get(LIST))

    def tail(title):
        return text[text.index(title) :][:120]

    assert "Entwurf zuletzt geändert am" in tail("Leitung A")
    assert "wartet seit gestern auf die Redaktion" in tail("Leitung B")
    assert f"läuft bis {forms_day(today + timedelta(days=9))}" in tail("Leitung C")
    assert f"beginnt am {forms_day(today + timedelta(days=3))}" in tail("Leitung D")
    assert f"abgelaufen am {forms_day(today - timedelta(days=2))}" in tail("Leitung E")
    assert "ruht" in tail("Leitung F")
    assert "besetzt am" in tail("Leitung G")
    assert "zurückgegeben" in tail("Leitung H")
    order = [
        "Das wartet auf Sie",
        "In Prüfung",
        "Leitung B",
        "Veröffentlicht",
        "Leitung C",
        "Angehalten",
        "Leitung F",
        "Vorbei",
    ]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert text.index("Vorbei") < text.index("Leitung G")
    first = ["Das wartet auf Sie", "Leitung H", "Leitung E", "Leitung A", "In Prüfung"]
    assert [text.index(each) for each in first] == sorted(text.index(each) for each in first)


def forms_day(day):
    from django.utils.formats import date_format

    return date_format(day, "j. F")


def test_the_list_asks_few_questions_and_turns_pages(client_of, anna, employer, django_assert_max_num_queries):
    vacancy = make_vacancy(employer)
    Vacancy.objects.bulk_create(
        Vacancy(employer=employer, title=f"Entwurf {n}", place_id=OSNABRUECK) for n in range(60)
    )
    client = client_of(anna)
    with django_assert_max_num_queries(10):
        first = client.get(LIST)
    assert first.content.count(b"own-ad") == 50
    assert b"?seite=2" in first.content
    second = client.get(LIST, {"seite": 2})
    assert second.content.count(b"own-ad") == 11
    assert vacancy.title in text_of(second)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "\x00", "9999", "²"])
def test_a_foolish_page_of_the_list_is_no_error(page, client_of, anna, employer):
    make_vacancy(employer)
    assert client_of(anna).get(LIST, {"seite": page}).status_code == 200


# Preview and state


def test_the_preview_is_the_live_page_with_a_bar_above(client, client_of, anna, employer, rita):
    vacancy = make_vacancy(employer, facts=["jira"], skills="Papierdeutsch")
    preview = text_of(client_of(anna).get(url(vacancy, end="vorschau/")))
    vacancy.submit(anna)
    vacancy.publish(rita, vacancy.version)
    live = text_of(client.get(vacancy.get_absolute_url()))
    start, end = "Aufgaben Sie halten", "Zeugnisse: zunächst nicht nötig"
    # What is counted of open ads holds this one only once it is open.
    preview_ad, live_ad = (
        re.sub(
            r"(?:Gezählt aus|Zu zählen gibt).*?(?=Gehaltsspannen in Euro)",
            "",
            text[text.index(start) : text.index(end)],
        )
        for text in (preview, live)
    )
    assert preview_ad == live_ad
    assert "Zur Prüfung einreichen" in preview
    assert "Zur Prüfung einreichen" not in live


def test_the_reason_of_the_editors_stands_where_it_cannot_be_missed(client_of, anna, employer, rita):
    vacancy = make_vacancy(employer, status="in_review")
    vacancy.send_back(rita, "Bitte <Ort> nennen.\nUnd die Stunden.")
    response = client_of(anna).get(url(vacancy))
    html = response.content.decode()
    assert '<blockquote class="reason">Bitte &lt;Ort&gt; nennen.\nUnd die Stunden.</blockquote>' in html
    assert "Entschieden hat das ein Mensch" in html
    assert "Rita" not in html, "editors act for the board"
    assert "von der Redaktion" in text_of(response)


STATES = ["draft", "in_review", "published", "paused", "closed"]
STEPS = {
    "einreichen": "submit",
    "zuruecknehmen": "take_back",
    "pausieren": "pause",
    "fortsetzen": "resume",
    "schliessen": "close",
    "bestaetigen": "confirm",
    "verlaengern": "extend",
    "verwerfen": "withdraw",
}


@pytest.mark.slow
@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("verb", STEPS)
def test_each_verb_works_in_its_states_only(verb, status, client_of, anna, employer):
    vacancy = make_vacancy(employer, status=status)
    if vacancy.can("edit"):
        vacancy.edit(anna, {"pay_high": "4100"}, vacancy.version)
    allowed, leads_to = Vacancy.LIFECYCLE[STEPS[verb]]
    count = vacancy.events.count()
    response = client_of(anna).post(url(vacancy, end=f"{verb}/"), {"closed_as": "withdrawn"}, follow=True)
    assert response.redirect_chain == [(url(vacancy), 302)]
    vacancy.refresh_from_db()
    if status in allowed:
        assert vacancy.status == (leads_to or status)
        assert vacancy.events.count() == count + 1
        assert vacancy.events.last().by == anna
    else:
        assert vacancy.status == status
        assert vacancy.events.count() == count
        assert "inzwischen geändert" in text_of(response)


@pytest.mark.parametrize("status", STATES)
def test_the_page_offers_exactly_the_verbs_that_work(status, client_of, anna, employer):
    vacancy = make_vacancy(employer, status=status)
    if vacancy.can("edit"):
        vacancy.edit(anna, {"pay_high": "4100"}, vacancy.version)
        Vacancy.objects.filter(pk=vacancy.pk).update(confirmed_on=localdate() - timedelta(days=1))
    html = client_of(anna).get(url(vacancy)).content.decode()
    offered = set(re.findall(rf'action="/arbeitgeber/stellen/{vacancy.pk}/([a-z]+)/"', html))
    assert offered == {verb for verb, step in STEPS.items() if vacancy.can(step)} | {"duplizieren"}


@pytest.mark.parametrize("verb", [*STEPS, "duplizieren", "loeschen", "publish"])
def test_reading_an_address_of_a_step_changes_nothing(verb, client_of, anna, employer):
    vacancy = make_vacancy(employer)
    response = client_of(anna).get(url(vacancy, end=f"{verb}/"))  # where a login in between leads
    if verb in STEPS or verb == "duplizieren":
        assert (response.status_code, response["Location"]) == (302, url(vacancy))
    else:
        assert response.status_code == 404
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


@pytest.mark.parametrize("verb", ["loeschen", "publish", "submit", "close", "bearbeite"])
def test_unknown_verbs_are_not_found(verb, client_of, anna, employer):
    assert client_of(anna).post(url(make_vacancy(employer), end=f"{verb}/")).status_code == 404


@pytest.mark.parametrize("reason", ["", "ended", "\x00", "egal"])
def test_closing_asks_why(reason, client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    response = client_of(anna).post(url(vacancy, end="schliessen/"), {"closed_as": reason})
    assert response.status_code == 200
    assert error_of(response, "closed_as")
    vacancy.refresh_from_db()
    assert vacancy.status == Status.PUBLISHED


def test_a_step_from_an_old_page_is_not_taken(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    client = client_of(anna)
    client.post(url(vacancy, end="bearbeiten/"), ad(title="Neuere Fassung (m/w/d)", version=1))
    response = client.post(url(vacancy, end="einreichen/"), {"version": 1}, follow=True)
    assert "inzwischen geändert" in text_of(response)
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


def test_a_step_that_somebody_else_took_a_moment_before_is_told(client_of, anna, employer):
    vacancy = make_vacancy(employer)
    with mock.patch.object(Vacancy, "submit", side_effect=WrongStatus("submit")):
        response = client_of(anna).post(url(vacancy, end="einreichen/"), follow=True)
    assert "inzwischen geändert" in text_of(response)


def test_an_incomplete_ad_is_not_submitted_and_each_gap_leads_to_its_field(client_of, anna, employer):
    vacancy = make_vacancy(employer, pay_low=None, tasks="")
    client = client_of(anna)
    response = client.post(url(vacancy, end="einreichen/"), follow=True)
    assert response.redirect_chain == [(url(vacancy, end="vorschau/"), 302)]
    form = client.get(url(vacancy, end="bearbeiten/")).content.decode()
    gaps = re.findall(r'bearbeiten/#(id_\w+)">', response.content.decode())
    assert {"id_tasks", "id_pay_low"} <= set(gaps)
    assert all(f'id="{gap}"' in form for gap in gaps)


def test_every_gap_that_an_ad_can_have_leads_to_a_field(client_of, anna, employer):
    vacancy = Vacancy.objects.create(employer=employer, title="", workplace="hybrid", contract="fixed_term")
    client = client_of(anna)
    form = client.get(url(vacancy, end="bearbeiten/")).content.decode()
    gaps = re.findall(r'bearbeiten/#(id_\w+)">', client.get(url(vacancy)).content.decode())
    assert len(gaps) >= 10
    assert [gap for gap in gaps if f'id="{gap}"' not in form] == []


def test_resuming_after_the_last_day_says_that_nobody_sees_it(client_of, anna, employer):
    vacancy = make_vacancy(employer, status="paused")
    today = localdate()
    Vacancy.objects.filter(pk=vacancy.pk).update(
        first_day=today - timedelta(days=9), last_day=today - timedelta(days=1)
    )
    client = client_of(anna)
    assert b"/fortsetzen/" not in client.get(url(vacancy)).content
    response = client.post(url(vacancy, end="fortsetzen/"), follow=True)
    assert "ihr letzter Tag ist schon vorbei" in text_of(response)
    assert "abgelaufen" in text_of(response)


def test_steps_need_the_token_of_our_own_page(anna, employer):
    from django.test import Client

    vacancy = make_vacancy(employer)
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert client.post(url(vacancy, end="einreichen/")).status_code == 403
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT
