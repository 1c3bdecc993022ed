"""The five city pages: length, evidence, and every figure of the sources with its sentence."""

import re

import pytest

from jobboard.text import count_words, paragraphs
from profiles.models import City

pytestmark = pytest.mark.django_db

FIGURES = {
    "osnabrueck": [("einstieg", 2800, 3400), ("erfahren", 3600, 4000)],
    "oberhausen": [("einstieg", 3000, 3400), ("erfahren", 4000, 4600)],
    "hagen": [("einstieg", 2800, 3300), ("erfahren", 3500, 4200)],
    "hamm": [("einstieg", 2800, None), ("", 3000, 3800)],
    "gelsenkirchen": [("einstieg", 2800, 3400), ("erfahren", 3500, 4200), ("", 4500, 5000)],
}


@pytest.fixture(params=FIGURES)
def edition(request):
    return City.objects.get(slug=request.param).live_edition()


def test_the_text_is_neither_thin_nor_long(edition):
    words = sum(count_words(section.body) for section in edition.sections.all())
    assert 450 <= words <= 750
    assert 5 <= edition.sections.count() <= 7


def test_every_figure_and_fact_stands_in_the_text(edition):
    assert edition.problems() == []
    assert edition.facts.count() >= 8


def test_the_figures_are_those_of_the_source(edition):
    found = [(figure.level, figure.low, figure.high) for figure in edition.figures.all()]
    assert found == FIGURES[edition.city.slug]


def test_evidence_names_the_very_amounts_of_its_figure(edition):
    for figure in edition.figures.all():
        amounts = {int(each.replace(".", "")) for each in re.findall(r"\d\.\d{3}", figure.evidence)}
        assert {end for end in (figure.low, figure.high) if end} <= amounts


def test_no_amount_in_the_text_is_without_a_figure(edition):
    text = " ".join(text for section in edition.sections.all() for text in paragraphs(section.body))
    stated = {end for figure in edition.figures.all() for end in (figure.low, figure.high)}
    assert {int(each.replace(".", "")) for each in re.findall(r"\d\.\d{3}", text)} <= stated
