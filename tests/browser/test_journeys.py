"""Three ways through the board, in a real browser."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from post_office.models import Email

from jobboard.models import User
from listings.models import Status, Vacancy
from profiles.models import City
from tests.make import HAGEN, HAMM, OSNABRUECK, make_editor, make_employer, make_user, make_vacancy

PASSWORD = "Drei-Koordinaten-2026"


def stored(page) -> list:
    """What the visitor's browser keeps: cookies and local storage; session storage must throw."""
    return [
        page.context.cookies(),
        page.evaluate("localStorage.length"),
        page.evaluate("(() => { try { return sessionStorage.length } catch { return 'closed' } })()"),
    ]


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, {"width": 1280, "height": 900}])
def test_a_seeker_reads_filters_and_opens(visit, size):
    employer = make_employer("Hasewerk GmbH")
    make_vacancy(employer, open=True, title="ERP-Koordination", place_id=OSNABRUECK, workplace="hybrid", remote_days=2)
    make_vacancy(employer, open=True, title="Netz-Koordination", place_id=OSNABRUECK)
    make_vacancy(employer, open=True, title="SAP-Koordination", place_id=HAGEN)
    page = visit(viewport=size)

    page.goto("/")
    page.get_by_role("link", name="Osnabrück").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Stellenangebote in Osnabrück$"))
    page.get_by_role("table").get_by_role("link").first.click()
    assert re.search(r"#text-\w+$", page.url)
    page.get_by_role("link", name="2 offene Stellen filtern").click()
    expect(page.get_by_role("status")).to_have_text("2 Stellen")

    if size["width"] < 900:
        page.get_by_text("Filtern", exact=True).click()
    page.get_by_label("hybrid").check()
    expect(page.get_by_role("status")).to_have_text("1 Stelle")
    assert page.url.endswith("/stellen/?arbeitsort=hybrid&stadt=osnabrueck")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("1 Stelle")
    page.get_by_role("link", name="Osnabrück entfernen").click()
    expect(page.get_by_role("status")).to_have_text("1 Stelle")
    page.get_by_role("link", name="hybrid entfernen").click()
    expect(page.get_by_role("status")).to_have_text("3 Stellen")
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("1 Stelle")
    assert stored(page) == [[], 0, "closed"]

    page.get_by_role("link", name="ERP-Koordination").click()
    expect(page.get_by_role("link", name="Bewerbung per E-Mail")).to_have_attribute(
        "href", re.compile(r"^mailto:bewerbung@firma\.example\?subject=Bewerbung")
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_seeker_needs_no_javascript(visit):
    employer = make_employer("Hasewerk GmbH")
    make_vacancy(employer, open=True, title="SAP-Koordination", place_id=HAMM)
    make_vacancy(employer, open=True, title="Netz-Koordination", place_id=HAGEN)
    page = visit(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox", name="Was").fill("sap")
    page.get_by_label("Stadt", exact=True).select_option("hamm")
    page.get_by_role("button", name="Stellen zeigen").click()
    expect(page.get_by_role("status")).to_have_text("1 Stelle")
    page.get_by_label("Hagen").check()
    page.get_by_role("searchbox", name="Was").fill("")
    page.get_by_role("button", name="Stellen zeigen").click()
    expect(page.get_by_role("status")).to_have_text("2 Stellen")


def test_an_employer_registers_writes_previews_and_submits(visit):
    page = visit()
    page.goto("/arbeitgeber/")
    page.get_by_role("link", name="Registrieren").click()
    page.get_by_label("Ihr Name").fill("Jana Tiemann")
    page.get_by_label("E-Mail").fill("jana@neuwerk.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.locator("#id_terms").check()
    page.get_by_role("button", name=re.compile("registrieren", re.IGNORECASE)).click()
    expect(page.locator("main")).to_contain_text("jana@neuwerk.example")

    link = re.search(r"http\S+/konto/confirm-email/\S+", Email.objects.get().message)[0]
    page.goto("/" + link.split("/", 3)[3])
    assert not User.objects.get().emailaddress_set.get().verified
    page.locator("main").get_by_role("button").click()
    if page.locator("#id_login").count():
        page.get_by_label("E-Mail").fill("jana@neuwerk.example")
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()

    page.goto("/arbeitgeber/stellen/neu/")
    page.locator("#id_name").fill("Neuwerk GmbH")
    page.locator("#id_place_name").fill("Hamm")
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    if page.get_by_role("radio", name=re.compile("Hamm.*Nordrhein")).count():
        page.get_by_role("radio", name=re.compile("Hamm.*Nordrhein")).first.check()
        page.locator("main form button[type=submit], main form button:not([type])").last.click()

    page.goto("/arbeitgeber/stellen/neu/")
    page.locator("#id_title").fill("IT-Projektkoordination Leitstand (m/w/d)")
    page.locator("#id_tasks").fill("Sie führen **zwei Teams** durch den Umzug.\n\n- Termine\n- Budget")
    page.locator("#id_profile").fill("Sie haben schon ein Projekt begleitet.")
    page.locator("#id_offer").fill("Wir zahlen 13 Gehälter.")
    page.locator("#id_place_name").fill("Hamm")
    page.locator("#id_postal_code").fill("59065")
    page.locator("#id_pay_low").fill("3.600")
    page.locator("#id_pay_high").fill("4.100,50")
    page.locator("#id_apply_email").fill("bewerbung@neuwerk.example")
    page.get_by_role("button", name=re.compile("Vorschau")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("IT-Projektkoordination Leitstand (m/w/d)")
    expect(page.locator("main strong").filter(has_text="zwei Teams")).to_be_visible()
    expect(page.locator(".ad-pay")).to_contain_text("3.600–4.100,50 €")
    page.get_by_role("button", name=re.compile("einreichen", re.IGNORECASE)).click()

    vacancy = Vacancy.objects.get()
    assert vacancy.status == Status.IN_REVIEW
    assert vacancy.place_id == HAMM
    expect(page.locator("main")).to_contain_text("Prüfung")
    assert Email.objects.filter(to="jana@neuwerk.example", subject__contains="Leitstand").count() == 1
    call_command("send_mail", verbosity=0)


def test_an_editor_publishes_and_the_seeker_sees_it(visit):
    employer = make_employer("Hasewerk GmbH", owner=make_user("Anna Adler"))
    vacancy = make_vacancy(employer, status="in_review", title="Koordination Glasfaser (m/w/d)", place_id=HAMM)
    rita = make_editor()
    rita.set_password(PASSWORD)
    rita.save()

    seeker = visit()
    seeker.goto("/staedte/hamm/")
    expect(seeker.get_by_text("Koordination Glasfaser")).to_have_count(0)

    page = visit()
    page.goto("/redaktion/")
    page.get_by_label("E-Mail").fill(rita.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page).to_have_url(re.compile("/redaktion/"))
    page.get_by_role("link", name=re.compile("Prüf|wart", re.IGNORECASE)).first.click()
    page.get_by_role("link", name=re.compile("Koordination Glasfaser")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(vacancy.title)
    page.get_by_role("button", name="Veröffentlichen").click()

    seeker.reload()
    seeker.get_by_role("link", name="Koordination Glasfaser").click()
    expect(seeker.get_by_role("heading", level=1)).to_have_text(vacancy.title)
    assert Vacancy.objects.get().is_open


@pytest.mark.slow
def test_no_page_of_a_real_board_scrolls_sideways_on_a_phone(visit, settings):
    settings.DEMO = True
    call_command("demo", verbosity=0)
    page = visit(viewport={"width": 320, "height": 640})
    paths = ["/", "/staedte/", "/stellen/", "/arbeitgeber/", "/impressum/", "/nutzungsbedingungen/", "/konto/signup/"]
    paths += [f"/staedte/{city.slug}/" for city in City.objects.live()]
    paths += [vacancy.get_absolute_url() for vacancy in Vacancy.objects.open()]
    wide = []
    for path in paths:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []
