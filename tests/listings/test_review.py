"""Editors review vacancies: the queue, the page with the ad as readers will see it, and the two verdicts."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from listings.models import Employer, Membership, Status, Vacancy
from tests.make import HAMM, make_colleague, make_employer, make_user, make_vacancy

QUEUE = reverse("admin:listings_vacancy_review_queue")


def page_of(vacancy):
    return reverse("admin:listings_vacancy_review", args=[vacancy.pk])


def publish(client, vacancy, version=None):
    return client.post(page_of(vacancy), {"verdict": "publish", "version": version or vacancy.version})


def send_back(client, vacancy, reason="Bitte nennen Sie die Aufgaben.", **data):
    data = {"verdict": "send_back", "version": vacancy.version, "reason": reason, **data}
    return client.post(page_of(vacancy), data)


@pytest.fixture
def waiting(employer):
    return make_vacancy(employer, status="in_review", title="IT-Koordination Ölmühle (m/w/d)")


def status_of(vacancy):
    return Vacancy.objects.get(pk=vacancy.pk).status


# The queue


def test_the_queue_begins_with_the_oldest(editor, employer):
    late, early = (
        make_vacancy(employer, status="in_review", title=title, at=timezone.now() - timedelta(hours=hours))
        for title, hours in (("Später (m/w/d)", 1), ("Früher (m/w/d)", 30))
    )
    html = editor.get(QUEUE).content.decode()
    assert html.index(page_of(early)) < html.index(page_of(late))
    assert "2 Anzeigen warten" in html


def test_the_queue_marks_firms_without_a_published_ad(editor, employer):
    make_vacancy(employer, open=True)
    make_vacancy(employer, status="in_review")
    assert "neu hier" not in editor.get(QUEUE).content.decode()
    make_vacancy(status="in_review")
    assert editor.get(QUEUE).content.decode().count("neu hier") == 1


def test_the_queue_says_how_often_an_ad_was_submitted(editor, waiting, rita, anna):
    waiting.send_back(rita, "Noch nicht.")
    waiting.submit(anna)
    assert editor.get(QUEUE).context["vacancies"][0].times_submitted == 2


def test_only_what_waits_is_in_the_queue(editor, employer):
    for status in ("draft", "published", "paused", "closed"):
        make_vacancy(employer, status=status)
    assert "Keine Anzeige wartet" in editor.get(QUEUE).content.decode()


def test_the_queue_keeps_within_its_queries(editor, django_assert_max_num_queries):
    for _ in range(8):
        make_vacancy(status="in_review")
        vacancy = make_vacancy(open=True, facts=["jira"])
        vacancy.edit(None, {"place": HAMM, "facts": ["erp"], "pay_high": "4100"}, vacancy.version)
    with django_assert_max_num_queries(15):
        editor.get(QUEUE)


# The page


def test_the_review_shows_the_page_that_readers_will_see(editor, waiting):
    response = editor.get(page_of(waiting))
    assert "listings/vacancy_detail.html" in [template.name for template in response.templates]
    html = response.content.decode()
    assert "IT-Koordination Ölmühle" in html
    assert "Sie halten Termine, Beteiligte und Entscheidungen zusammen." in html


def test_the_review_shows_the_firm_and_what_happened_so_far(editor, waiting, anna, rita):
    waiting.send_back(rita, "Bitte die Wochenstunden prüfen.")
    waiting.submit(anna)
    html = editor.get(page_of(waiting)).content.decode()
    assert anna.email in html
    assert "noch keine Anzeige" in html
    assert "Bitte die Wochenstunden prüfen." in html


@pytest.mark.parametrize(
    ("status", "verdicts"),
    [
        ("draft", set()),
        ("in_review", {"publish", "send_back"}),
        ("published", {"remove"}),
        ("paused", {"remove"}),
        ("removed", {"restore"}),
        ("closed", set()),
    ],
)
def test_only_the_verdicts_that_the_state_allows_are_offered(editor, employer, status, verdicts):
    html = editor.get(page_of(make_vacancy(employer, status=status))).content.decode()
    assert set(re.findall(r'name="verdict" value="(\w+)"', html)) == verdicts


def test_even_an_empty_draft_can_be_looked_at(editor, employer):
    draft = Vacancy.objects.create(employer=employer, title="")
    assert editor.get(page_of(draft)).status_code == 200


def test_looking_changes_nothing(editor, waiting):
    before = Vacancy.objects.filter(pk=waiting.pk).values().get()
    editor.get(QUEUE)
    editor.get(page_of(waiting), {"verdict": "publish", "version": waiting.version})
    assert Vacancy.objects.filter(pk=waiting.pk).values().get() == before
    assert waiting.events.count() == 1


@pytest.mark.parametrize("pk", [0, 10**25])
def test_an_ad_that_does_not_exist_leads_back_to_the_queue(editor, db, pk):
    for response in (
        editor.get(f"/redaktion/listings/vacancy/{pk}/pruefung/"),
        editor.post(f"/redaktion/listings/vacancy/{pk}/pruefung/"),
    ):
        assert (response.status_code, response.url) == (302, QUEUE)


# Verdicts


def test_publishing_lets_readers_see_the_ad_and_leads_to_the_next_one(editor, waiting, rita, client):
    following = make_vacancy(status="in_review")
    response = publish(editor, waiting)
    assert response.url == f"{page_of(following)}#inhalt"
    assert status_of(waiting) == Status.PUBLISHED
    event = waiting.events.last()
    assert (event.step, event.by, event.role) == ("publish", rita, "editor")
    assert client.get(waiting.get_absolute_url()).status_code == 200


def test_after_the_last_verdict_one_is_back_at_the_queue(editor, waiting):
    assert send_back(editor, waiting).url == f"{QUEUE}#inhalt"


def test_sending_back_tells_the_employer_why(editor, waiting):
    send_back(editor, waiting, "Die Aufgaben fehlen.\nBitte ergänzen.", replies=["pay"])
    assert status_of(waiting) == Status.DRAFT
    reason = waiting.events.last().reason
    assert reason.startswith("Das Gehalt passt nicht")
    assert reason.replace("\r", "").endswith("\n\nDie Aufgaben fehlen.\nBitte ergänzen.")
    assert "Die Aufgaben fehlen." in Email.objects.latest("pk").message


def test_a_ready_reply_alone_is_reason_enough(editor, waiting):
    send_back(editor, waiting, reason="", replies=["title", "pay"])
    assert status_of(waiting) == Status.DRAFT
    assert "§§ 1, 7 und 11 AGG" in waiting.events.last().reason


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_nothing_goes_back_without_a_reason(editor, waiting, reason):
    response = send_back(editor, waiting, reason)
    assert "Bitte nennen Sie den Grund" in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()
    assert status_of(waiting) == Status.IN_REVIEW


def test_a_version_that_was_not_seen_is_not_published(editor, waiting):
    seen = waiting.version
    Vacancy.objects.filter(pk=waiting.pk).update(version=seen + 1, title="Etwas ganz anderes (m/w/d)")
    response = publish(editor, waiting, seen)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Jemand war schneller" in html
    assert "Etwas ganz anderes" in html
    assert f'name="version" value="{seen + 1}"' in html
    assert status_of(waiting) == Status.IN_REVIEW


def test_a_typed_reason_survives_that_the_ad_has_changed(editor, waiting):
    seen = waiting.version
    Vacancy.objects.filter(pk=waiting.pk).update(version=seen + 1)
    response = send_back(editor, waiting, "Lange überlegt & <b>getippt</b>", version=seen, replies=["tasks"])
    html = response.content.decode()
    assert "Lange überlegt &amp; &lt;b&gt;getippt&lt;/b&gt;</textarea>" in html
    assert 'value="tasks" checked' in html
    assert status_of(waiting) == Status.IN_REVIEW


def test_a_second_editor_is_told_that_somebody_was_faster(editor, waiting, rita):
    seen = waiting.version
    waiting.publish(rita, seen)
    response = send_back(editor, waiting, "Lange überlegt", version=seen)
    assert response.status_code == 409
    assert "Lange überlegt" in response.content.decode()
    assert status_of(waiting) == Status.PUBLISHED


def test_an_ad_whose_last_day_is_over_can_only_go_back(editor, employer):
    old = make_vacancy(employer, status="in_review", at=timezone.now() - timedelta(days=40))
    response = publish(editor, old)
    assert response.status_code == 422
    assert "Der letzte Tag liegt in der Vergangenheit" in response.content.decode()
    assert status_of(old) == Status.IN_REVIEW


@pytest.mark.slow
@pytest.mark.parametrize("version", ["", "0", "-1", "x", "1.5", "9" * 40, "\0", "1\x00", "²"])
@pytest.mark.parametrize("verdict", ["publish", "send_back", "", "remove"])
def test_no_malformed_version_or_verdict_moves_or_breaks_anything(editor, waiting, version, verdict):
    response = editor.post(page_of(waiting), {"verdict": verdict, "version": version, "reason": "Grund"})
    assert response.status_code in (409, 422)
    assert status_of(waiting) == Status.IN_REVIEW


@pytest.mark.parametrize(
    "data", [{"reason": "a\0b"}, {"reason": "x" * 3001}, {"replies": "unknown"}, {"replies": "\0"}]
)
def test_a_malformed_reason_is_refused_beside_its_field(editor, waiting, data):
    response = send_back(editor, waiting, **{"reason": "Grund", **data})
    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert status_of(waiting) == Status.IN_REVIEW


def test_an_empty_post_changes_nothing(editor, waiting):
    assert editor.post(page_of(waiting)).status_code == 409
    assert status_of(waiting) == Status.IN_REVIEW


# Who may


def test_only_who_may_change_vacancies_may_review(client_of, waiting):
    helper = make_user("Hanno Helfer", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename="view_vacancy"))
    client = client_of(helper)
    assert client.get(QUEUE).status_code == 403
    assert client.get(page_of(waiting)).status_code == 403
    assert publish(client, waiting).status_code == 403
    assert send_back(client, waiting).status_code == 403
    assert status_of(waiting) == Status.IN_REVIEW


def test_neither_employers_nor_strangers_get_near_a_verdict(client, client_of, waiting, anna, eva):
    for each in (client, client_of(anna), client_of(eva)):
        assert publish(each, waiting).status_code == 302
        assert each.get(page_of(waiting), follow=True).status_code in (200, 403)
    assert status_of(waiting) == Status.IN_REVIEW


def test_an_editor_does_not_review_the_ads_of_their_own_firm(editor, waiting, employer, rita):
    Membership.objects.create(employer=employer, user=rita)
    html = editor.get(page_of(waiting)).content.decode()
    assert "Sie gehören zu dieser Firma" in html
    assert 'name="verdict"' not in html
    assert publish(editor, waiting).status_code == 403
    assert send_back(editor, waiting).status_code == 403
    assert status_of(waiting) == Status.IN_REVIEW


def test_the_next_ad_is_never_one_of_the_editors_own_firm(editor, waiting, rita):
    make_vacancy(make_employer(owner=rita), status="in_review", at=timezone.now() - timedelta(days=2))
    assert publish(editor, waiting).url == f"{QUEUE}#inhalt"


# Vacancies to look at


def test_no_field_of_an_ad_can_be_changed_in_the_admin(editor, waiting):
    change = reverse("admin:listings_vacancy_change", args=[waiting.pk])
    html = editor.get(change).content.decode()
    assert "IT-Koordination Ölmühle" in html
    assert 'name="title"' not in html
    assert editor.post(change, {"title": "Gekapert", "status": "published"}).status_code == 403
    assert editor.get(reverse("admin:listings_vacancy_add")).status_code == 403
    assert editor.post(reverse("admin:listings_vacancy_delete", args=[waiting.pk]), {"post": "yes"}).status_code == 403
    assert Vacancy.objects.get(pk=waiting.pk).title == "IT-Koordination Ölmühle (m/w/d)"


@pytest.mark.parametrize("term", ["ölmühle", "OELMUEHLE", "olmuhle", "hasewerk", "K-42/7", "#{pk}", "{pk}"])
def test_an_ad_is_found_by_title_firm_reference_and_number(editor, waiting, term):
    Vacancy.objects.filter(pk=waiting.pk).update(reference_number="K-42/7")
    make_vacancy(make_employer("Firma ohne Ziffern"), title="Ganz andere Stelle (m/w/d)")
    found = editor.get(reverse("admin:listings_vacancy_changelist"), {"q": term.format(pk=waiting.pk)})
    assert [vacancy.pk for vacancy in found.context["cl"].result_list] == [waiting.pk]


def test_the_address_of_a_firm_is_made_from_its_name_and_stays(editor, employer):
    inline = {f"memberships-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    data = {"name": "Köhler & Söhne", "kind": "direkt", "slug": "", **inline}
    assert editor.post(reverse("admin:listings_employer_add"), data).status_code == 302
    firm = Employer.objects.get(name="Köhler & Söhne")
    assert firm.slug == "koehler-soehne"
    editor.post(reverse("admin:listings_employer_change", args=[firm.pk]), {**data, "name": "Neu", "slug": "neu"})
    firm.refresh_from_db()
    assert (firm.name, firm.slug) == ("Neu", "koehler-soehne")


# What is published


def test_an_editor_removes_an_ad_with_a_reason_and_restores_it(editor, client, employer):
    vacancy = make_vacancy(employer, open=True, title="Koordination Luftschloss (m/w/d)")
    data = {"verdict": "remove", "version": vacancy.version}
    response = editor.post(page_of(vacancy), data)
    assert response.status_code == 422
    assert status_of(vacancy) == Status.PUBLISHED
    editor.post(page_of(vacancy), {**data, "reason": "Die Stelle gibt es nicht."})
    assert status_of(vacancy) == Status.REMOVED
    gone = client.get(vacancy.get_absolute_url())
    assert gone.status_code == 410
    assert "Luftschloss" not in gone.content.decode()
    assert "Wiederherstellen" in editor.get(page_of(vacancy)).content.decode()
    editor.post(page_of(vacancy), {"verdict": "restore", "version": Vacancy.objects.get().version})
    assert status_of(vacancy) == Status.PUBLISHED
    assert Email.objects.filter(subject__startswith="Entfernt: ").count() == 1


def test_ready_reasons_are_shown_as_the_employer_will_read_them(editor, waiting):
    html = editor.get(page_of(waiting)).content.decode()
    assert "Das Gehalt passt nicht zu Zeitraum oder Wochenstunden." in html
    send_back(editor, waiting, reason="", replies=["pay"])
    assert "Das Gehalt passt nicht" in Vacancy.objects.get().events.last().reason


# Changes to running ads


@pytest.fixture
def changed(employer, anna):
    """A running ad with a change that waits."""
    vacancy = make_vacancy(employer, open=True)
    vacancy.edit(anna, {"title": "IT-Projektassistenz (m/w/d)", "pay_high": "4100"}, vacancy.version)
    return vacancy


def decide(client, vacancy, verdict, version=1, **data):
    return client.post(page_of(vacancy), {"verdict": verdict, "version": version, **data})


def test_a_change_waits_in_the_same_queue(editor, changed, waiting):
    html = editor.get(QUEUE).content.decode()
    assert "2 Anzeigen warten" in html
    assert "Änderung</span>" in html
    assert page_of(changed) in html
    assert "Gehalt bis: 4.000\u00a0€ <span aria-hidden" in html
    assert "4.100\u00a0€" in html
    assert "(bisher)" in html
    assert "eine Änderung an einer laufenden" in " ".join(editor.get(reverse("admin:index")).content.decode().split())


def test_an_editor_sees_what_changes_and_the_ad_as_it_would_be(editor, changed):
    html = editor.get(page_of(changed)).content.decode()
    assert "Was sich ändert" in html
    assert "<h1>IT-Projektassistenz (m/w/d)</h1>" in html
    assert "4.100" in html


def test_an_editor_accepts_a_change(editor, changed, rita):
    assert decide(editor, changed, "accept").status_code == 302
    changed.refresh_from_db()
    assert (changed.title, changed.pay_high) == ("IT-Projektassistenz (m/w/d)", 4100)
    assert changed.events.last().by == rita


def test_an_editor_returns_a_change_with_a_reason(editor, changed):
    assert decide(editor, changed, "return").status_code == 422
    assert decide(editor, changed, "return", reason="Bitte erklären Sie den neuen Titel.").status_code == 302
    assert changed.revisions.get().state == "returned"
    assert Email.objects.order_by("pk").last().subject.startswith("Änderung nicht übernommen")


def test_a_change_that_went_on_meanwhile_is_not_accepted(editor, changed, anna):
    vacancy = Vacancy.objects.get(pk=changed.pk)
    vacancy.edit(anna, {"pay_high": "9000"}, vacancy.version)
    response = decide(editor, changed, "accept")
    assert response.status_code == 409
    assert "Jemand war schneller" in response.content.decode()
    assert 'name="version" value="2"' in response.content.decode()
    changed.refresh_from_db()
    assert changed.pay_high == 4000


def test_nobody_decides_on_a_change_of_their_own_firm(editor, changed, rita):
    Membership.objects.create(user=rita, employer=changed.employer)
    assert decide(editor, changed, "accept").status_code == 403
    assert changed.waiting_revision()


# Trust


def trust_page(employer):
    return reverse("admin:listings_employer_trust", args=[employer.pk])


def test_an_editor_marks_a_firm_as_trusted_and_takes_the_mark_away(editor, employer, rita):
    assert editor.get(trust_page(employer)).status_code == 200
    employer.refresh_from_db()
    assert not employer.is_trusted, "looking changes nothing"
    editor.post(trust_page(employer), {"trusted": "on", "reason": "Zehn Anzeigen ohne Tadel."})
    employer.refresh_from_db()
    assert (employer.is_trusted, employer.trusted_by) == (True, rita)
    history = editor.get(reverse("admin:listings_employer_history", args=[employer.pk])).content.decode()
    assert "Zehn Anzeigen ohne Tadel." in history
    editor.post(trust_page(employer), {"reason": "Nicht mehr sorgfältig."})
    employer.refresh_from_db()
    assert not employer.is_trusted


def test_trust_needs_a_reason_and_nobody_trusts_their_own_firm(editor, employer, rita):
    editor.post(trust_page(employer), {"trusted": "on", "reason": ""})
    Membership.objects.create(user=rita, employer=employer)
    assert editor.post(trust_page(employer), {"trusted": "on", "reason": "Wir."}).status_code == 403
    employer.refresh_from_db()
    assert not employer.is_trusted


def test_an_ad_with_a_waiting_change_can_be_removed_at_once(editor, changed):
    assert 'value="remove"' in editor.get(page_of(changed)).content.decode()
    seen = {"version": 1, "ad_version": changed.version}
    assert decide(editor, changed, "remove", **seen).status_code == 422  # not without a reason
    assert decide(editor, changed, "remove", reason="Diese Stelle gibt es nicht.", **seen).status_code == 302
    assert status_of(changed) == Status.REMOVED
    assert changed.revisions.get().state == "withdrawn"


def test_an_ad_that_has_changed_under_a_waiting_change_is_not_removed(editor, changed):
    seen = {"version": 1, "ad_version": changed.version - 1}
    response = decide(editor, changed, "remove", reason="Diese Stelle gibt es nicht.", **seen)
    assert response.status_code == 409
    assert "Diese Stelle gibt es nicht." in response.content.decode()
    assert status_of(changed) == Status.PUBLISHED


def test_the_review_leads_to_the_firm_and_to_its_trust(editor, waiting):
    html = editor.get(page_of(waiting)).content.decode()
    assert reverse("admin:listings_employer_change", args=[waiting.employer.pk]) in html
    assert reverse("admin:listings_employer_trust", args=[waiting.employer.pk]) in html


def test_the_queue_marks_firms_whose_members_raise_questions(editor, waiting, anna):
    assert "Freemail-Adresse" not in editor.get(QUEUE).content.decode()
    type(anna).objects.filter(pk=anna.pk).update(email="anna@gmx.de")
    assert "Freemail-Adresse" in editor.get(QUEUE).content.decode()


def test_the_review_keeps_within_its_queries(editor, waiting, changed, anna, django_assert_max_num_queries):
    for vacancy in (waiting, changed):
        for _ in range(5):
            make_colleague(vacancy.employer)
        Vacancy.objects.filter(pk=vacancy.pk).update(title="IT-Koordinator", tasks="Junges Team sucht Verstärkung.")
        with django_assert_max_num_queries(15):
            editor.get(page_of(vacancy))


def test_the_list_of_firms_says_which_are_trusted_and_which_raise_questions(editor, employer, anna, rita):
    type(anna).objects.filter(pk=anna.pk).update(email="anna@gmx.de")
    employer.trust(rita)
    html = editor.get(reverse("admin:listings_employer_changelist"), {"vertraut": "ja"}).content.decode()
    assert employer.name in html
    assert "Freemail-Adresse" in html
    assert (
        employer.name
        not in editor.get(reverse("admin:listings_employer_changelist"), {"vertraut": "nein"}).content.decode()
    )


def test_a_draft_offers_no_way_to_a_decision_that_nobody_can_take(editor, employer):
    assert 'href="#entscheidung"' not in editor.get(page_of(make_vacancy(employer))).content.decode()
    waiting = make_vacancy(employer, status="in_review")
    assert 'href="#entscheidung"' in editor.get(page_of(waiting)).content.decode()
