"""Which texts speak of which facts, and who may say by which words."""

import tomllib
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobboard import german
from profiles.facts import spoken_of, words_for
from profiles.models import Fact
from profiles.reference import FIXTURES, load_facts

ENTRIES = tomllib.loads((FIXTURES / "facts.toml").read_text(encoding="utf-8"))["facts"]
FACTS = {entry["slug"]: Fact(**entry) for entry in ENTRIES}


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("sap", "Erfahrung mit SAP S/4HANA"), ("sap", "SAP-Kenntnisse"), ("erp", "eine ERP-Einführung"),
        ("erp", "Warenwirtschaftssystem"), ("jira", "Jira-Board pflegen"), ("excel", "gute Excel-Kenntnisse"),
        ("excel", "Excelkenntnisse"), ("ms-project", "MS-Project"), ("cloud", "Multicloud, Cloudmigration"),
        ("agiles-arbeiten", "agiles Arbeiten"), ("agiles-arbeiten", "Kanban-Board"), ("agiles-arbeiten", "Scrum"),
        ("projektmanagement-methoden", "PRINCE2"), ("projektmanagement-methoden", "klassisches Projektmanagement"),
        ("change-management", "Change-Management"), ("change-management", "Veränderungsprozesse"),
        ("prozessautomatisierung", "Abläufe in der Buchhaltung automatisieren"), ("schnittstellen", "REST-APIs"),
        ("schnittstellen", "Schnittstellen zu SAP"), ("datenmanagement", "Stammdatenpflege"),
        ("it-sicherheit", "ISO 27001"), ("softwareeinfuehrung", "Einführung einer neuen Software"),
        ("prozessanalyse", "Sie analysieren bestehende Prozesse"), ("prozessanalyse", "Geschäftsprozesse aufnehmen"),
        ("qualitaetssicherung", "Sie sichern die Qualität"), ("ipma", "IPMA Level D"), ("pmi", "PMP"),
        ("scrum-zertifikat", "Zertifikat als Scrum Master"), ("datensicherheit", "Schulung in Datenschutz"),
        ("fortbildung-it-projektmanagement", "Lehrgang IT-Projektmanagement"), ("stadtwerke", "Stadtwerke Hagen"),
        ("gesundheit", "zwei Kliniken"), ("gesundheit", "ein Klinikverbund"), ("gesundheit", "Universitätsklinikum"),
        ("handel", "im Großhandel"), ("handel", "Industrie und Handel"), ("industrie", "Stahlindustrie"),
        ("oeffentliche-verwaltung", "in der Stadtverwaltung"), ("verkehr", "öffentlicher Nahverkehr"),
        ("mittelstand", "mittelständisches Unternehmen"), ("start-ups", "Startup-Szene"), ("start-ups", "Start-up"),
        ("dienstleister", "Wir sind ein IT-Dienstleister"), ("systemhaus", "in unserem IT-Systemhaus"),
        ("softwarehaus", "Ein Softwarehaus sucht"), ("energie", "Energieversorger"), ("maschinenbau", "Anlagenbau"),
        ("quereinstieg", "Quereinsteiger:innen"), ("quereinstieg", "Quereinstieg willkommen"),
        ("it-support", "gern aus dem IT-Support"), ("kaufmaennischer-beruf", "Bürokauffrau/-mann"),
        ("kaufmaennischer-beruf", "Industriekaufmann (m/w/d)"), ("technischer-beruf", "Mechatroniker:in"),
        ("berufseinstieg", "Berufseinsteiger (m/w/d)"), ("kommunikation", "kommunikationsstark"),
        ("vermittlung", "Sie vermitteln zwischen IT und Einkauf"), ("vermittlung", "Schnittstelle zwischen IT und Haus"),
        ("durchsetzungsvermoegen", "Durchsetzungsvermögen"), ("technikverstaendnis", "technisches Verständnis"),
        ("geduld", "ein langer Atem"), ("pragmatismus", "Hands-on-Mentalität"), ("pragmatismus", "pragmatische Art"),
        ("organisationstalent", "Organisationstalent"), ("konfliktloesung", "Konflikte im Team lösen"),
        ("it-architektur", "IT-Landschaft"), ("homeoffice", "zwei Tage Home-Office"), ("homeoffice", "mobiles Arbeiten"),
        ("flexible-arbeitszeiten", "flexible Arbeitszeiten"), ("flexible-arbeitszeiten", "Gleitzeit"),
        ("kurze-wege", "kurze Entscheidungswege"), ("flache-hierarchien", "flache Hierarchien"),
        ("fruehe-verantwortung", "früh eigene Verantwortung"), ("weiterbildung", "Fortbildungen im Haus"),
        ("improvisation", "Improvisationstalent"), ("confluence", "Confluence"),
        ("jira", "Sie arbeiten nicht nur mit Jira, auch mit Papier."), ("jira", "Ohne Jira geht bei uns nichts."),
        ("jira", "Nichts ohne Jira."),
        ("geduld", "Nicht zuletzt zählt Geduld."), ("excel", "Excellisten"), ("systemhaus", "In unserem Systemhaus"),
        ("berufseinstieg", "Hochschulabsolventen"), ("kaufmaennischer-beruf", "Ausbildung als Industriekauffrau"),
        ("technischer-beruf", "Sie sind Elektronikerin."), ("kurze-wege", "kurze Wege zum Vorstand"),
        ("softwareeinfuehrung", "ERP-Einführung in zwei Werken"), ("berufseinstieg", "Ihre erste Stelle? Gern."),
        ("fruehe-verantwortung", "schnelle Verantwortungsübernahme"), ("scrum-zertifikat", "PSM I oder CSM"),
    ],
)  # fmt: skip
def test_a_text_speaks_of_a_fact(slug, text):
    assert spoken_of(text, [FACTS[slug]])


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("excel", "Wir sind excellent."), ("agiles-arbeiten", "Agentur für Arbeit"), ("agiles-arbeiten", "fragil"),
        ("handel", "eigenständig handeln"), ("handel", "Handlung"), ("handel", "Kauffrau im Einzelhandel"),
        ("jira", "Reise nach Tirana"), ("sap", "Sappho"), ("sap", "ohne SAP-Kenntnisse"), ("cloud", "Claudia"),
        ("sap", "SAP müssen Sie nicht können."), ("industrie", "Industrie- und Handelskammer"),
        ("industrie", "Industriekauffrau"), ("verkehr", "gute Anbindung an den Nahverkehr"),
        ("verkehr", "Parteiverkehr"), ("schnittstellen", "Sie sind die Schnittstelle zwischen IT und Einkauf."),
        ("dienstleister", "Sie steuern externe Dienstleister."), ("kommunikation", "Telekommunikation"),
        ("weiterbildung", "abgeschlossene Weiterbildung zum Techniker"), ("weiterbildung", "Weiterentwicklung"),
        ("homeoffice", "kein Homeoffice"), ("homeoffice", "Remote-Support"), ("erp", "interpretieren, Sherpa"),
        ("oeffentliche-verwaltung", "Verwaltung von Zugängen"), ("energie", "voller Energie"),
        ("softwarehaus", "Absprachen mit dem Softwarehaus"), ("vermittlung", "Wir vermitteln Fachkräfte."),
        ("qualitaetssicherung", "Qualität"), ("pmi", "PMIS"), ("gesundheit", "betriebliches Gesundheitsmanagement"),
        ("oeffentliche-verwaltung", "Bezahlung angelehnt an den öffentlichen Dienst"), ("it-support", "Supportzeiten"),
        ("systemhaus", "Absprachen mit unserem Systemhaus"), ("kurze-wege", "kurze Wege zum Bahnhof"),
        ("kaufmaennischer-beruf", "Unsere Auszubildenden zur Kauffrau lernen bei Ihnen."),
        ("technischer-beruf", "Unsere Elektroniker melden sich bei Ihnen."), ("jira", "nicht unbedingt Jira"),
        ("technischer-beruf", "Absprachen mit Mechanikern"), ("jira", "Es geht nicht um Jira."),
        ("softwareeinfuehrung", "eine gründliche Einführung in unser ERP"),
        ("oeffentliche-verwaltung", "Altersvorsorge des öffentlichen Dienstes"),
        ("berufseinstieg", "Sie sind die erste Stelle, an die sich alle wenden."),
    ],
)  # fmt: skip
def test_false_friends_and_denials_do_not(slug, text):
    assert not spoken_of(text, [FACTS[slug]])


