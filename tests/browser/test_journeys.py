"""Whole ways through the board, in a real browser."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from post_office.models import Email

from jobboard.models import User
from listings.models import Status, Vacancy
from profiles.models import City, SalaryFigure
from tests.make import HAGEN, HAMM, OSNABRUECK, make_editor, make_employer, make_user, make_vacancy

PASSWORD = "Drei-Koordinaten-2026"


def log_in(page, email, path):
    page.goto(path)
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page).to_have_url(re.compile(path))


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
    assert re.search(r"#beleg-zahl-\w+$", page.url)
    page.get_by_role("link", name="2 offene Stellen filtern").click()
    expect(page.get_by_role("status")).to_have_text("2 Stellen")

    if size["width"] < 900:
        page.get_by_role("button", name="Filter").click()
    page.get_by_label("hybrid").check()
    if size["width"] < 900:
        page.get_by_role("button", name="1 Stelle zeigen").click()
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
    page.get_by_role("searchbox", name="Wo").fill("Hamm")
    page.get_by_role("button", name="Stellen zeigen").click()
    expect(page.get_by_role("status")).to_have_text("1 Stelle")
    page.get_by_label("Hagen").check()
    page.get_by_label("Hamm").check()
    page.get_by_role("searchbox", name="Was").fill("")
    page.get_by_role("searchbox", name="Wo").fill("")
    page.get_by_role("button", name="Stellen zeigen").click()
    expect(page.get_by_role("status")).to_have_text("2 Stellen")


def test_an_ad_is_written_mended_reviewed_changed_extended_and_filled(visit):
    rita = make_editor()
    rita.set_password(PASSWORD)
    rita.save()
    editor, page, seeker = visit(), visit(), visit()
    log_in(editor, rita.email, "/redaktion/")

    # Registers, and describes the firm.
    page.goto("/arbeitgeber/")
    page.get_by_role("link", name="Registrieren").click()
    page.get_by_label("Ihr Name").fill("Jana Tiemann")
    page.get_by_label("E-Mail").fill("jana@neuwerk.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_label("Nutzungsbedingungen").check()
    page.get_by_role("button", name=re.compile("registrieren", re.IGNORECASE)).click()
    expect(page.locator("main")).to_contain_text("jana@neuwerk.example")
    link = re.search(r"http\S+/konto/confirm-email/\S+", Email.objects.get().message)[0]
    page.goto("/" + link.split("/", 3)[3])
    assert not User.objects.get(name="Jana Tiemann").emailaddress_set.get().verified
    page.locator("main").get_by_role("button").click()
    page.goto("/arbeitgeber/stellen/neu/")
    page.get_by_label("Name der Firma").fill("Neuwerk GmbH")
    page.get_by_label("Sitz").fill("Hamm, Nordrhein-Westfalen")
    page.get_by_role("button", name="Firma anlegen").click()

    # Writes; what stops the ad stands beside it while it is typed.
    advice = page.locator("#pruefung")
    page.get_by_label("Titel", exact=True).fill("Projektkoordinator Leitstand")
    page.get_by_label("Aufgaben").fill("Sie führen **zwei Teams** durch den Umzug.\n\n- Termine\n- Budget")
    page.get_by_label("Profil").fill("Sie haben schon ein Projekt begleitet.")
    page.get_by_role("combobox", name="Ort").fill("Hamm, Nordrhein-Westfalen")
    page.get_by_label("Gehalt von").fill("2.300")
    page.get_by_label("Gehalt bis").fill("2.500")
    page.get_by_label("E-Mail-Adresse für Bewerbungen").fill("bewerbung@neuwerk.example")
    expect(advice).to_contain_text("Mindestlohn")
    expect(advice).to_contain_text("Projektkoordinator Leitstand")
    expect(advice.locator("mark").first).to_be_visible()
    page.get_by_label("Gehalt von").fill("2.600")
    page.get_by_label("Gehalt bis").fill("2.700")
    expect(advice).not_to_contain_text("Mindestlohn")
    expect(advice).to_contain_text("2.800")  # where the editors' floor lies
    page.get_by_role("button", name="Speichern und Vorschau").click()
    expect(page.get_by_role("button", name="Zur Prüfung einreichen")).to_have_count(0)
    page.get_by_role("link", name="Weiter bearbeiten").click()
    page.get_by_label("Titel", exact=True).fill("Projektkoordination Leitstand (m/w/d)")
    page.get_by_label("Gehalt von").fill("3.600")
    page.get_by_label("Gehalt bis").fill("4.100,50")
    page.get_by_role("button", name="Speichern und Vorschau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projektkoordination Leitstand (m/w/d)")
    expect(page.locator("main strong").filter(has_text="zwei Teams")).to_be_visible()
    expect(page.locator(".ad-pay")).to_contain_text("3.600–4.100,50 €")
    page.get_by_role("button", name="Zur Prüfung einreichen").click()
    vacancy = Vacancy.objects.get()
    assert (vacancy.status, vacancy.place_id) == (Status.IN_REVIEW, HAMM)
    address = f"/stellen/{vacancy.pk}-{vacancy.slug}/"
    expect(page.locator("main")).to_contain_text("in Prüfung")
    mine = f"/arbeitgeber/stellen/{vacancy.pk}/"

    # Sent back, mended, published.
    editor.goto(f"/redaktion/listings/vacancy/{vacancy.pk}/pruefung/")
    editor.get_by_label("Begründung").fill("Bitte nennen Sie, was außer dem Gehalt geboten wird.")
    editor.get_by_role("button", name="Zurückgeben").click()
    page.goto(mine)
    expect(page.locator("main")).to_contain_text("was außer dem Gehalt geboten wird")
    page.get_by_role("link", name="Bearbeiten").first.click()
    page.get_by_role("textbox", name="Angebot").fill("Eine Kantine, die auch abends kocht.")
    page.get_by_role("button", name="Speichern und Vorschau").click()
    page.get_by_role("button", name="Zur Prüfung einreichen").click()
    assert seeker.request.get(address).status == 404
    editor.goto(f"/redaktion/listings/vacancy/{vacancy.pk}/pruefung/")
    editor.get_by_role("button", name="Veröffentlichen").click()
    seeker.goto(address)
    expect(seeker.locator(".ad-pay")).to_contain_text("4.100,50 €")

    # Another contact is live at once, another pay waits for the editors.
    page.goto(f"{mine}bearbeiten/")
    page.get_by_label("Ansprechperson").fill("Jana Tiemann")
    page.get_by_role("button", name="Änderung senden").click()
    seeker.reload()
    expect(seeker.locator("main")).to_contain_text("Jana Tiemann")
    page.goto(f"{mine}bearbeiten/")
    page.get_by_label("Gehalt bis").fill("4.300")
    page.get_by_role("button", name="Änderung senden").click()
    page.goto(mine)
    expect(page.get_by_role("heading", name="Änderung in Prüfung")).to_be_visible()
    seeker.goto(address)
    expect(seeker.locator(".ad-pay")).to_contain_text("4.100,50 €")
    editor.goto(f"/redaktion/listings/vacancy/{vacancy.pk}/pruefung/")
    expect(editor.locator("main")).to_contain_text("4.300")
    editor.get_by_role("button", name="Änderung übernehmen").click()
    seeker.goto(address)
    expect(seeker.locator(".ad-pay")).to_contain_text("3.600–4.300 €")

    # Extended, and filled: its address says so.
    page.goto(mine)
    page.get_by_role("button", name=re.compile("verlängern")).click()
    expect(page.locator("main")).to_contain_text("1-mal verlängert")
    page.get_by_label("Die Stelle ist besetzt.").check()
    page.get_by_role("button", name="Endgültig schließen").click()
    gone = seeker.request.get(address)
    assert gone.status == 410
    assert "besetzt" in gone.text()
    call_command("send_mail", verbosity=0)
    mails = list(Email.objects.filter(to="jana@neuwerk.example").values_list("subject", flat=True))
    assert len([subject for subject in mails if "Leitstand" in subject]) == 9


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
    seeker.get_by_role("link", name=vacancy.title, exact=True).click()  # not its place in the picture of the pay
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


def test_the_longest_word_does_not_push_a_page_sideways(visit):
    word = "Verwaltungsdigitalisierungsprojektkoordinationsstelle"
    SalaryFigure.objects.filter(edition__city__slug="osnabrueck").update(label=word)
    vacancy = make_vacancy(open=True, title=f"{word} (m/w/d)", pay_low=3000, pay_high=3300)
    page = visit(viewport={"width": 320, "height": 640})
    for path in ("/", "/staedte/", "/staedte/osnabrueck/", "/gehalt/?stadt=osnabrueck&betrag=3000", "/stellen/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(vacancy.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
