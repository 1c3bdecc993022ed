"""What the search costs, printed by `make bench`; nothing fails, as a busy machine says nothing about the code.

Aims: 2 ms to read an ad, 0.5 ms to understand a query, both without the database.
"""

import statistics
import time
from pathlib import Path

import pytest
from django.db import connection

from jobboard import german
from listings.models import Vacancy
from listings.search import concepts, engine, indexing, narrow, page, understand
from profiles.facts import spoken_of
from profiles.models import Fact
from tests.listings import judging

ADS, QUERIES = judging.read(Path(__file__).parents[1] / "listings" / "judged")
ROUNDS = 7


def median_ms(each, things, clock=time.perf_counter) -> float:
    """Of a thing, in the middle of some rounds after a first one that fills what is kept."""
    rounds = []
    for _ in range(ROUNDS + 1):
        start = clock()
        for thing in things:
            each(thing)
        rounds.append((clock() - start) * 1000 / len(things))
    return statistics.median(rounds[1:])


def own_ms(each, things) -> float:
    """Without what other processes take: for what asks no database."""
    return median_ms(each, things, clock=time.process_time)


@pytest.mark.django_db
def test_what_the_search_costs(capsys):
    # As long as ads are: each with what the next four say as well.
    said = [" ".join(ad[name] for name in ("tasks", "profile")) for ad in ADS]
    judging.publish([ad | {"offer": " ".join((said * 2)[number + 1 : number + 5])} for number, ad in enumerate(ADS)])
    open_ads = Vacancy.objects.open()
    vacancies = list(open_ads.select_related("employer", "place", "city__place").prefetch_related("facts"))
    texts, facts, known = [query["text"] for query in QUERIES], list(Fact.objects.all()), concepts.current()
    understood = [understand(text) for text in texts]
    roots = [[root for term in each.terms for option in term.options for root in option] for each in understood]

    def read(vacancy):
        tokens = german.analyse(vacancy.spoken)
        indexing._texts(vacancy, tokens, list(vacancy.facts.all()), known)
        spoken_of(vacancy.spoken, facts, tokens)

    costs = {
        f"an ad ({statistics.mean(len(each.spoken.split()) for each in vacancies):.0f} words)": [
            ("cut to roots", own_ms(lambda vacancy: german.analyse(vacancy.spoken), vacancies)),
            ("read whole: roots, concepts, facts", own_ms(read, vacancies)),
            ("read and stored, alone", median_ms(indexing.index, vacancies)),
            ("read again, many at once", median_ms(indexing.index_all, [open_ads]) / len(vacancies)),
        ],
        f"a query ({statistics.mean(len(text.split()) for text in texts):.1f} words)": [
            ("cut to roots", own_ms(german.analyse, texts)),
            ("understood", own_ms(lambda text: known.terms(text, german.analyse(text)), texts)),
            ("what ads hold of it, asked of the database", median_ms(engine.seen, roots)),
            ("understood with the database", median_ms(understand, texts)),
            ("counted", median_ms(lambda each: narrow(open_ads, each).capped_count(), understood)),
            ("first page", median_ms(lambda each: page(open_ads, each, 0, 20), understood)),
        ],
    }
    with capsys.disabled():
        print(f"\n\n{connection.vendor}, {len(vacancies)} ads, {len(texts)} queries, median of {ROUNDS} rounds")  # noqa: T201
        for thing, lines in costs.items():
            print(f"  {thing}")  # noqa: T201
            for what, ms in lines:
                print(f"    {what:44} {ms:7.3f} ms")  # noqa: T201
