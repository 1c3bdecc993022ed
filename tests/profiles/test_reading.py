"""Sentences that figures and facts rest on, marked in the text of a section."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobboard.text import markdown, paragraphs
from profiles.evidence import states
from profiles.models import CityFact, Edition, Fact, SalaryFigure, Section
from profiles.reading import marked, read

WAY_BACK = re.compile(r'<a class="proof-back.*?</a>', re.DOTALL)


def figure(evidence, label="Einstieg"):
    return SalaryFigure(label=label, low=2800, evidence=evidence)


def fact(evidence, slug="erp"):
    return CityFact(fact=Fact(slug=slug, name=slug.upper()), evidence=evidence)


class Marks(HTMLParser):
    """What stands within each id, without the ways back; fails on tags that do not close in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts, self.links = [], {}, []
        self.feed(WAY_BACK.sub("", html))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        if tag in ("br", "hr"):
            return
        if tag == "a":
            assert not any(name == "a" for name, _ in self.open), "a link inside a link"
        anchor = dict(attributes).get("id")
        if anchor:
            assert anchor not in self.texts, "an id twice"
            self.texts[anchor] = ""
        self.open.append((tag, anchor))

    def handle_endtag(self, tag):
        if tag not in ("br", "hr"):
            assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, anchor in self.open:
            if anchor:
                self.texts[anchor] += data


def texts(html):
    return {anchor: " ".join(text.split()) for anchor, text in Marks(html).texts.items()}


def unmarked(html):
    """Without what marked() has put in: only our spans have attributes or stand there at all."""
    return re.sub(r"</?span[^>]*>", "", WAY_BACK.sub("", html))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Vorher. Hier zahlt man gut. Nachher.", "Hier zahlt man gut."),
        ("Vorher. Hier **zahlt** man [gut](https://x.example/). Nachher.", "Hier zahlt man gut."),
        ("Vorher. Hier\nzahlt man\n   gut. Nachher.", "Hier zahlt man gut."),
        ("Hier zahlt\u00a0man\u202fgut.", "Hier zahlt man gut."),
        ("Hier zahlt man gut.", "Hier\u00a0zahlt  man gut."),
        ("**Vorher. Hier zahlt man gut. Nachher.**", "Hier zahlt man gut."),
        ("- eins\n- Vorher. Hier zahlt man gut.\n  - drei", "Hier zahlt man gut."),
        ("> Hier zahlt man gut.\n> Nachher.", "Hier zahlt man gut."),
        ("## Hier zahlt man gut.\n\nNachher.", "Hier zahlt man gut."),
        ("Hier zahlt man gut. Hier zahlt man gut.", "Hier zahlt man gut."),
        ("Hier *zahlt **man*** gut.", "Hier zahlt man gut."),
        ("Hier zahlt man \\*gut\\* &amp; &lt;gern&gt;.", "Hier zahlt man *gut* & <gern>."),
    ],
)
def test_a_sentence_is_marked_once_and_to_the_letter(body, sentence):
    html = marked(body, [figure(sentence)])
    assert texts(html) == {"beleg-zahl-einstieg": " ".join(sentence.split())}
    assert unmarked(html) == markdown(body)
    assert html.count('href="#zahl-einstieg"') == 1


@pytest.mark.parametrize(
    ("body", "sentence", "reach"),
    [
        ("**Achtung. Hier** zahlt man.", "Hier zahlt man.", "Achtung. Hier zahlt man."),
        ("Hier zahlt **man. Gut** so.", "Hier zahlt man.", "Hier zahlt man. Gut"),
        ("[Hier zahlt man. Gut so.](https://x.example/)", "Gut so.", "Hier zahlt man. Gut so."),
        ("`Hier zahlt man. Gut` so.", "Gut so.", "Hier zahlt man. Gut so."),
    ],
)
def test_a_mark_reaches_out_of_what_the_sentence_enters_midway(body, sentence, reach):
    html = marked(body, [figure(sentence)])
    assert list(texts(html).values()) == [reach]
    assert unmarked(html) == markdown(body)


def test_several_rows_may_rest_on_one_sentence():
    html = marked("A gilt. B gilt.", [figure("B gilt."), fact("B gilt."), fact("B gilt.", "sap")])
    assert texts(html) == dict.fromkeys(["beleg-zahl-einstieg", "beleg-merkmal-erp", "beleg-merkmal-sap"], "B gilt.")


