"""Second factors as people use them: a passkey of the browser's own virtual device, and an app's codes."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect
from post_office.models import Email

from tests.make import PASSWORD, make_employer, make_user


@pytest.fixture
def nora(board):
    user = make_user("Nora Neu", email="nora@firma.example")
    user.set_password(PASSWORD)
    user.save()
    make_employer("Neuwerk GmbH", owner=user)
    return user


@pytest.fixture
def local(visit, live_server):
    """A page on localhost: browsers know no passkeys for 127.0.0.1."""
    return lambda **options: visit(base_url=live_server.url.replace("127.0.0.1", "localhost"), **options)


def with_device(page):
    """Puts a device with a fingerprint sensor into the browser, on which somebody always lays the right finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def refuse(refused=True):
        session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": not refused})

    return refuse


def arrives(page, path):
    page.wait_for_url(re.compile(rf"^[^?]*{path}$"))


def log_in(page):
    page.goto("/konto/login/")
    page.get_by_label("E-Mail-Adresse").fill("nora@firma.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def show_password(page):
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Weiter").click()


def log_out(page):
    page.goto("/konto/logout/")
    page.locator("main").get_by_role("button", name="Abmelden").click()


def test_a_passkey_replaces_the_password(local, nora):
    page = local()
    refuse = with_device(page)
    log_in(page)
    page.get_by_role("link", name="Konto", exact=True).click()
    page.get_by_role("link", name="Zweiter Faktor und Passkeys").click()
    page.get_by_role("link", name="Passkey hinzufügen").click()
    show_password(page)
    page.get_by_label("Name").fill("Laptop im Büro")
    page.get_by_role("button", name="Passkey anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Notfallcodes")
    expect(page.locator(".codes li")).to_have_count(10)
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless
    assert Email.objects.get(subject="Neuer Passkey").to == ["nora@firma.example"]

    # Without address, password or code, and on to where one wanted to go.
    log_out(page)
    page.goto("/arbeitgeber/stellen/neu/")
    refuse()
    page.get_by_role("button", name="Passkey benutzen").click()
    expect(page.get_by_role("alert").filter(has_text="abgebrochen")).to_be_visible()
    refuse(False)
    page.get_by_role("button", name="Passkey benutzen").click()
    arrives(page, "/arbeitgeber/stellen/neu/")

    # With the password, it is the second factor.
    log_out(page)
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Noch ein Schritt")
    page.get_by_role("button", name="Passkey benutzen").click()
    arrives(page, "/arbeitgeber/stellen/")

    # It opens the doors inside, has a name, and can be removed.
    page.goto("/konto/2fa/webauthn/")
    page.get_by_role("link", name="Laptop im Büro umbenennen").click()
    page.get_by_role("link", name="mit einem Passkey").click()
    page.get_by_role("button", name="Passkey benutzen").click()
    page.get_by_label("Name").fill("Alter Laptop")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Alter Laptop entfernen").click()
    page.get_by_role("button", name="Entfernen").click()
    expect(page.get_by_text("Sie haben noch keinen.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_an_app_is_set_up_on_a_phone_and_asked_for(local, nora):
    page = local(viewport={"width": 390, "height": 800})
    log_in(page)
    page.goto("/konto/2fa/totp/activate/")
    show_password(page)
    expect(page.get_by_role("img", name="QR-Code für die App")).to_be_visible()
    page.get_by_text("Ohne Kamera").click()
    secret = page.locator("code").inner_text()

    def code():
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    page.get_by_label("Welchen Code zeigt die App jetzt?").fill(code())
    page.get_by_role("button", name="Einschalten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Notfallcodes")
    emergency = page.locator(".codes li").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Als Datei speichern").click()
    assert emergency in download.value.path().read_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    log_out(page)
    log_in(page)
    field = page.get_by_label(re.compile("Code aus der App"))
    field.fill("000000")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_text("Das hat nicht gepasst.")).to_be_visible()
    field.fill(code())
    page.get_by_role("button", name="Anmelden", exact=True).click()
    arrives(page, "/arbeitgeber/stellen/")


def test_without_javascript_the_password_still_works(visit, nora):
    page = visit(java_script_enabled=False)
    page.goto("/konto/login/")
    expect(page.get_by_role("button", name="Passkey benutzen")).to_be_hidden()
    log_in(page)
    arrives(page, "/arbeitgeber/stellen/")
