"""Editions of a city page: working copy, evidence, publication."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from listings.daily import connect_cities
from profiles.models import City, CityFact, Edition, LostEvidence, Outdated, Refused, SalaryFigure, Section
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db

HERFORD = 2906121


@pytest.fixture
def hagen():
    return City.objects.get(slug="hagen")


def reword(row, sentence):
    """Another sentence, in the text and as its evidence."""
    row.section.body = row.section.body.replace(row.evidence, sentence)
    row.section.save()
    row.evidence = sentence
    row.save()


def test_the_working_copy_holds_what_the_live_edition_holds(hagen, rita):
    live = hagen.live_edition()
    draft = hagen.working_edition(rita)
    assert draft.is_working_copy
    assert draft.number == live.number + 1
    for name in ("sections", "figures", "facts"):
        assert getattr(draft, name).count() == getattr(live, name).count() > 0
    assert {figure.section.edition_id for figure in draft.figures.all()} == {draft.pk}
    assert hagen.working_edition(rita) == draft
    assert hagen.live_edition() == live


def test_publishing_replaces_the_live_edition(hagen, rita):
    draft = hagen.working_edition(rita)
    draft.publish(rita)
    assert hagen.live_edition() == draft
    assert draft.published_by == rita
    with pytest.raises(Refused, match="schon veröffentlicht"):
        draft.publish(rita)


def test_an_edition_for_later_is_not_live_yet(hagen, rita):
    live = hagen.live_edition()
    hagen.working_edition(rita).publish(rita, at=timezone.now() + timedelta(days=1))
    assert hagen.live_edition() == live
    assert City.objects.live().get(pk=hagen.pk).live_id == live.pk


def test_an_edition_that_lost_its_evidence_cannot_be_published(hagen, rita):
    draft = hagen.working_edition(rita)
    figure = draft.figures.first()
    figure.section.body = figure.section.body.replace(figure.evidence, "Dieser Satz ist neu.")
    figure.section.save()
    with pytest.raises(LostEvidence) as lost:
        draft.publish(rita)
    assert any(figure.evidence in str(problem) for problem in lost.value.problems)
    assert hagen.live_edition() != draft


def test_a_figure_that_its_sentence_contradicts_cannot_be_published(hagen, rita):
    draft = hagen.working_edition(rita)
    figure = draft.figures.first()
    reword(figure, figure.evidence.replace("2.800", "2.850"))
    with pytest.raises(LostEvidence) as lost:
        draft.publish(rita)
    assert "2.800 €" in str(lost.value)


@pytest.mark.parametrize("part", ["sections", "lead"])
def test_an_empty_edition_cannot_be_published(hagen, rita, part):
    draft = hagen.working_edition(rita)
    if part == "lead":
        Edition.objects.filter(pk=draft.pk).update(lead="")
    else:
        draft.figures.all().delete()
        draft.facts.all().delete()
        draft.sections.all().delete()
    with pytest.raises(LostEvidence):
        draft.publish(rita)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_the_database_refuses_what_must_never_be(hagen):
    live = hagen.live_edition()
    section = live.sections.first()
    figure = {"edition": live, "section": section, "evidence": "x", "label": "x", "level": "einstieg"}
    refused(lambda: Edition.objects.create(city=hagen, number=1))
    Edition.objects.create(city=hagen, number=90)
    refused(lambda: Edition.objects.create(city=hagen, number=91))
    refused(lambda: SalaryFigure.objects.create(**figure))
    refused(lambda: SalaryFigure.objects.create(**figure | {"low": 2, "high": 1}))
    refused(lambda: SalaryFigure.objects.create(**figure | {"low": 1, "evidence": ""}))
    refused(lambda: SalaryFigure.objects.create(**figure | {"low": 1, "kind": "segment"}))
    refused(lambda: SalaryFigure.objects.create(**figure | {"low": 1, "level": ""}))
    refused(lambda: Section.objects.create(edition=live, heading="x", slug=section.slug, body="x"))
    fact = live.facts.first()
    refused(lambda: CityFact.objects.create(edition=live, fact=fact.fact, section=section, evidence="x"))


def test_the_address_of_a_published_page_stays(hagen):
    hagen.slug = "hagen-westfalen"
    with pytest.raises(ValidationError):
        hagen.full_clean()


# Problems and warnings


def test_a_lost_sentence_is_named_together_with_the_closest_one(hagen, rita):
    draft = hagen.working_edition(rita)
    figure = draft.figures.first()
    new = "Wer neu anfängt, bekommt in Hagen meist 2.900 € bis 3.300 €."
    figure.section.body = figure.section.body.replace(figure.evidence, new)
    figure.section.save()
    [problem] = draft.problems()
    assert str(problem) == (
        f"Zahl „Einstieg“: Der Satz „{figure.evidence}“ steht nicht mehr im"
        " Abschnitt „Das zweite Werkzeug zahlt sich aus“."
    )
    assert (problem.row, problem.section) == (figure, figure.section)
    assert problem.closest == (figure.section, new)


def test_a_sentence_that_moved_is_found_in_its_new_section(hagen, rita):
    draft = hagen.working_edition(rita)
    figure, other = draft.figures.first(), draft.sections.first()
    figure.section.body = figure.section.body.replace(figure.evidence, "")
    figure.section.save()
    other.body += f"\n\n{figure.evidence}"
    other.save()
    [problem] = draft.problems()
    assert problem.closest == (other, figure.evidence)


def test_a_sentence_without_a_like_has_no_closest_one(hagen, rita):
    draft = hagen.working_edition(rita)
    fact = draft.facts.first()
    draft.sections.update(body="Ganz anders.")
    assert {problem.closest for problem in draft.problems()} == {None}
    assert fact in [problem.row for problem in draft.problems()]


@pytest.mark.parametrize(
    ("sentence", "low", "high", "others", "said"),
    [
        ("Es sind 3.500 € bis 4.200 €.", 3500, 4200, [], ""),
        ("Es sind 3.500–4.200 Euro.", 3500, 4200, [], ""),
        ("Es sind 3.500 € bis 4.200 €, in der Industrie 3.500 € bis 4.500 €.", 3500, 4200, [], ""),
        ("Es sind 3.500 € bis 4.200 €.", 3500, 4000, [], "nennt 4.000 € nicht"),
        ("Es sind 3.500 € bis 4.200 €.", 3400, 4000, [], "nennt 3.400 € und 4.000 € nicht"),
        ("Es sind 3.500 € bis 4.200 €, selten 4.500 €.", 3500, 4500, [], "sagt 3.500 € bis 4.200 €"),
        ("Es sind 3.500 € bis 4.200 €, einst ab 3.000 €.", 3000, 4200, [], "die Zahl 3.000 € bis 4.200 €"),
        ("Es sind 3.500 € bis 4.200 €.", 3500, None, [], "die Zahl ab 3.500 €"),
        ("Es sind 3.500 € bis 4.200 €.", None, 4200, [], "die Zahl bis 4.200 €"),
        ("Es sind 3.500 € bis 4.200 €.", 3500, None, [(3500, 4200)], ""),
        ("Es sind selten weniger als 2.800 €.", 2800, None, [], ""),
        ("Es sind mindestens 2.800 €, höchstens 3.400 €.", 2800, 3400, [], ""),
        ("Erst 2.800 € bis 3.400 €, dann 3.400 € bis 4.000 €.", 3400, 4000, [(2800, 3400)], ""),
        ("Es sind 42.000 € im Jahr.", 42000, None, [], "spricht vom Jahr"),
        ("Im Jahr 2025 waren es 2.800 €.", 2800, None, [], ""),
        ("Es sind 2,8 bis 3,4 Tsd. €.", 2800, 3400, [], ""),
    ],
)
def test_a_figure_says_what_its_sentence_says(hagen, rita, sentence, low, high, others, said):
    draft = hagen.working_edition(rita)
    figure = draft.figures.first()
    reword(figure, sentence)
    draft.figures.filter(pk=figure.pk).update(low=low, high=high)
    for a, b in others:
        draft.figures.create(
            section=figure.section, kind="segment", label=f"{a}", low=a, high=b, evidence=sentence, order=50
        )
    [*problems] = map(str, draft.problems())
    assert len(problems) == bool(said)
    assert said in " ".join(problems)


def test_what_is_written_behind_a_part_of_a_sentence_counts_as_well(hagen, rita):
    draft = hagen.working_edition(rita)
    figure = draft.figures.first()
    reword(figure, "Es sind mindestens 2.800 €")
    draft.figures.filter(pk=figure.pk).update(low=2800, high=None)
    assert draft.problems() == []
    figure.section.body = figure.section.body.replace("mindestens 2.800 €", "mindestens 2.800 € bis 3.100 €")
    figure.section.save()
    assert "sagt 2.800 € bis 3.100 €" in str(draft.problems()[0])


def test_a_yearly_figure_is_a_yearly_sentence_and_a_twelfth_a_month(hagen, rita):
    draft = hagen.working_edition(rita)
    figure = draft.figures.first()
    reword(figure, "Es sind 42.000 € bis 48.000 € brutto im Jahr.")
    figure.low, figure.high, figure.period = 42000, 48000, "year"
    figure.save()
    assert draft.problems() == []
    assert (figure.month_low, figure.month_high) == (3500, 4000)
    figure.gross = "net"
    figure.save()
    assert ["Der Belegsatz sagt brutto" in str(problem) for problem in draft.problems()] == [True]


def test_amounts_that_no_figure_states_are_a_warning_and_stop_nothing(hagen, rita):
    draft = hagen.working_edition(rita)
    assert draft.unbacked() == []
    section = draft.sections.first()
    section.body += "\n\nAnderswo sind es **3.300 bis 4.900 Euro** für 40 Stunden."
    section.save()
    Edition.objects.filter(pk=draft.pk).update(lead="Ab 2.750 € geht es los.")
    draft.refresh_from_db()
    lead, body = draft.unbacked()
    assert (lead.amount, lead.section) == (2750, None)
    assert (body.amount, body.section, body.words) == (4900, section, "4.900 Euro")
    assert str(body) == (
        "Keine Gehaltszahl belegt „4.900 Euro“ im Abschnitt „Heiter bis wolkig: Hagen und die Cloud“:"
        " „Anderswo sind es 3.300 bis 4.900 Euro für 40 Stunden.“"
    )
    draft.publish(rita)


@pytest.mark.parametrize("slug", ["osnabrueck", "oberhausen", "hagen", "hamm", "gelsenkirchen"])
def test_the_shipped_cities_have_neither_problems_nor_unbacked_amounts(slug):
    edition = City.objects.get(slug=slug).live_edition()
    assert edition.problems() == []
    assert edition.unbacked() == []


# A figure through time


def test_a_figure_keeps_its_slug_whatever_becomes_of_its_label(hagen, rita):
    live = {figure.slug: figure.label for figure in hagen.live_edition().figures.all()}
    assert "einstieg" in live
    draft = hagen.working_edition(rita)
    assert {figure.slug: figure.label for figure in draft.figures.all()} == live
    figure = draft.figures.get(slug="einstieg")
    figure.label = "Die ersten Jahre"
    figure.save()
    assert figure.slug == "einstieg"
    twin = SalaryFigure(edition=draft, section=figure.section, level="einstieg", label="Einstieg", low=2800)
    twin.evidence = figure.evidence
    twin.save()
    assert twin.slug == "einstieg-2"


def test_two_figures_of_an_edition_never_share_a_slug(hagen):
    first, second = hagen.live_edition().figures.all()[:2]
    refused(lambda: SalaryFigure.objects.filter(pk=second.pk).update(slug=first.slug))


def test_stand_is_the_day_of_the_check_or_else_from_when_it_holds():
    figure = SalaryFigure()
    assert figure.stand is None
    figure.valid_from = date(2026, 1, 1)
    assert figure.stand == date(2026, 1, 1)
    figure.checked_on = date(2026, 5, 1)
    assert figure.stand == date(2026, 5, 1)


# Two editors at once


def test_who_saves_second_is_told_and_overwrites_nothing(hagen, rita):
    draft = hagen.working_edition(rita)
    seen = draft.version
    draft.revise(seen, rita)
    assert (draft.version, draft.changed_by) == (seen + 1, rita)
    with pytest.raises(Outdated, match=r"Rita Richter hat Hagen · Ausgabe 2 am .* Uhr gespeichert") as outdated:
        Edition.objects.get(pk=draft.pk).revise(seen, None)
    assert outdated.value.by == rita
    draft.refresh_from_db()
    assert draft.version == seen + 1


def test_what_is_published_is_revised_by_nobody(hagen, rita):
    draft = hagen.working_edition(rita)
    draft.publish(rita)
    with pytest.raises(Outdated):
        draft.revise(draft.version, rita)


def test_publishing_names_the_version_that_was_read(hagen, rita):
    draft = hagen.working_edition(rita)
    seen = draft.version
    Edition.objects.get(pk=draft.pk).revise(seen, rita)
    for read in (draft, Edition.objects.get(pk=draft.pk)):
        with pytest.raises(Outdated, match="Rita Richter hat"):
            read.publish(rita, version=seen)
    assert hagen.live_edition() != draft
    draft.publish(rita)
    assert hagen.live_edition() == draft


# Publishing at a date


@pytest.fixture
def tomorrow():
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def scheduled(hagen, rita, tomorrow):
    draft = hagen.working_edition(rita)
    draft.publish(rita, at=tomorrow)
    return draft


def test_a_scheduled_edition_replaces_the_live_one_on_its_date(hagen, scheduled, time_machine):
    assert hagen.scheduled_edition() == scheduled
    assert hagen.live_edition().number == 1
    time_machine.move_to(scheduled.published_at + timedelta(seconds=1))
    assert hagen.scheduled_edition() is None
    assert hagen.live_edition() == scheduled


@pytest.mark.parametrize(
    ("off", "said"), [(timedelta(minutes=-1), "Vergangenheit"), (timedelta(days=367), "höchstens ein Jahr")]
)
def test_a_date_lies_within_a_year_to_come(hagen, rita, off, said):
    draft = hagen.working_edition(rita)
    with pytest.raises(Refused, match=said):
        draft.publish(rita, at=timezone.now() + off)
    assert Edition.objects.get(pk=draft.pk).is_working_copy


def test_beside_a_scheduled_edition_nobody_begins_another(hagen, scheduled, rita):
    with pytest.raises(Refused, match=r"Ausgabe 2 erscheint am .* Uhr"):
        hagen.working_edition(rita)
    with pytest.raises(Refused, match=r"schon einen Termin"):
        scheduled.publish(rita)
    assert hagen.editions.count() == 2


def test_a_lifted_date_makes_it_the_working_copy_again(hagen, scheduled, rita):
    scheduled.lift_date(rita)
    assert scheduled.is_working_copy
    assert hagen.working_edition(rita) == scheduled
    with pytest.raises(Refused, match="keinen Termin"):
        scheduled.lift_date(rita)


def test_a_date_is_not_lifted_beside_a_working_copy_of_an_earlier_release(hagen, scheduled, rita):
    hagen.editions.create(number=9)
    with pytest.raises(Refused, match="Ausgabe 9"):
        scheduled.lift_date(rita)


def test_a_date_that_has_come_is_not_lifted(scheduled, rita, time_machine):
    time_machine.move_to(scheduled.published_at + timedelta(seconds=1))
    with pytest.raises(Refused, match="schon erschienen"):
        scheduled.lift_date(rita)


def test_the_first_edition_of_a_city_gets_its_vacancies_once_its_date_has_come(rita, tomorrow, time_machine):
    ad = make_vacancy(open=True, place_id=HERFORD)
    city = City.objects.create(place_id=HERFORD, slug="herford")
    source, edition = City.objects.get(slug="hagen").live_edition(), city.working_edition(rita)
    source.copy_into(edition)
    Edition.objects.filter(pk=edition.pk).update(lead="Arbeiten in Herford.")
    edition.publish(rita, at=tomorrow)
    connect_cities(timezone.now())
    ad.refresh_from_db()
    assert ad.city != city
    time_machine.move_to(tomorrow + timedelta(hours=1))
    assert connect_cities(timezone.now()) == 1
    ad.refresh_from_db()
    assert ad.city == city


# Restoring and discarding


def test_restoring_makes_a_working_copy_of_what_an_earlier_edition_held(hagen, rita):
    first, second = hagen.live_edition(), hagen.working_edition(rita)
    Edition.objects.filter(pk=second.pk).update(lead="Ein neuer Vorspann.")
    reword(second.figures.first(), "Anfangs sind es 2.800 € bis 3.300 €.")
    second.publish(rita)
    third = first.restore(rita)
    assert third.is_working_copy
    assert (third.number, third.created_by, third.lead) == (3, rita, first.lead)
    assert third.note == "Wiederhergestellt aus Ausgabe 1"
    assert third.difference(first) == []
    assert third.difference(second) != []
    assert hagen.live_edition() == second


def test_restoring_overwrites_nobodys_work(hagen, rita, tomorrow):
    first = hagen.live_edition()
    with pytest.raises(Refused, match="nur eine frühere"):
        first.restore(rita)
    hagen.working_edition(rita).publish(rita)
    draft = hagen.working_edition(rita)
    with pytest.raises(Refused, match="schon eine Arbeitsfassung, Ausgabe 3"):
        first.restore(rita)
    draft.publish(rita, at=tomorrow)
    for edition in (first, draft):
        with pytest.raises(Refused):
            edition.restore(rita)
    assert hagen.editions.count() == 3


def test_a_working_copy_is_discarded_unless_it_has_been_published(hagen, rita):
    draft = hagen.working_edition(rita)
    seen = Edition.objects.get(pk=draft.pk)
    draft.publish(rita)
    with pytest.raises(Refused):
        seen.discard()
    hagen.working_edition(rita).discard()
    assert list(hagen.editions.values_list("number", flat=True)) == [2, 1]


# Figures that were checked, and what they said before


def test_confirming_figures_makes_a_new_edition_that_differs_only_in_the_check(hagen, rita):
    live = hagen.live_edition()
    new = hagen.confirm_figures(rita, ["einstieg"], seen=live.pk)
    assert hagen.live_edition() == new
    assert (new.note, new.published_by) == ("Zahlen geprüft", rita)
    checked = {figure.slug: (figure.checked_on, figure.checked_by) for figure in new.figures.all()}
    assert checked.pop("einstieg") == (localdate(), rita)
    assert set(checked.values()) == {(None, None)}
    assert live.figures.get(slug="einstieg").checked_on is None
    assert [row.label for row in new.difference(live)] == ["Gehaltszahl „Einstieg“, geprüft am"]


def test_confirming_reaches_the_working_copy_where_it_states_the_same(hagen, rita):
    draft = hagen.working_edition(rita)
    version = draft.version
    changed = draft.figures.exclude(slug="einstieg").get()
    changed.high += 100
    changed.save()
    new = hagen.confirm_figures(rita, ["einstieg", changed.slug])
    assert draft.figures.get(slug="einstieg").checked_on == localdate()
    assert draft.figures.get(slug=changed.slug).checked_on is None
    draft.refresh_from_db()
    assert draft.version == version + 1
    assert (draft.number, new.number) == (2, 3)
    changed.high -= 100
    changed.save()
    draft.publish(rita)
    assert hagen.live_edition() == draft


def test_confirming_reaches_a_scheduled_edition(hagen, scheduled, rita):
    hagen.confirm_figures(rita, ["einstieg"])
    assert scheduled.figures.get(slug="einstieg").checked_by == rita


@pytest.mark.parametrize(
    ("slugs", "said"), [([], "kreuzen Sie an"), (["einstieg", "gibt-es-nicht"], "steht nicht mehr auf der Seite")]
)
def test_only_figures_of_the_page_are_confirmed(hagen, rita, slugs, said):
    with pytest.raises(Refused, match=said):
        hagen.confirm_figures(rita, slugs)
    assert hagen.editions.count() == 1


def test_figures_that_somebody_has_changed_meanwhile_are_not_confirmed(hagen, rita):
    seen = hagen.live_edition().pk
    hagen.working_edition(rita).publish(rita)
    with pytest.raises(Refused, match="eine andere Ausgabe"):
        hagen.confirm_figures(rita, ["einstieg"], seen=seen)


def test_a_city_without_a_page_has_no_figures_to_confirm():
    city = City.objects.create(place_id=HERFORD, slug="herford")
    with pytest.raises(Refused):
        city.confirm_figures(None, ["einstieg"])


def test_the_history_of_a_figure_names_each_earlier_statement_once(hagen, rita, django_assert_num_queries):
    hagen.confirm_figures(rita, ["einstieg"])
    draft = hagen.working_edition(rita)
    figure = draft.figures.get(slug="einstieg")
    reword(figure, "Am Anfang sind es 2.900 € bis 3.300 €.")
    figure.low, figure.valid_from = 2900, date(2026, 7, 1)
    figure.save()
    draft.publish(rita)
    hagen.working_edition(rita).publish(rita)
    live = hagen.live_edition()
    with django_assert_num_queries(1):
        figures = live.figures_with_history()
        told = [
            (each.low, each.high, each.checked_on, each.checked_by, each.edition.number) for each in figures[0].earlier
        ]
    assert told == [(2800, 3300, localdate(), rita, 2), (2800, 3300, None, None, 1)]
    assert [figure.slug for figure in figures if figure.earlier] == ["einstieg"]
    draft = hagen.working_edition(rita)
    draft.figures.filter(slug="einstieg").update(low=2950)
    assert [each.low for each in draft.figures_with_history()[0].earlier] == [2900, 2800, 2800]


# Differences between two editions


def test_a_difference_names_lead_sections_figures_and_facts(hagen, rita):
    live, draft = hagen.live_edition(), hagen.working_edition(rita)
    assert draft.difference(live) == []
    Edition.objects.filter(pk=draft.pk).update(lead=f"{draft.lead} Neu.")
    draft.refresh_from_db()
    gone, changed, *_ = draft.sections.order_by("order")
    draft.facts.filter(section=gone).delete()
    gone.delete()
    changed.heading = "Umsteigen lohnt sich"
    changed.body = changed.body.replace("Leuten", "Menschen")
    changed.save()
    last = draft.sections.order_by("-order").first()
    last.order = 1
    last.save()
    draft.sections.create(heading="Ganz neu", body="Ein Satz.", order=999)
    figure, other = draft.figures.all()
    other.delete()
    figure.low, figure.qualifier = 2900, "meist"
    figure.save()
    rows = {row.label: row for row in draft.difference(live)}
    assert rows["Vorspann"].parts[-1][1].strip() == "Neu."
    assert rows["Abschnitt „Heiter bis wolkig: Hagen und die Cloud“ entfällt"].parts[0][0] == "gone"
    assert (
        rows["Abschnitt „Umsteigen lohnt sich“, Überschrift"].old == "Umsteigen erwünscht, Bodenhaftung vorausgesetzt"
    )
    assert ("new", "Menschen") in rows["Abschnitt „Umsteigen lohnt sich“"].parts
    assert rows[f"Abschnitt „{last}“, Platz"].new == "1."
    assert rows["Abschnitt „Ganz neu“ kommt dazu"].parts == [("new", "Ein Satz.")]
    pay = rows["Gehaltszahl „Einstieg“"]
    assert (pay.old, pay.new) == ("2.800 € bis 3.300 €, oft", "2.900 € bis 3.300 €, meist")
    assert f"Gehaltszahl „{other}“ entfällt" in rows
    assert any(label.startswith("Merkmal „") and label.endswith("entfällt") for label in rows)
    back = {row.label for row in live.difference(draft)}
    assert f"Gehaltszahl „{other}“ kommt dazu" in back
    assert "Abschnitt „Ganz neu“ entfällt" in back