def test_a_sentence_within_another_is_marked_within_it():
    html = marked("A gilt. B gilt.", [fact("A gilt. B gilt."), figure("B gilt.")])
    assert texts(html) == {"beleg-merkmal-erp": "A gilt. B gilt.", "beleg-zahl-einstieg": "B gilt."}


def test_of_two_that_overlap_the_first_reaches_to_the_end_of_the_other():
    html = marked("A gilt. B gilt. C gilt.", [fact("A gilt. B gilt."), figure("B gilt. C gilt.")])
    assert texts(html) == {"beleg-merkmal-erp": "A gilt. B gilt. C gilt.", "beleg-zahl-einstieg": "B gilt. C gilt."}


def test_a_sentence_that_is_gone_has_no_mark():
    assert marked("A gilt.", [figure("B gilt."), fact("  ")]) == markdown("A gilt.")


def test_a_figure_shows_its_way_back_and_names_it():
    html = marked("B gilt.", [figure("B gilt.", 'Mit "Erfahrung" <b>')])
    assert 'class="proof-sign"' in html
    assert " „Mit &quot;Erfahrung&quot; &lt;b&gt;“</span>" in html
    assert 'class="proof-sign"' not in marked("B gilt.", [fact("B gilt.")])


def test_nobody_can_type_a_mark():
    body = '<span id="open 0"> `<span id="back 0"></span>` [x](https://x.example/<span%20id="open%200">) B gilt.'
    html = marked(body, [fact("B gilt.")])
    assert unmarked(html) == markdown(body)
    assert texts(html) == {"beleg-merkmal-erp": "B gilt."}


def test_an_anchor_that_is_still_being_typed_cannot_break_out():
    row = figure("B gilt.")
    row.slug = '"><script>alert(1)</script>'
    assert "<script" not in marked("B gilt.", [row])


def test_only_rows_of_the_section_are_marked():
    here, there = Section(pk=1, body="A gilt."), Section(pk=2, body="A gilt.")
    rows = [SalaryFigure(label="Hier", low=1, section=here, evidence="A gilt.")]
    other = [CityFact(fact=Fact(slug="erp"), section=there, evidence="A gilt.")]
    assert texts(read(here, rows, other)) == {"beleg-zahl-hier": "A gilt."}
    assert texts(read(there, rows, other)) == {"beleg-merkmal-erp": "A gilt."}


@pytest.mark.django_db
def test_every_sentence_of_the_five_cities_is_marked_letter_for_letter():
    for edition in Edition.objects.live():
        figures, facts = (
            list(edition.figures.select_related("section")),
            list(edition.facts.select_related("fact", "section")),
        )
        found = {}
        for section in edition.sections.all():
            html = read(section, figures, facts)
            assert unmarked(html) == markdown(section.body)
            found |= texts(html)
        assert found == {row.proof_anchor: " ".join(row.evidence.split()) for row in [*figures, *facts]}


pieces = st.sampled_from(
    ["Eins gilt.", "Zwei.", "**", "*", "`", "[", "](https://x.example/)", " ", "\n", "\n\n", "- ", "> ", "1. ", "# ",
     "\u00a0", "<b>", "&lt;", "\\", "<span id=\"open 0\">", "ä", "\x00", "\x1f", "_", "~"]
)  # fmt: skip


@given(st.lists(pieces, max_size=25).map("".join), st.data())
def test_whatever_is_typed_marking_changes_nothing_else(body, data):
    spoken = " ".join(" ".join(paragraphs(body)).split())
    sentences = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(spoken)), st.integers(1, 30)).map(
                lambda cut: spoken[cut[0] : sum(cut)].strip()
            ),
            max_size=5,
        )
    )
    rows = [fact(sentence, f"f-{number}") for number, sentence in enumerate(sentences)]
    html = marked(body, rows)
    assert unmarked(html) == markdown(body)
    found = texts(html)
    assert set(found) == {row.proof_anchor for row in rows if states(body, row.evidence)}
    for row in rows:
        if row.proof_anchor in found:
            assert " ".join(row.evidence.split()) in found[row.proof_anchor]
