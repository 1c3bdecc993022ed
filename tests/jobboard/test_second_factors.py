"""Second factors: codes from an app, emergency codes, passkeys; who needs them and who learns of a change."""

import json
import re
import time
import tracemalloc

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from post_office.models import Email

from jobboard.adapter import SecondFactorAdapter
from tests.jobboard.test_accounts import FOREIGN, LOGIN, ask_for_password, link_in, newest_mail, show_password
from tests.listings.employer_side import error_of, text_of
from tests.make import PASSWORD, make_user

pytestmark = pytest.mark.django_db
INDEX, APP, CODES, PASSKEYS = (
    "/konto/2fa/",
    "/konto/2fa/totp/activate/",
    "/konto/2fa/recovery-codes/",
    "/konto/2fa/webauthn/",
)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret=SECRET, *, steps=0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def nora(db):
    user = make_user("Nora Neu", email="nora@firma.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def secured(nora):
    """Nora with an app and emergency codes."""
    TOTP.activate(nora, SECRET)
    RecoveryCodes.activate(nora)
    return nora


def log_in(client, user):
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)


# Codes from an app


@pytest.fixture
def committed(monkeypatch):
    """What waits for the end of a transaction runs at once: within the request, as it does outside of tests."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback: callback())


def test_an_app_is_set_up_and_asked_for_from_then_on(client, client_of, nora, time_machine, committed):
    time_machine.move_to("2026-11-20T10:00:00+01:00", tick=False)
    browser = client_of(nora)
    assert browser.get(APP).url == f"/konto/reauthenticate/?next={APP.replace('/', '%2F')}"
    page = show_password(browser).get(APP)
    html = page.content.decode()
    assert '<svg class="qr"' in html
    assert "data:" not in html, "the policy blocks such pictures"
    secret = re.search(r"<code>([A-Z2-7]+)</code>", html).group(1)
    assert f"otpauth://totp/nora%40firma.example?secret={secret}&amp;issuer=Koordinaten" in html
    assert "nicht gepasst" in error_of(browser.post(APP, {"code": "000000"}), "code")
    assert "Code ein" in error_of(browser.post(APP, {"code": ""}), "code")
    assert browser.post(APP, {"code": code(secret)}).url == CODES
    assert newest_mail().subject == "Zweiter Faktor eingerichtet"
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", browser.get(CODES).content.decode())
    assert len(codes) == 10
    download = browser.get(f"{CODES}download/").content.decode()
    assert all(each in download for each in codes)
    # The password alone no longer opens anything.
    response = log_in(client, nora)
    assert response.redirect_chain[-1][0] == "/konto/2fa/authenticate/"
    assert "Nun fehlt noch der Code." in text_of(response)
    assert client.get("/arbeitgeber/stellen/").status_code == 302
    time_machine.shift(30)
    assert client.post("/konto/2fa/authenticate/", {"code": code(secret)}).url == "/arbeitgeber/stellen/"
    client.post("/konto/logout/")
    # An emergency code opens it once, however it is typed.
    log_in(client, nora)
    assert client.post("/konto/2fa/authenticate/", {"code": codes[0].replace(" ", "-")}).status_code == 302
    assert newest_mail().subject == "Ein Notfallcode wurde benutzt"
    assert "9 sind noch übrig." in newest_mail().message
    client.post("/konto/logout/")
    log_in(client, nora)
    assert "nicht gepasst" in error_of(client.post("/konto/2fa/authenticate/", {"code": codes[0]}), "code")
    assert "Noch 9 von 10" in text_of(browser.get(INDEX))


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(steps, fits, client, secured, time_machine):
    time_machine.move_to("2026-11-20T10:00:00+01:00", tick=False)
    log_in(client, secured)
    assert (client.post("/konto/2fa/authenticate/", {"code": code(steps=steps)}).status_code == 302) is fits


def test_a_code_that_was_looked_at_over_the_shoulder_is_worth_nothing(client, client_of, secured, time_machine):
    time_machine.move_to("2026-11-20T10:00:00+01:00", tick=False)
    seen = code(steps=1)
    log_in(client, secured)
    assert client.post("/konto/2fa/authenticate/", {"code": seen}).status_code == 302
    client.post("/konto/logout/")
    time_machine.shift(45)  # allauth itself would take it again by now
    log_in(client, secured)
    assert "nicht gepasst" in error_of(client.post("/konto/2fa/authenticate/", {"code": seen}), "code")
    # Nor to open the doors inside.
    inside = client_of(secured)
    assert "nicht gepasst" in error_of(inside.post("/konto/2fa/reauthenticate/", {"code": seen}), "code")
    time_machine.shift(30)
    assert inside.post("/konto/2fa/reauthenticate/", {"code": code(), "next": INDEX}).url == INDEX


@pytest.mark.parametrize("wrong", ["", "\x00", "１２３４５６", "x" * 5000, "12345", "-1"])
def test_a_foolish_code_is_a_wrong_code(wrong, client, secured):
    log_in(client, secured)
    assert error_of(client.post("/konto/2fa/authenticate/", {"code": wrong}), "code")


def test_codes_cannot_be_guessed(client, secured):
    log_in(client, secured)
    for number in range(12):
        response = client.post("/konto/2fa/authenticate/", {"code": f"{number:06}"})
    assert "viele Versuche" in text_of(response) or response.status_code == 429


def test_who_stops_half_way_is_not_logged_in(client, secured):
    log_in(client, secured)
    assert client.post("/konto/logout/", {"next": LOGIN}).url == LOGIN
    assert client.get("/konto/2fa/authenticate/").url == LOGIN


def test_an_app_is_removed_after_the_password_and_the_codes_go_with_it(client_of, secured):
    browser = client_of(secured)
    path = "/konto/2fa/totp/deactivate/"
    assert browser.post(path).url.startswith("/konto/reauthenticate/")
    assert "App entfernen?" in text_of(show_password(browser).get(path))
    browser.post(path)
    assert not Authenticator.objects.exists()
    assert newest_mail().subject == "Zweiter Faktor entfernt"


def test_new_emergency_codes_replace_the_old(client_of, secured, committed):
    browser = show_password(client_of(secured))
    before = browser.get(CODES).context["unused_codes"]
    assert "Die bisherigen gelten dann nicht mehr." in text_of(browser.get(f"{CODES}generate/"))
    assert browser.post(f"{CODES}generate/").url == CODES
    assert not set(before) & set(browser.get(CODES).context["unused_codes"])
    assert newest_mail().subject == "Neue Notfallcodes"


def test_an_address_cannot_be_added_while_a_second_factor_stands_and_the_page_says_why(client_of, secured):
    browser = show_password(client_of(secured))
    response = browser.post("/konto/email/", {"email": "zweite@firma.example", "action_add": "1"})
    assert "Solange ein zweiter Faktor eingerichtet ist" in text_of(response)


# Passkeys: the browser tests go through with one; here is what no browser sends


@pytest.mark.parametrize("path", [f"{PASSKEYS}login/", f"{PASSKEYS}add/", f"{PASSKEYS}reauthenticate/"])
@pytest.mark.parametrize(
    "credential",
    ["", "null", "[]", "{}", '"x"', "7", "{", '{"id": 1, "response": "x"}', '{"response": {"userHandle": 5}}'],
)
def test_no_false_key_opens_or_breaks_anything(path, credential, client_of, client, nora):
    browser = client if "login" in path else show_password(client_of(nora))
    browser.get(path, headers={"accept": "application/json"})  # a challenge waits
    assert browser.post(path, {"credential": credential, "name": "x"}).status_code in (200, 302)
    assert not Authenticator.objects.exists()
    if "login" in path:
        assert client.get("/konto/").status_code == 302


KEYS = st.sampled_from(
    [
        "id",
        "rawId",
        "type",
        "response",
        "clientDataJSON",
        "attestationObject",
        "authenticatorData",
        "signature",
        "userHandle",
    ]
)
TEXTS = st.sampled_from(["", "AA", "MQ", "=", "ä", "public-key", "o2NmbXRkbm9uZWdhdHRTdG10oA"])


@hypothesis_settings(max_examples=40, deadline=None)
@given(st.dictionaries(KEYS, TEXTS | st.integers() | st.dictionaries(KEYS, TEXTS | st.none(), max_size=5), max_size=6))
def test_no_made_up_key_breaks_the_login(credential):
    cache.clear()  # the limit is not what is tested
    client = Client()
    client.get(f"{PASSKEYS}login/", headers={"accept": "application/json"})
    response = client.post(f"{PASSKEYS}login/", {"credential": json.dumps(credential)})
    assert (response.status_code, response.url) == (302, LOGIN)


@pytest.mark.parametrize("name", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
def test_a_number_in_place_of_a_key_does_not_fill_the_memory(client, name):
    client.get(f"{PASSKEYS}login/", headers={"accept": "application/json"})
    response = {"clientDataJSON": "e30", "authenticatorData": "MQ", "signature": "MQ", name: 200_000_000}
    credential = {"id": "MQ", "rawId": "MQ", "type": "public-key", "response": response}
    tracemalloc.start()
    response = client.post(f"{PASSKEYS}login/", {"credential": json.dumps(credential)})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (response.status_code, response.url) == (302, LOGIN)
    assert peak < 50_000_000


def test_a_failed_key_is_told_at_the_login(client):
    response = client.post(f"{PASSKEYS}login/", {"credential": "{}"}, follow=True)
    assert "Das hat nicht gepasst." in text_of(response)


def test_passkeys_are_bound_to_our_own_name_and_not_to_the_host_header(settings, rf):
    settings.ALLOWED_HOSTS = ["*"]
    with context.request_context(rf.get("/", headers={"host": "boese.example"})):
        settings.SECURE, settings.BASE_URL = True, "https://koordinaten.example"
        entity = SecondFactorAdapter().get_public_key_credential_rp_entity()
    assert entity == {"id": "koordinaten.example", "name": "Koordinaten"}


# Editors


@pytest.mark.parametrize("path", ["/redaktion/", "/redaktion/listings/vacancy/", "/redaktion/jobboard/user/add/"])
def test_editors_are_led_to_the_set_up_before_the_admin_opens(path, client_of, rita, settings):
    settings.STAFF_SECOND_FACTOR = True
    browser = client_of(rita)
    assert browser.get(path).url == INDEX
    assert "Für die Redaktion ist ein zweiter Faktor Pflicht." in text_of(browser.get(INDEX))
    RecoveryCodes.activate(rita)
    assert browser.get(path).url == INDEX, "emergency codes alone are no second factor"
    TOTP.activate(rita, SECRET)
    assert browser.get(path).status_code == 200
    assert "Zur Redaktion" in text_of(browser.get(INDEX))


def test_nobody_else_is_led_there_and_everybody_may_leave(client, client_of, anna, rita, settings):
    settings.STAFF_SECOND_FACTOR = True
    assert client.get("/redaktion/").url.startswith("/redaktion/login/")
    assert client_of(anna).get("/arbeitgeber/stellen/").status_code == 200
    assert client_of(anna).get("/redaktion/", follow=True).status_code == 403
    browser = client_of(rita)
    assert browser.get("/stellen/").status_code == 200
    browser.post("/redaktion/logout/")
    assert browser.get("/konto/").status_code == 302


def test_an_editors_post_changes_nothing_before_there_is_a_second_factor(client_of, rita, settings):
    settings.STAFF_SECOND_FACTOR = True
    response = client_of(rita).post("/redaktion/jobboard/user/add/", {"email": "neu@firma.example", "name": "Neu"})
    assert response.url == INDEX
    assert not type(rita).objects.filter(email="neu@firma.example").exists()


def test_an_editor_who_logs_in_passes_the_second_factor_and_arrives(client, secured, settings):
    settings.STAFF_SECOND_FACTOR = True
    secured.is_staff = secured.is_superuser = True
    secured.save()
    client.post(LOGIN, {"login": secured.email, "password": PASSWORD, "next": "/redaktion/jobboard/user/"})
    assert client.get("/redaktion/jobboard/user/").status_code == 302
    response = client.post("/konto/2fa/authenticate/", {"code": code()}, follow=True)
    assert (response.redirect_chain[-1][0], response.status_code) == ("/redaktion/jobboard/user/", 200)


def test_no_editor_sees_the_secrets():
    assert Authenticator not in admin.site._registry


def test_an_administrator_opens_the_account_of_somebody_who_has_lost_everything(client, client_of, secured, rita):
    desk, path = client_of(rita), f"/redaktion/jobboard/user/{secured.pk}/zweiter-faktor/"
    assert path in desk.get(f"/redaktion/jobboard/user/{secured.pk}/change/").content.decode()
    assert "Haben Sie sich vergewissert" in text_of(desk.get(path))
    assert Authenticator.objects.count() == 2, "reading changes nothing"
    assert "nur mit dem Passwort an" in text_of(desk.post(path, follow=True))
    assert not Authenticator.objects.exists()
    assert (newest_mail().subject, newest_mail().to) == ("Zweite Faktoren entfernt", [secured.email])
    assert "Guten Tag, Nora Neu," in newest_mail().message
    assert "Zweite Faktoren entfernt" in text_of(desk.get(f"/redaktion/jobboard/user/{secured.pk}/history/"))
    assert log_in(client, secured).redirect_chain[-1][0] == "/arbeitgeber/stellen/"
    assert "hat keinen zweiten Faktor" in text_of(desk.get(path))
    assert desk.post(path).status_code == 302
    assert Email.objects.filter(subject="Zweite Faktoren entfernt").count() == 1


def test_nobody_else_opens_accounts(client_of, secured):
    helper = make_user("Hanno Helfer", is_staff=True)
    helper.groups.set(Group.objects.filter(name__in=["Redaktion", "Moderation"]))
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    path = f"/redaktion/jobboard/user/{secured.pk}/zweiter-faktor/"
    desk = client_of(helper)
    assert {desk.get(path).status_code, desk.post(path).status_code} == {403}
    assert path not in desk.get(f"/redaktion/jobboard/user/{secured.pk}/change/").content.decode()
    assert Authenticator.objects.count() == 2


def test_what_people_take_along_of_their_data_opens_nothing(client_of, secured):
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    text = client_of(secured).get("/konto/daten/eigene-daten.json").content.decode()
    assert "Notfallcodes" in text
    for secret in (SECRET, *codes, "used_mask", "seed"):
        assert secret not in text


# Pages and mails


def pages() -> list[str]:
    def walk(patterns, start):
        for pattern in patterns:
            path = start + re.sub(r"<int:pk>", "1", str(pattern.pattern))
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, path)
            else:
                yield path

    return sorted(walk(get_resolver("allauth.mfa.urls").url_patterns, "/konto/2fa/"))


@pytest.mark.slow
@pytest.mark.parametrize("path", pages())
@pytest.mark.parametrize("who", ["nobody", "nora", "secured", "half way"])
def test_every_page_is_ours_and_german(path, who, client, client_of, nora, request):
    if who == "secured":
        request.getfixturevalue("secured")
    browser = client
    if who == "half way":
        log_in(browser, request.getfixturevalue("secured"))
    elif who != "nobody":
        browser = show_password(client_of(nora))
    response = browser.get(path)
    assert response.status_code in (200, 302, 404)
    if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
        html = response.content.decode()
        assert 'class="masthead"' in html
        main = re.sub(r"<script.*?</script>", " ", html[html.index("<main") : html.index("</main>")], flags=re.DOTALL)
        main = re.sub(r"<[^>]+>", " ", main)
        assert not FOREIGN.search(main), FOREIGN.search(main)


def test_the_login_offers_passkeys_only_where_they_can_work(client):
    html = client.get(LOGIN).content.decode()
    assert re.search(r'<form[^>]*id="passkey-login"[^>]*data-passkey-only hidden>', html)


def change(what, client, browser, user):
    if what == "password changed":
        fields = {"oldpassword": PASSWORD, "password1": "Neu-" + PASSWORD, "password2": "Neu-" + PASSWORD}
        browser.post("/konto/password/change/", fields)
    elif what == "password forgotten":
        ask_for_password(client, user.email)
        path = link_in(newest_mail(), "http://127.0.0.1:8000/konto/password/reset/key/")
        action = client.get(path, follow=True).redirect_chain[-1][0]
        client.post(action, {"password1": "Neu-" + PASSWORD, "password2": "Neu-" + PASSWORD})
    elif what == "password set":
        user.set_unusable_password()
        user.save()
        browser.force_login(user)
        browser.post("/konto/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    else:
        user.emailaddress_set.create(email="zweite@firma.example", verified=True)
        verb = "action_primary" if what == "address changed" else "action_remove"
        browser.post("/konto/email/", {"email": "zweite@firma.example", verb: "1"})


@pytest.mark.parametrize(
    ("what", "subject"),
    [
        ("password changed", "Ihr Passwort wurde geändert"),
        ("password forgotten", "Ihr Passwort wurde neu gesetzt"),
        ("password set", "Ihr Konto hat ein Passwort"),
        ("address changed", "Ihre Hauptadresse wurde geändert"),
        ("address removed", "Eine E-Mail-Adresse wurde entfernt"),
    ],
)
def test_who_loses_an_account_learns_of_it(what, subject, client, client_of, nora, time_machine):
    time_machine.move_to("2026-11-20T23:05:00+01:00", tick=False)
    change(what, client, show_password(client_of(nora)), nora)
    mail = Email.objects.get(subject=subject)
    assert mail.to == ["nora@firma.example"], "the old address, as the new one may be a thief's"
    for body in (mail.message, mail.html_message):
        assert "20. November 2026 um 23.05 Uhr" in body
        assert "http://127.0.0.1:8000/konto/password/reset/" in body
        assert "127.0.0.1 " not in body.replace("127.0.0.1:8000", "")
        assert "Guten Tag, Nora Neu," in body
        assert not re.search(r"\b(Your|your|du|dein\w*|IP|Browser)\b", body)
