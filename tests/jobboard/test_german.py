"""German text as the search compares it."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobboard.german import LONGEST, analyse, knows, plain, read, roots

SAME = r"""
Projektkoordinator | Projektkoordinatorin | Projektkoordinator:in | Projektkoordinator*in | Projektkoordinator_in | \
Projektkoordinator/in | Projektkoordinator/-in | Projektkoordinator·in | Projektkoordinator(in) | ProjektkoordinatorIn | \
Projektkoordinator/Projektkoordinatorin | Projektkoordinatorinnen und Projektkoordinatoren | PROJEKTKOORDINATOR | \
Projekt-Koordinator | Projekt Koordinator | Projektkoordinator (m/w/d) | Projektkoordinator (w/m/x)* | \
Projektkoordinator w/m/d | Projektkoordinator (m / w / d) | Projektkoordinator [m|w|d] | Projektkoordinator (gn) | \
Projektkoordinator (all genders) | Projektkoordinator mwd | Projektkoordination | Projektkoordinierung | \
Project Coordinator | Project-Coordinators
Leiter | Leiterin | Leitung | leiten | Leiter:innen
Teamleiter | Teamleitung | Team-Leiterin | Team leiten
Projektleiter | Projektleiterin | Projektleitung | Projektleiter*innen | Projektleitende | Projekt leiten
Administrator | Administratorin | Administration | administrieren | Admin
Systemadministrator | Systemadministration | System-Administratorin | Sysadmin
Dokumentation | dokumentieren
Migration | migrieren | Migrationen
Qualifikation | qualifizieren | Qualifizierung
Einführung | einführen | eingeführt | Einfuehrung | Einführungen
Umsetzung | umsetzen | umgesetzt
Betreuung | betreuen | Betreuer | betreut
Steuerung | steuern | gesteuert
Manager | Managerin | Management | managen
Controller | Controlling | Controllerin
Tester | Testerin | Test | testen
Ingenieur | Ingenieurin | Ingenieurinnen | Ingenieure
Sachbearbeiter/-in | Sachbearbeitung | Sachbearbeiterin
Assistent | Assistentin | Assistenz | Assistenten/-innen
Kund:innen | Kunden | Kundin | Kundinnen und Kunden
Ärzt*innen | Arzt | Ärztin | Aerzte
Expert_innen | Experte | Expertin
Student | Studentin | Studierende | Studenten
Werkstudent | Werkstudentin | Werkstudierende
Quereinsteiger | Quereinstieg | Quereinsteigerinnen
Dienstleister | Dienstleistung | Dienstleistungen
Klinik | Klinikum | Kliniken
Mitarbeiter | Mitarbeiterin | Mitarbeitende | Mitarbeiter:innen
Selbstständigkeit | Selbständigkeit
Einkäufer | Einkauf | Einkäuferinnen
TV-L | TVL | tv l
60.000 | 60000 | 60k
Vor Ort | vor-Ort
E-Mail | Email | Mail
Informations- und Kommunikationstechnik | Informationstechnik und Kommunikationstechnik
Voll- und Teilzeit | Vollzeit/Teilzeit
IT-Projekt- und Prozessmanagement | IT-Projektmanagement, Prozessmanagement
Planung | planen | Planer | Planerinnen
Entwickler | Entwicklerin | Entwicklung | entwickeln
Beratung | Berater | beraten | Beraterinnen
Kaufmann | Kauffrau | Kaufleute | Kaufmann/-frau
C# | C-Sharp | c sharp | csharp
C++ | c ++ | cpp
.NET | dotnet | dot net
ADO.NET | ADO .NET | ADO, .NET
.NET-Entwickler | .NET Entwickler | Dotnetentwickler
S/4HANA | S4HANA | S4 HANA | S/4 HANA | S/4-HANA | S4 | s/4
TVöD E11 | TVöD EG 11 | TVÖD E 11 | TVoeD, Entgeltgruppe 11
ISO 27001 | ISO27001 | ISO-27001
PRINCE2 | Prince 2 | PRINCE2®
2nd Level | 2nd-Level | Second Level
CI/CD | CICD | ci cd
40h | 40 h | 40 Stunden | 40 Std.
Homeoffice | Home-Office | Home Office | HomeOffice
Osnabrück | Osnabrueck | Osnabruck | OSNABRÜCK
Straße | Strasse | STRASSE
Datenschutz | Daten-Schutz | Datenschutzes
Voll- oder Teilzeit | Vollzeit oder Teilzeit | Voll-/Teilzeit
Projektplanung und -steuerung | Projektplanung und Projektsteuerung | Projektplanung/-steuerung
Anforderungs- und Änderungsmanagement | Anforderungsmanagement, Änderungsmanagement
"""
APART = r"""
Station | Stator | Statik
Organisation | Organ
Leiter | Leistung | Leid
Informatik | Information
Moderation | modern
Schulung | Schule
Rechnung | Rechner
Steuer | Steuerung
Sicherheit | sicher
Handel | Handlung | Hand
Bildung | Bild
Zeitung | Zeit
Stellung | Stall
Anstellung | Angestellte
Studium | Student
Arbeit | Mitarbeiter
Teilzeit | Vollzeit | Zeitarbeit
Projektleitung | Teilprojektleitung
Erfahrung | Fahrer
C# | C++ | C
E11 | E12
"""


def lines(table):
    rows = [row.split(" | ") for row in table.replace("\\\n", "").strip().splitlines()]
    return [pytest.param(row, id=row[0]) for row in rows]


@pytest.mark.parametrize("wordings", lines(SAME))
def test_what_means_the_same_comes_to_the_same_roots(wordings):
    assert {wording: roots(wording) for wording in wordings} == dict.fromkeys(wordings, roots(wordings[0]))


@pytest.mark.parametrize("wordings", lines(APART))
def test_what_only_looks_alike_stays_apart(wordings):
    assert len({roots(wording) for wording in wordings}) == len(wordings)


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("Anforderungsmanagement", "Anforderungs|management"),
        ("Schnittstellenmanagement", "Schnittstellen|management"),
        ("Informationstechnik", "Informations|technik"),
        ("Versorgungsunternehmen", "Versorgungs|unternehmen"),
        ("Flachglasfertigung", "Flachglas|fertigung"),
        ("Datenschutzbeauftragte", "Datenschutz|beauftragte"),
        ("Krankenhausinformationssystem", "Kranken|haus|informations|system"),
        ("Wohnungsgenossenschaft", "Wohnungs|genossenschaft"),
        ("Datenbereinigung", "Daten|bereinigung"),
        ("Projektkauffrau", "Projekt|kauffrau"),
        ("Sprachkurs", "Sprach|kurs"),
        ("itprojektleiter", "it|projekt|leiter"),
        ("Fahrkartenautomat", "Fahr|karten|automat"),
        ("Koordination", "Koordination"),
        ("Bereinigung", "Bereinigung"),
        ("Abschaltung", "Abschaltung"),
        ("Material", "Material"),
        ("Oberhausen", "Oberhausen"),
        ("Gelsenkirchen", "Gelsenkirchen"),
        ("Darmstadt", "Darmstadt"),
        ("Mannheim", "Mannheim"),
        ("Fördertechnik", "Förder|technik"),
    ],
)
def test_compounds_are_cut_where_two_words_meet(compound, parts):
    assert "|".join(compound[token.start : token.end] for token in analyse(compound)) == parts


def test_a_gender_form_belongs_to_its_word():
    text = "Als Projektkoordinator:in (m/w/d)"
    assert [word.text for word in read(text)] == ["Projektkoordinator:in"]
    assert [text[token.start : token.end] for token in analyse(text)] == ["Projekt", "koordinator:in"]


def test_a_word_is_the_same_before_a_comma_and_alone():
    for word in {word for word in re.split(r"[\s|\\]+", SAME) if word}:
        assert roots(f"{word},") == roots(word), word


def test_words_that_say_nothing_are_left_out():
    assert roots("und die mit für oder the of GmbH (m/w/d) z. B.") == ""


def test_offsets_hold_where_letters_were_composed_or_invisible():
    text = "Osnabru\u0308ck Soft\u00adware"
    assert [text[token.start : token.end] for token in analyse(text)] == ["Osnabru\u0308ck", "Soft\u00adware"]


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"mit Kolleg\*innen in \[Hamm\]", "mit Kolleg*innen in [Hamm]"),
        (r"Kund\_innen", "Kund_innen"),
        (r"Koordinator\(in\)", "Koordinator(in)"),
        (r"C\# und .NET", "C# und .NET"),
    ],
)
def test_a_backslash_of_markdown_is_not_read(escaped, text):
    assert roots(escaped) == roots(text)
    assert [escaped[word.start : word.end].replace("\\", "") for word in read(escaped)] == [w.text for w in read(text)]


def test_a_word_can_be_asked_for():
    assert knows("Projektkoordinatorinnen")
    assert not knows("Qwertzuiopf")
    assert plain("Übergrößen") == plain("UEBERGROESSEN") == "ubergrossen"


@given(st.text(max_size=80) | st.text(alphabet="aeiouäöüßsnrtnIN-:*_\\/()&.+#0149 E\u0308\u00ad", max_size=80))
@example("Projektplanung und -ß")
@example("a-" * 40)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_roots_that_stand_in_it(text):
    last = 0
    for token in analyse(text):
        assert re.fullmatch(r"[a-z0-9]+", token.text)
        assert last <= token.start < token.end <= len(text)
        last = token.start
    assert roots(roots(text)) is not None


@pytest.mark.parametrize(
    "hostile", [":", "a", "-", "a-", "a:", "(m/", "ä", "e1", "(", " ", "\u0308", "a\u0308", "leitung", "-a ", "a- "]
)
def test_hostile_length_does_not_grow_what_is_remembered(hostile):
    tokens = analyse((hostile * 10_000)[:10_000])
    assert all(len(token.text) <= 2 * LONGEST for token in tokens)
