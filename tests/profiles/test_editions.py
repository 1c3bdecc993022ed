"""Editions of a city page: working copy, evidence, publication."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles import evidence
from profiles.models import City, CityFact, Edition, LostEvidence, SalaryFigure, Section

pytestmark = pytest.mark.django_db


@pytest.fixture
def hagen():
    return City.objects.get(slug="hagen")


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
    with pytest.raises(LostEvidence):
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
    assert any(figure.evidence in problem for problem in lost.value.problems)
    assert hagen.live_edition() != draft


def test_a_figure_that_its_sentence_contradicts_cannot_be_published(hagen, rita):
    draft = hagen.working_edition(rita)
    figure = draft.figures.first()
    changed = figure.evidence.replace("2.800", "2.850")
    figure.section.body = figure.section.body.replace(figure.evidence, changed)
    figure.section.save()
    figure.evidence = changed
    figure.save()
    with pytest.raises(LostEvidence) as lost:
        draft.publish(rita)
    assert "2.800 €" in str(lost.value)


@pytest.mark.parametrize("part", ["sections", "lead"])
def test_an_empty_edition_cannot_be_published(hagen, rita, part):
    draft = hagen.working_edition(rita)
    if part == "lead":
        draft.lead = ""
    else:
        draft.figures.all().delete()
        draft.facts.all().delete()
        draft.sections.all().delete()
    with pytest.raises(LostEvidence):
        draft.publish(rita)


@pytest.mark.parametrize(
    ("body", "stated"),
    [
        ("Vorher. Ab 2.800\u00a0€ geht es los. Nachher.", True),
        ("Ab 2.800\u00a0€ geht\nes los.", True),
        ("Ab 2.800 € geht  es los.", True),
        ("Ab **2.800\u00a0€** geht es los.", True),
        ("Ab 2.800\u00a0€ geht\n\nes los.", False),
        ("Ab 2.900\u00a0€ geht es los.", False),
        ("", False),
    ],
)
def test_evidence_is_the_exact_sentence_inside_one_paragraph(body, stated):
    assert evidence.states(body, "Ab 2.800\u00a0€ geht es los.") is stated


def test_empty_evidence_states_nothing():
    assert evidence.states("Irgendetwas.", "  ") is False


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
