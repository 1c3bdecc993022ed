"""The admin as a whole: its door, its start page, its lists, and the people in it."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from post_office.models import STATUS, Email

from jobboard.models import User
from jobboard.roles import ROLES
from listings.models import Concept, Employer, LinterWord, MinimumWage, Vacancy
from profiles.models import City, Edition, Fact, Place
from tests.make import PASSWORD, make_city, make_employer, make_user, make_vacancy

MÜNSTER, GÜTERSLOH = 2867543, 2913366


def failed_mail(**fields):
    fields = {"subject": "Ihre Anzeige ist da", "message": "Link: https://geheim.example/abc", **fields}
    return Email.objects.create(from_email="a@b.example", to=["anna@firma.example"], status=STATUS.failed, **fields)


def make_helper(*permissions):
    """Somebody of the editors who may do only this."""
    user = make_user("Hanno Helfer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def everything(db, rita, employer):
    """At least one row of every model in the admin."""
    for _ in range(3):
        make_vacancy(make_employer(), status="in_review")
        make_vacancy(employer, open=True, facts=["cloud"])
    for city in City.objects.all():
        city.working_edition(rita)
    make_city(MÜNSTER)
    new = City.objects.create(place_id=GÜTERSLOH, slug="guetersloh").working_edition(rita)
    City.objects.get(slug="hamm").live_edition().copy_into(new)
    return {model: model.objects.first() for model in admin.site._registry}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


# The door


def test_who_is_not_logged_in_is_led_to_the_login_of_the_accounts_and_back(client, db):
    response = client.get("/redaktion/listings/vacancy/", follow=True)
    assert response.redirect_chain[-1][0] == "/konto/login/?next=%2Fredaktion%2Flistings%2Fvacancy%2F"
    assert response.status_code == 200


def test_an_employer_is_told_plainly_that_this_is_for_editors(client_of, anna):
    response = client_of(anna).get("/redaktion/", follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
    assert "Hier arbeitet die Redaktion" in response.content.decode()


def test_an_editor_logs_in_at_the_accounts_and_arrives(client, rita):
    rita.set_password(PASSWORD)
    rita.save()
    page = client.post("/konto/login/", {"login": rita.email, "password": PASSWORD, "next": "/redaktion/"}, follow=True)
    assert page.redirect_chain[-1][0] == "/redaktion/"
    assert "Heute" in page.content.decode()


def test_an_editor_gets_in(client_of, rita):
    response = client_of(rita).get("/redaktion/")
    assert response.status_code == 200
    assert "Heute" in response.content.decode()


def test_a_password_is_changed_where_all_others_are(client_of, rita):
    assert client_of(rita).get("/redaktion/password_change/").url == reverse("account_change_password")


# All pages


def test_every_page_of_every_model_opens_without_inline_code(client_of, rita, everything):
    client = client_of(rita)
    for model, row in everything.items():
        pages = [address(model, "changelist"), *(address(model, page, row.pk) for page in ("change", "history"))]
        for page in pages:
            assert client.get(page, follow=True).status_code == 200, page
        for page in (address(model, "add"), address(model, "delete", row.pk)):
            assert client.get(page, follow=True).status_code in (200, 403), page


def pages_of(model, row):
    """Every page of the admin about a list and one of its rows, ours among them."""
    known = {"changelist": [], "add": [], "change": [row.pk], "history": [row.pk], "delete": [row.pk]}
    yield from (address(model, page, *arguments) for page, arguments in known.items())
    yield f"{address(model, 'delete', row.pk)}?version=1"  # what the question about an edition leads to
    for url in admin.site._registry[model].get_urls():
        name = getattr(url, "name", None)
        if name and name.split("_")[-1] not in known:
            yield reverse(f"admin:{name}", kwargs=dict.fromkeys(url.pattern.converters, row.pk))


def richest(model):
    """The row with most to show: a city or an edition that may be deleted with all that hangs on it."""
    draft = City.objects.get(slug="hamm").editions.get(published_at=None)
    return {Edition: draft, City: City.objects.get(place=GÜTERSLOH)}.get(model) or model.objects.first()


def test_every_page_keeps_within_its_queries(client_of, rita, everything, django_assert_max_num_queries):
    client, walked = client_of(rita), 0
    for model in everything:
        pages = list(pages_of(model, richest(model)))
        for page in [*pages, f"{pages[0]}?q=osnabruck"]:
            with django_assert_max_num_queries(15, info=page):
                response = client.get(page)
            if response.status_code == 302 and response.url.startswith(f"{page}?"):  # itself, told more exactly
                with django_assert_max_num_queries(15, info=response.url):
                    response = client.get(response.url)
            assert response.status_code in (200, 302, 403, 404, 405), page
            walked += response.status_code == 200
    assert walked > 50


@pytest.mark.parametrize("model", [Edition, Vacancy])
def test_a_list_by_city_asks_no_more_often_for_more_cities(client_of, everything, django_assert_max_num_queries, model):
    nora = make_user("Nora Neumann", is_staff=True)
    nora.groups.set(Group.objects.filter(name__in=ROLES))
    client = client_of(nora)
    with django_assert_max_num_queries(10):
        assert "Osnabrück" in client.get(address(model, "changelist")).content.decode()


def test_a_missing_row_is_a_message_and_never_a_crash(client_of, rita, everything):
    client = client_of(rita)
    for model in everything:
        for pk in (10**25, 0, "x"):
            assert client.get(address(model, "change", pk)).status_code == 302


@pytest.mark.parametrize("model", ["email", "log", "emailtemplate", "attachment"])
def test_nobody_reads_mails_in_the_admin(client_of, rita, model):
    assert client_of(rita).get(f"/redaktion/post_office/{model}/").status_code == 404


# Search


@pytest.mark.parametrize("spelling", ["Söhring", "soehring", "SÖHRING", "sohring", "tacke söhring"])
def test_a_firm_is_found_however_its_umlauts_are_written(client_of, rita, spelling):
    make_employer("Söhring & Tacke GmbH")
    make_employer("Andere GmbH")
    html = client_of(rita).get(address(Employer, "changelist"), {"q": spelling}).content.decode()
    assert "Söhring &amp; Tacke GmbH" in html
    assert "Andere GmbH" not in html


@pytest.mark.slow
@pytest.mark.parametrize("model", [Employer, Vacancy, City, Place, Fact, User])
def test_no_search_term_breaks_a_list(client_of, rita, everything, model):
    client = client_of(rita)
    for term in ("\0", "%", "'", "ä" * 5000, "()", "9" * 40):
        assert client.get(address(model, "changelist"), {"q": term}).status_code == 200, term


# People


def test_a_person_added_by_an_editor_chooses_a_password_of_their_own(client_of, rita):
    client_of(rita).post(address(User, "add"), {"email": "Neu@Firma.example", "name": "Nele Neu", "is_active": "on"})
    user = User.objects.get(email="neu@firma.example")
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified


def test_an_address_that_is_taken_is_refused_beside_the_form(client_of, rita, anna):
    response = client_of(rita).post(address(User, "add"), {"email": anna.email.upper(), "name": "Noch eine"})
    assert "Diese Adresse ist schon registriert." in response.content.decode()
    assert User.objects.filter(email__iexact=anna.email).count() == 1


def test_an_editor_cannot_raise_their_own_rank(client_of, db):
    helper = make_helper("view_user", "change_user")
    data = {"name": "Hanno", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert client_of(helper).post(address(User, "change", helper.pk), data).status_code == 302
    helper.refresh_from_db()
    assert helper.name == "Hanno"
    assert not helper.is_superuser


def test_an_editor_cannot_shut_out_an_administrator(client_of, rita):
    helper = make_helper("view_user", "change_user", "delete_user")
    assert client_of(helper).post(address(User, "change", rita.pk), {"name": "Weg"}).status_code == 403
    assert client_of(helper).post(address(User, "delete", rita.pk), {"post": "yes"}).status_code == 403
    rita.refresh_from_db()
    assert rita.is_active


def test_editions_are_listed_with_their_state(client_of, rita):
    City.objects.get(slug="hamm").working_edition(rita)
    html = client_of(rita).get(address(Edition, "changelist")).content.decode()
    assert "Arbeitsfassung" in html
    assert "veröffentlicht am" in html


@pytest.mark.parametrize("query", ["status__exact=%00", "q=%00", "o=%00", "p=999999999999999999999"])
def test_no_query_string_breaks_a_list(client_of, rita, query):
    assert client_of(rita).get(f"/redaktion/listings/vacancy/?{query}").status_code in (200, 302, 400)


def test_a_moderator_cannot_make_herself_a_member_of_a_firm(client_of, employer, anna):
    nora = make_user("Nora Neumann", is_staff=True)
    nora.groups.set(Group.objects.filter(name__in=ROLES))
    membership = employer.memberships.get()
    client_of(nora).post(
        address(Employer, "change", employer.pk),
        {
            "name": "Neu benannt GmbH",
            "kind": "direkt",
            "memberships-TOTAL_FORMS": 2,
            "memberships-INITIAL_FORMS": 1,
            "memberships-0-id": membership.pk,
            "memberships-0-employer": employer.pk,
            "memberships-0-user": nora.pk,
            "memberships-0-role": "owner",
            "memberships-1-employer": employer.pk,
            "memberships-1-user": nora.pk,
            "memberships-1-role": "owner",
        },
    )
    employer.refresh_from_db()
    assert employer.name == "Neu benannt GmbH"  # what is hers to change
    assert [each.user for each in employer.memberships.all()] == [anna]


# Who, when, what

CHANGES = [
    (Place, {"name": "Umbenannt"}, "Name: {before} → Umbenannt."),
    (Fact, {"name": "Umbenannt", "kind": "tool"}, "Name: {before} → Umbenannt."),
    (City, {"radius_km": 33}, "Umkreis in km: "),
    (User, {"name": "Umbenannt", "is_active": "on"}, "Name: {before} → Umbenannt."),
    (Employer, {"name": "Umbenannt", "kind": "direkt"}, "Name der Firma: {before} → Umbenannt."),
    (
        LinterWord,
        {"name": "Umbenannt", "rule": "L01", "words": "Fachkraft", "neutral": "on", "active": "on"},
        "{before} → Umbenannt.",
    ),
    (Concept, {"name": "Umbenannt", "wordings": "Kobold", "active": "on"}, "Name: {before} → Umbenannt."),
    (MinimumWage, {"valid_from": "01.01.2030", "amount": "15,00", "source": "Beschluss"}, "Gilt ab: "),
]


@pytest.mark.parametrize(("model", "fields", "what"), CHANGES, ids=[model.__name__ for model, *_ in CHANGES])
def test_every_change_says_who_when_and_what_became_what(client_of, rita, employer, anna, model, fields, what):
    row = model.objects.filter(pk=anna.pk).first() if model is User else model.objects.first()
    what = what.format(before=getattr(row, "name", ""))
    members = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0} if model is Employer else {}
    client = client_of(rita)
    assert client.post(address(model, "change", row.pk), {**fields, **members}).status_code == 302
    entry = LogEntry.objects.get()
    assert entry.user == rita
    assert what.lower() in entry.get_change_message().lower()
    history = client.get(address(model, "history", row.pk)).content.decode()
    assert "Rita Richter" in history
    assert "→" in history


def test_a_step_on_a_page_of_ours_is_remembered_too(client_of, rita, employer):
    client = client_of(rita)
    client.post(reverse("admin:listings_employer_trust", args=[employer.pk]), {"trusted": "on", "reason": "Bekannt."})
    assert "als vertraut markiert. Bekannt." in LogEntry.objects.get().get_change_message()
    assert "Bekannt." in client.get(address(Employer, "history", employer.pk)).content.decode()
