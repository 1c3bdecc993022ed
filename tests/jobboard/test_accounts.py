"""Accounts: from registration to the first ad, in German, with links that nobody can bend."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import get_resolver
from post_office.models import Email

from jobboard.forms import StampField
from jobboard.models import User
from listings.models import Status, Vacancy
from tests.listings.employer_side import ad, error_of, firm, text_of
from tests.make import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGNUP, LOGIN, RESET = "/konto/signup/", "/konto/login/", "/konto/password/reset/"


@pytest.fixture
def nora(db):
    user = make_user("Nora Neu", email="nora@firma.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def show_password(client):
    """Once more, as every door to an account asks."""
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    return client


def newest_mail() -> Email:
    return Email.objects.latest("pk")


def link_in(mail, start) -> str:
    """The path of the one link of that kind; both bodies must hold the same."""
    found = {re.search(rf"{re.escape(start)}[^\s\"<]*", body).group() for body in (mail.message, mail.html_message)}
    assert len(found) == 1
    return found.pop().removeprefix("http://127.0.0.1:8000")


def registration(**fields) -> dict:
    """What a browser sends, the hidden fields included."""
    fields = {"name": "Nora Neu", "email": "nora@firma.example", "password1": PASSWORD, "terms": "on", **fields}
    return {"homepage": "", "since": StampField.fresh(), **fields}


def sign_up(client, **fields):
    return client.post(SIGNUP, registration(**fields))


def ask_for_password(client, email, **more):
    return client.post(RESET, {"email": email, "homepage": "", "since": StampField.fresh()}, **more)


def test_from_registration_to_the_first_ad(client):
    # Whoever wants to write an ad is asked for an account, and comes out where they wanted to go.
    wanted = "/arbeitgeber/stellen/neu/"
    response = client.get(wanted)
    assert response.url == f"{LOGIN}?next={wanted}"
    signup = re.search(r'href="(/konto/signup/[^"]*)"', client.get(response.url).content.decode()).group(1)
    assert client.get(signup).content.decode().count(f'value="{wanted}"') == 1
    response = sign_up(client, next=wanted)
    assert response.url == "/konto/confirm-email/"
    assert client.get(wanted).status_code == 302, "not logged in before the address is confirmed"
    mail = newest_mail()
    assert mail.subject == "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    path = link_in(mail, "http://127.0.0.1:8000/konto/confirm-email/")
    assert "nora@firma.example" in text_of(client.get(path))
    assert not EmailAddress.objects.get().verified, "reading changes nothing"
    response = client.post(path)
    assert response.url == wanted
    user = User.objects.get()
    assert (user.name, user.email) == ("Nora Neu", "nora@firma.example")
    assert user.has_accepted_terms
    # No firm yet: first that. The terms are accepted already, for the firm as well.
    assert client.get(wanted).url == "/arbeitgeber/firma/"
    assert 'name="terms"' not in client.get("/arbeitgeber/firma/").content.decode()
    assert client.post("/arbeitgeber/firma/", firm(terms="")).url == wanted
    assert (user.employers.get().terms_version, user.employers.get().terms_at) == (user.terms_version, user.terms_at)
    preview = client.post(wanted, ad(vorschau="1")).url
    response = client.get(preview)
    assert "Zur Prüfung einreichen" in text_of(response)
    action = re.search(r'action="([^"]*/einreichen/)"', response.content.decode()).group(1)
    version = re.search(r'name="version" value="(\d+)"', response.content.decode()).group(1)
    response = client.post(action, {"version": version}, follow=True)
    assert "wartet seit heute auf die Redaktion" in text_of(response)
    assert Vacancy.objects.get().status == Status.IN_REVIEW
    assert newest_mail().subject == "Eingereicht: IT-Projektkoordination (m/w/d)"


def test_registration_asks_for_name_address_password_and_terms_only(client):
    html = client.get(SIGNUP).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    names = set(re.findall(r'<(?:input|select|textarea)[^>]*name="(\w+)"', main))
    assert names == {"csrfmiddlewaretoken", "name", "email", "password1", "terms", "homepage", "since"}
    assert "E-Mail-Adresse der Firma" in main


@pytest.mark.parametrize(
    ("fields", "beside", "says"),
    [
        ({"name": ""}, "name", "Namen"),
        ({"name": "Nora\x00"}, "name", "Nullzeichen"),
        ({"name": "x" * 121}, "name", "120"),
        ({"email": "nora"}, "email", "gültige"),
        ({"email": "nora\x00@firma.example"}, "email", ""),
        ({"email": "x" * 245 + "@firma.example"}, "email", "länger"),
        ({"email": '"nora<neu"@firma.example'}, "email", "Anführungszeichen"),
        ({"password1": "kurz"}, "password1", "10"),
        ({"password1": "passwort123456"[:8]}, "password1", "10"),
        ({"password1": "nora@firma.example"}, "password1", "ähnlich"),
        ({"terms": ""}, "terms", "Nutzungsbedingungen"),
    ],
)
def test_a_mistake_in_the_registration_is_told_beside_the_field(fields, beside, says, client):
    response = sign_up(client, **fields)
    assert response.status_code == 200
    assert error_of(response, beside)
    assert says in error_of(response, beside)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("path", "field"), [(SIGNUP, "email"), (SIGNUP, "password1"), (LOGIN, "login"), (RESET, "email")]
)
def test_an_empty_field_is_asked_for_kindly(path, field, client):
    assert error_of(client.post(path, {}), field) == "Bitte füllen Sie dieses Feld aus."


def test_a_known_address_is_not_told_to_strangers_but_to_its_owner(client, nora):
    response = sign_up(client)
    assert response.url == "/konto/confirm-email/"
    assert newest_mail().subject == "Sie haben schon ein Konto"
    assert User.objects.count() == 1
    unknown = ask_for_password(client, "niemand@firma.example")
    known = ask_for_password(client, "nora@firma.example")
    assert unknown.url == known.url == "/konto/password/reset/done/"


@pytest.mark.parametrize("ask", ["signup", "reset", "unknown", "exists", "add"])
def test_links_in_mails_never_come_from_the_host_header(ask, client, client_of, nora, settings):
    settings.BASE_URL = "https://koordinaten.example"
    settings.ALLOWED_HOSTS = ["*"]
    host = {"headers": {"host": "boese.example"}}
    if ask == "add":
        client = show_password(client_of(nora))
        client.post("/konto/email/", {"email": "zweite@firma.example", "action_add": "1"}, **host)
    elif ask in ("signup", "exists"):
        email = "neu@firma.example" if ask == "signup" else nora.email
        client.post(SIGNUP, registration(email=email), **host)
    else:
        ask_for_password(client, nora.email if ask == "reset" else "niemand@firma.example", **host)
    mail = newest_mail()
    for body in (mail.message, mail.html_message):
        assert "boese" not in body
        assert "https://koordinaten.example/" in body
    assert "boese" not in mail.subject + mail.from_email


def test_a_new_password_is_set_through_the_link_and_only_once(client, nora):
    ask_for_password(client, nora.email)
    path = link_in(newest_mail(), "http://127.0.0.1:8000/konto/password/reset/key/")
    form = client.get(path, follow=True)
    action = form.redirect_chain[-1][0]
    assert "Neues Passwort" in text_of(form)
    response = client.post(action, {"password1": "kurz", "password2": "kurz"})
    assert "10" in error_of(response, "password1")
    response = client.post(action, {"password1": PASSWORD + "!", "password2": "anders"})
    assert error_of(response, "password2")
    response = client.post(action, {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}, follow=True)
    assert response.status_code == 200
    nora.refresh_from_db()
    assert nora.check_password(PASSWORD + "!")
    client.logout()
    assert "gilt nicht mehr" in text_of(client.get(path))


def test_login_leads_to_the_own_ads_and_editors_to_their_desk(client, nora):
    assert client.post(LOGIN, {"login": nora.email.upper(), "password": PASSWORD}).url == "/arbeitgeber/stellen/"
    client.logout()
    nora.is_staff = True
    nora.save()
    assert client.post(LOGIN, {"login": nora.email, "password": PASSWORD}).url == "/redaktion/"


@pytest.mark.parametrize(
    "target", ["https://boese.example/", "//boese.example/", "javascript:alert(1)", "\\\\boese.example"]
)
def test_next_never_leaves_the_house(target, client, nora):
    response = client.post(LOGIN, {"login": nora.email, "password": PASSWORD, "next": target})
    assert response.url == "/arbeitgeber/stellen/"


@pytest.mark.parametrize(
    "fields", [{}, {"login": "nora@firma.example", "password": "falsch"}, {"login": "\x00", "password": "\x00"}]
)
def test_a_failed_login_says_so_and_keeps_the_address(fields, client, nora):
    response = client.post(LOGIN, fields)
    assert response.status_code == 200
    assert "note-bad" in response.content.decode() or error_of(response, "login")


def test_a_stopped_account_is_told_so(client, nora):
    nora.is_active = False
    nora.save()
    response = client.post(LOGIN, {"login": nora.email, "password": PASSWORD}, follow=True)
    assert "stillgelegt" in text_of(response)


def test_logging_out_needs_a_click(client_of, nora):
    client = client_of(nora)
    assert "Abmelden?" in text_of(client.get("/konto/logout/"))
    assert client.get("/arbeitgeber/stellen/").status_code == 200
    assert client.post("/konto/logout/").url == "/"
    assert client.get("/arbeitgeber/stellen/").status_code == 302


def test_addresses_are_added_confirmed_made_the_first_and_removed(client_of, nora):
    client = show_password(client_of(nora))
    path = "/konto/email/"
    client.post(path, {"email": "zweite@firma.example", "action_add": "1"})
    page = text_of(client.get(path))
    assert "zweite@firma.example noch nicht bestätigt" in page
    client.post(link_in(newest_mail(), "http://127.0.0.1:8000/konto/confirm-email/"))
    client.post(path, {"email": "zweite@firma.example", "action_primary": "1"})
    nora.refresh_from_db()
    assert nora.email == "zweite@firma.example"
    client.post(path, {"email": "nora@firma.example", "action_remove": "1"})
    assert [each.email for each in EmailAddress.objects.filter(user=nora)] == ["zweite@firma.example"]


PATHS = {
    "account_confirm_email": "/konto/confirm-email/x/",
    "account_reset_password_from_key": "/konto/password/reset/key/1-x/",
}
# What allauth's own pages say in English or too familiarly.
FOREIGN = re.compile(r"\b(Sign|Password|Email|Account|Forgot|Please|your|the|du|dein|deine|Dein|Du)\b")


def account_paths() -> list[str]:
    patterns = get_resolver("allauth.account.urls").url_patterns
    return [PATHS.get(pattern.name, f"/konto/{pattern.pattern}") for pattern in patterns]


@pytest.mark.parametrize("path", account_paths())
@pytest.mark.parametrize("who", ["nobody", "nora", "without a password"])
def test_every_account_page_is_ours_and_german(path, who, client, client_of, nora):
    if who == "without a password":
        nora.set_unusable_password()
        nora.save()
    browser = client if who == "nobody" else client_of(nora)
    response = browser.get(path)
    # Nobody can confirm a password that does not exist.
    assert response.status_code in ((403,) if who == "without a password" and "reauth" in path else (200, 302))
    if response.status_code == 200:
        html = response.content.decode()
        assert 'class="masthead"' in html
        assert "employers.css" in html
        main = re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("</main>")])
        assert not FOREIGN.search(main), FOREIGN.search(main)


def test_too_many_tries_are_told_in_german(client, nora):
    for _ in range(12):
        response = client.post(LOGIN, {"login": nora.email, "password": "falsch"})
    assert response.status_code == 200
    assert "viele" in text_of(response)


def test_too_many_requests_are_told_in_german(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    sign_up(client, name="")
    response = sign_up(client, name="")
    assert response.status_code == 429
    assert "Bitte warten Sie" in text_of(response)


def test_two_different_new_passwords_are_told_politely(client_of, anna):
    anna.set_password("Altes-Passwort-1")
    anna.save()
    fields = {"oldpassword": "Falsches-1", "password1": "Neues-Passwort-1", "password2": "Anderes-Passwort-2"}
    html = client_of(anna).post("/konto/password/change/", fields).content.decode()
    assert "Die beiden Passwörter sind verschieden." in html
    assert "Bitte geben Sie Ihr jetziges Passwort ein." in html
    assert " du " not in html.lower()
