"""The groups that editors belong to, as releases come and administrators change them."""

import pytest
from django.contrib.auth.models import Group

from jobboard import roles
from jobboard.models import Role

pytestmark = pytest.mark.django_db


def moderation():
    return Group.objects.get(name="Moderation").permissions


def codenames():
    return set(moderation().values_list("codename", flat=True))


def test_a_second_time_changes_nothing():
    roles.load()
    before = codenames()
    roles.load()
    assert codenames() == before
    assert {"change_vacancy", "change_linterword", "view_email"} <= before


def test_a_group_gets_what_a_release_brings(monkeypatch):
    roles.load()
    monkeypatch.setitem(roles.ROLES, "Moderation", [*roles.ROLES["Moderation"], "profiles.view_city"])
    roles.load()
    assert "view_city" in codenames()


def test_what_administrators_took_away_or_added_stays_so(monkeypatch):
    roles.load()
    moderation().remove(moderation().get(codename="change_employer"))
    moderation().add(Group.objects.get(name="Redaktion").permissions.get(codename="change_city"))
    monkeypatch.setitem(roles.ROLES, "Moderation", [*roles.ROLES["Moderation"], "profiles.view_city"])
    roles.load()
    assert "change_employer" not in codenames()
    assert {"change_city", "view_city"} <= codenames()


def test_a_group_from_before_the_linter_gets_its_word_lists_and_nothing_that_was_taken_away():
    roles.load()
    Role.objects.all().delete()
    moderation().remove(*moderation().filter(content_type__model__in=roles.LINTER))
    moderation().remove(moderation().get(codename="change_employer"))
    roles.load()
    assert {"change_linterword", "change_minimumwage"} <= codenames()
    assert "change_employer" not in codenames()
