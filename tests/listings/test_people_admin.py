"""People in the admin: what deleting or stopping somebody means for their firms."""

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.urls import reverse
from post_office.models import Email

from jobboard.models import User
from listings.models import Employer, LastOwner, Membership
from tests.listings.employer_side import text_of
from tests.make import make_colleague, make_user, make_vacancy

pytestmark = pytest.mark.django_db
OWNER = Membership.Role.OWNER


def page(person, verb="delete"):
    return reverse(f"admin:jobboard_user_{verb}", args=[person.pk])


def test_the_last_owner_of_a_firm_cannot_be_deleted(client_of, rita, anna, ben, employer):
    make_vacancy(employer, open=True)
    client = client_of(rita)
    text = text_of(client.get(page(anna)))
    assert "Hasewerk GmbH: Niemand sonst verwaltet die Firma." in text
    client.post(page(anna), {"post": "yes"})
    assert employer.owners().get().user == anna
    # Behind the page as well: somebody may have left since it was made.
    with pytest.raises(LastOwner):
        admin.site._registry[User].delete_model(None, anna)
    with pytest.raises(LastOwner):
        admin.site._registry[User].delete_queryset(None, User.objects.filter(pk=anna.pk))
    assert User.objects.filter(pk=anna.pk).exists()


def test_two_owners_are_not_deleted_together_either(rf, rita, anna, ben, employer):
    employer.memberships.update(role=OWNER)
    people = admin.site._registry[User]
    request = rf.get("/")
    request.user = rita
    assert people.get_deleted_objects([ben], request)[-1] == []
    assert len(people.get_deleted_objects([anna, ben], request)[-1]) == 1


def test_an_owner_whose_colleague_is_stopped_is_the_last(client_of, rita, anna, ben, employer):
    employer.memberships.update(role=OWNER)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    client_of(rita).post(page(anna), {"post": "yes"})
    assert User.objects.filter(pk=anna.pk).exists()


def test_others_are_deleted_and_the_owners_and_they_themselves_learn_of_it(client_of, rita, anna, ben, employer):
    client_of(rita).post(page(ben), {"post": "yes"})
    assert not User.objects.filter(pk=ben.pk).exists()
    assert {tuple(mail.to) for mail in Email.objects.all()} == {(anna.email,), (ben.email,)}
    nora = make_user("Nora Neu")
    client_of(rita).post(page(nora), {"post": "yes"})
    assert not User.objects.filter(pk=nora.pk).exists()


def test_when_a_colleague_leaves_at_that_moment_it_is_told(client_of, rita, anna, ben, employer, monkeypatch):
    monkeypatch.setattr("listings.admin.followers.left_alone", lambda users: [])
    response = client_of(rita).post(page(anna), {"post": "yes"})
    assert response.url == page(anna)
    assert "eben etwas geändert" in str(next(iter(get_messages(response.wsgi_request))))
    assert User.objects.filter(pk=anna.pk).exists()


def test_who_stops_the_last_owner_is_told_what_that_means(client_of, rita, anna, employer):
    client = client_of(rita)
    response = client.post(page(anna, "change"), {"email": anna.email, "name": anna.name}, follow=True)
    assert "Hasewerk GmbH: Niemand sonst verwaltet die Firma." in text_of(response)
    anna.refresh_from_db()
    assert not anna.is_active


@pytest.mark.parametrize("change", ["role", "delete", "user"])
def test_the_page_of_a_firm_keeps_an_owner(change, client_of, rita, anna, employer):
    stopped = make_colleague(employer, "Carl Cohn")
    User.objects.filter(pk=stopped.pk).update(is_active=False)
    fields = {"name": employer.name, "kind": "direkt", "memberships-TOTAL_FORMS": 2, "memberships-INITIAL_FORMS": 2}
    for number, row in enumerate(employer.memberships.order_by("pk")):
        fields |= {
            f"memberships-{number}-id": row.pk,
            f"memberships-{number}-employer": employer.pk,
            f"memberships-{number}-user": row.user_id,
            f"memberships-{number}-role": OWNER,
        }
    fields |= {
        "role": {"memberships-0-role": "recruiter"},
        "delete": {"memberships-0-DELETE": "on"},
        "user": {"memberships-0-user": stopped.pk, "memberships-1-DELETE": "on"},
    }[change]
    path = reverse("admin:listings_employer_change", args=[employer.pk])
    response = client_of(rita).post(path, fields)
    assert response.status_code == 200
    assert Employer.objects.get(pk=employer.pk).owners().get().user == anna
