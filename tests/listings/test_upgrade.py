"""Boards from before the employers' side: what their rows lack, they get."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from listings.models import Employer

pytestmark = pytest.mark.django_db


def test_firms_from_before_are_found_again_by_name_and_website(employer, eva):
    eva.emailaddress_set.all().delete()  # or her address would say that she is a colleague
    firm = Employer.objects.filter(pk=employer.pk)
    firm.update(folded="", domain="", website="https://www.hasewerk.example/")
    assert not Employer.objects.like(employer.name, "", eva)
    assert Employer.objects.derive() == 1
    assert employer in Employer.objects.like(employer.name, "", eva)
    assert firm.get().domain == "hasewerk.example"
    assert Employer.objects.derive() == 0


def test_founders_have_belonged_to_their_firm_since_they_made_it(employer, anna):
    registered, accepted = (timezone.now() - timedelta(days=days) for days in (90, 80))
    type(anna).objects.update(date_joined=registered)
    Employer.objects.update(terms_version="1", terms_at=accepted)
    import_module("listings.migrations.0002_employers_side").found_since(apps, None)
    assert employer.memberships.get().since == accepted
