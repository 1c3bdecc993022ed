"""How well the list answers what people type: 74 ads, over 100 judged queries, the same floors on every database."""

import json
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings

from tests.listings import judging

FOLDER = Path(__file__).parent / "judged"
LISTS = FOLDER / "lists.json"
ADS, QUERIES = judging.read(FOLDER)
FLOOR = 0.92

pytestmark = pytest.mark.django_db  # for the database to be there when `answered` fills it


@pytest.fixture(scope="module")
def answered(django_db_setup, django_db_blocker):
    """The lists and what strays, found once for all tests of this file."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=plain, WHITENOISE_AUTOREFRESH=True),
        transaction.atomic(),
    ):
        yield judging.answers(Client(), ADS, QUERIES)
        transaction.set_rollback(True)


def test_judges_grade_ads_that_exist_and_no_query_twice():
    keys = {ad["key"] for ad in ADS}
    assert len(keys) == len(ADS)
    assert len({query["text"] for query in QUERIES}) == len(QUERIES) >= 90
    for query in QUERIES:
        assert query["grades"], query["text"]
        assert not query["grades"].keys() - keys, query["text"]


@pytest.mark.slow
def test_the_best_ads_come_first(answered):
    lists, _ = answered
    reached = judging.mean(judging.ndcg, QUERIES, lists)
    assert reached >= FLOOR, judging.report(QUERIES, lists)


@pytest.mark.slow
def test_the_first_page_holds_what_there_is(answered):
    lists, _ = answered
    reached = judging.mean(judging.recall, QUERIES, lists)
    assert reached >= FLOOR, judging.report(QUERIES, lists)


@pytest.mark.slow
def test_no_query_that_ads_would_answer_finds_nothing(answered):
    lists, _ = answered
    assert [text for text, found in lists.items() if not found] == []


@pytest.mark.slow
def test_who_names_a_town_sees_no_ads_from_elsewhere(answered):
    _, strays = answered
    assert {text: elsewhere for text, elsewhere in strays.items() if elsewhere} == {}


@pytest.mark.slow
def test_every_database_gives_the_same_lists(answered, request):
    """Each is compared with the same file; `pytest --write-judged-lists` writes it anew."""
    lists, _ = answered
    if request.config.getoption("--write-judged-lists"):
        rows = [f"  {json.dumps(text, ensure_ascii=False)}: {json.dumps(found)}" for text, found in lists.items()]
        LISTS.write_text("{\n" + ",\n".join(rows) + "\n}\n")
    assert lists == json.loads(LISTS.read_text())
