"""The city that editors write in these tests."""

import pytest

from tests.make import make_city, make_editor
from tests.profiles.editors_side import MÜNSTER, SENTENCE


@pytest.fixture
def city(db):
    """Münster: one section, one figure, and the sentence that states it."""
    return make_city(MÜNSTER, body=SENTENCE)


@pytest.fixture
def draft(city, rita):
    return city.working_edition(rita)


@pytest.fixture
def other(client_of):
    """A second editor at the same time."""
    return client_of(make_editor("Ole Otto"))