@pytest.mark.parametrize("fact", FACTS.values(), ids=str)
def test_every_fact_has_wordings_that_say_something(fact):
    assert fact.wordings.strip()
    fact.clean()


pieces = st.sampled_from(sorted({word for fact in FACTS.values() for word in fact.wordings.split()}))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pieces | st.text(max_size=6) | st.sampled_from(["\n\n", "ohne", "kein", "-", "ſ", "İ"]), max_size=12))
def test_asking_for_all_facts_at_once_finds_what_asking_for_each_finds(words):
    text = " ".join(words)
    for changed in (text, text.upper(), text.replace("ä", "ae").replace("ß", "ss")):
        tokens = german.analyse(changed)
        found = spoken_of(changed, FACTS.values())
        assert found == [fact for fact in FACTS.values() if spoken_of(changed, [fact], tokens)]
        assert found == spoken_of(changed, FACTS.values(), tokens)
        assert all(words_for(fact, changed) for fact in found)


def test_a_denied_wording_does_not_hide_another():
    fact = Fact(wordings="Jira\nTicket")
    assert spoken_of("Wir arbeiten ohne Jira, aber mit Tickets.", [fact])
    assert words_for(fact, "ohne Jira; Ticket im\nBoard, Tickets") == ["Ticket", "Tickets"]


