"""Editors at the same moment: verbs of an edition follow one another and lose nothing."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from listings.models import Vacancy
from profiles.models import City, Refused
from profiles.reference import load_all
from tests.make import make_editor, make_vacancy
from tests.races import at_once, needs_connections


@pytest.fixture
def raced(transactional_db):
    load_all()  # a transactional test before this one has emptied the database
    return City.objects.get(slug="hagen"), make_editor()


@pytest.mark.slow
@needs_connections
@pytest.mark.parametrize("verbs", ["publish", "publish and revise", "publish and discard", "lift", "begin", "confirm"])
def test_verbs_at_the_same_time_follow_one_another(raced, verbs):
    city, rita = raced
    first = city.live_edition()
    if verbs != "begin":
        draft = city.working_edition(rita)
    if verbs == "lift":
        draft.publish(rita, at=timezone.now() + timedelta(days=1))
    own = [City.objects.get(pk=city.pk).editions.order_by("-number").first() for _ in range(3)]
    results = at_once(
        *{
            "publish": [lambda e=e: e.publish(rita) for e in own],
            "publish and revise": [lambda: own[0].publish(rita), lambda: own[1].revise(own[1].version, rita)],
            "publish and discard": [lambda: own[0].publish(rita), own[1].discard],
            "lift": [lambda e=e: e.lift_date(rita) for e in own],
            "begin": [lambda: City.objects.get(pk=city.pk).working_edition(rita).pk for _ in range(3)],
            "confirm": [lambda: City.objects.get(pk=city.pk).confirm_figures(rita, ["einstieg"], seen=first.pk)] * 3,
        }[verbs],
        refused=Refused,
    )
    refused = [each for each in results if isinstance(each, Refused)]
    if verbs == "begin":
        assert len(set(results)) == 1
    else:
        assert len(refused) == len(results) - 1
    if verbs == "publish and discard":
        assert city.live_edition() in (first, draft)


@pytest.mark.slow
@needs_connections
def test_a_check_waits_for_whoever_is_saving_the_same_figure(raced):
    city, rita = raced
    draft = city.working_edition(rita)
    figure = draft.figures.get(slug="einstieg")
    has_begun = threading.Event()

    def save():
        with transaction.atomic():
            draft.revise(draft.version, rita)
            has_begun.set()
            time.sleep(0.5)  # the check comes as far as it can
            figure.low = 2750
            figure.save()

    def check():
        has_begun.wait(5)
        return city.confirm_figures(rita, ["einstieg"])

    _, live = at_once(save, check)
    figure.refresh_from_db()
    assert (figure.low, figure.checked_on) == (2750, None)
    assert live.figures.get(slug="einstieg").checked_on == localdate()


@pytest.mark.slow
@needs_connections
def test_ads_move_to_a_city_while_a_verb_is_at_work(raced):
    city, _ = raced
    ad = make_vacancy()

    def work():
        with transaction.atomic():
            city.lock()
            is_locked.set()
            return has_moved.wait(5)

    def move():
        is_locked.wait(5)
        Vacancy.objects.filter(pk=ad.pk).update(city=city)
        has_moved.set()

    is_locked, has_moved = threading.Event(), threading.Event()
    assert at_once(work, move)[0], "the ad waited for the verb"
