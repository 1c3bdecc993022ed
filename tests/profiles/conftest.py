"""The city that editors write in these tests."""

import pytest

from tests.make import make_city
from tests.profiles.editors_side import MÜNSTER, SENTENCE


@pytest.fixture
def city(db):
    """Münster: one section, one figure, and the sentence that states it."""
    return make_city(MÜNSTER, body=SENTENCE)


@pytest.fixture
def draft(city, rita):
    return city.working_edition(rita)