@pytest.mark.django_db
def test_wordings_of_the_file_come_where_no_editor_has_been():
    Fact.objects.filter(slug="erp").update(wordings="", name="ERP")
    Fact.objects.filter(slug="sap").update(wordings="alt", is_followed=True)
    jira = Fact.objects.get(slug="jira")
    jira.wordings = "Ticketsystem"
    jira.save()
    load_facts()
    erp, sap, jira = (Fact.objects.get(slug=slug) for slug in ("erp", "sap", "jira"))
    assert (erp.name, erp.wordings) == ("ERP", FACTS["erp"].wordings.strip())
    assert sap.wordings == FACTS["sap"].wordings.strip()
    assert not sap.is_followed
    assert jira.wordings == "Ticketsystem"


@pytest.mark.django_db
def test_loading_a_second_time_changes_nothing():
    said: list[str] = []
    load_facts(said.append)
    assert said == []


# Boards from before

NATURAL = import_module("profiles.migrations.0004_natural_wordings")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Jira*", "Jira"),
        ("*industrie\nöffentlich~ Dienst~|Hand", "industrie\nöffentlich Dienst\nöffentlich Hand"),
        ("*einführung … *software*|ERP*", "einführung und software\neinführung und ERP"),
        ("Einführung ... ERP", "Einführung und ERP"),
        ("bis ## Jahre\nFoto*app\n*\n…\n|", ""),
        ("Jira\nJira*", "Jira"),
        ("", ""),
    ],
)
def test_wordings_in_the_old_signs_are_written_out(before, after):
    assert NATURAL.natural(before) == after


def test_written_out_wordings_still_fit_their_field_and_are_no_more_than_people_can_read():
    alternatives = "|".join(f"Alternative{number}" for number in range(30))
    written = NATURAL.natural(
        "\n".join([f"{alternatives} … {alternatives}"] * 3 + [f"Zeile{n} {alternatives}" for n in range(40)])
    )
    assert len(written) <= Fact._meta.get_field("wordings").max_length


@pytest.mark.django_db
def test_what_editors_changed_is_written_out_and_read_again():
    Fact.objects.filter(slug="jira").update(
        wordings="Ticket~|Board~", exceptions="*ticket …", edited=True, is_followed=True
    )
    Fact.objects.filter(slug="sap").update(is_followed=True)
    NATURAL.write_out(apps, SimpleNamespace(connection=connection))
    jira, sap = Fact.objects.get(slug="jira"), Fact.objects.get(slug="sap")
    assert (jira.wordings, jira.exceptions, jira.edited, jira.is_followed) == ("Ticket\nBoard", "ticket", True, False)
    assert sap.is_followed
    jira.clean()
