"""Who writes for a firm: invitations, roles, leaving, and colleagues who ask to be let in."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now
from post_office.models import Email

from jobboard.models import User
from listings.daily import forget_old_invitations
from listings.departure import delete_account
from listings.models import AccessRequest, Invitation, LastOwner, Membership, NotYours
from listings.models.team import INVITATION_DAYS, MAX_INVITATIONS
from profiles.reference import load_all
from tests.listings.employer_side import FIRM, LIST, error_of, text_of
from tests.make import PASSWORD, make_colleague, make_employer, make_user
from tests.races import at_once, needs_connections

pytestmark = pytest.mark.django_db
OWNER, RECRUITER = Membership.Role.OWNER, Membership.Role.RECRUITER


def team_url(employer, verb=""):
    return f"{FIRM}{employer.slug}/team/" + (f"{verb}/" if verb else "")


def newest_mail():
    return Email.objects.latest("pk")


def link(mail=None):
    """The path of the invitation; both bodies hold the same."""
    mail = mail or newest_mail()
    found = {re.search(r"/arbeitgeber/einladung/[\w-]+/", body).group() for body in (mail.message, mail.html_message)}
    assert len(found) == 1
    return found.pop()


def membership(user, employer):
    return Membership.objects.filter(user=user, employer=employer).first()


# Inviting


def test_an_owner_invites_and_the_letter_says_who_where_and_until_when(client_of, anna, employer):
    client = client_of(anna)
    response = client.post(team_url(employer, "einladen"), {"email": " Nora@Hasewerk.example ", "role": "owner"})
    assert response.url == team_url(employer)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.by) == ("nora@hasewerk.example", OWNER, anna)
    assert invitation.expires_at - invitation.at == timedelta(days=INVITATION_DAYS)
    mail = newest_mail()
    assert mail.to == ["nora@hasewerk.example"]
    assert mail.subject == "Einladung: für Hasewerk GmbH Stellenanzeigen schreiben"
    for body in (mail.message, mail.html_message):
        assert "Anna Adler" in body
        assert "mit zu verwalten" in body
        assert "nur einmal" in body
    token = link().rstrip("/").rpartition("/")[2]
    assert token not in str(vars(invitation)), "the key stands in the mail alone"
    assert "nora@hasewerk.example" in text_of(client.get(team_url(employer)))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"email": ""}, "Bitte nennen Sie die Adresse"),
        ({"email": "nora"}, "gültige"),
        ({"email": "nora\x00@firma.example"}, ""),
        ({"email": '"nora<neu"@firma.example'}, "Anführungszeichen"),
        ({"email": "x" * 245 + "@firma.example"}, ""),
        ({"email": "nora@firma.example", "role": "chefin"}, ""),
    ],
)
def test_a_mistake_in_an_invitation_is_told_beside_the_field(fields, says, client_of, anna, employer):
    response = client_of(anna).post(team_url(employer, "einladen"), {"role": "recruiter", **fields})
    assert response.status_code == 200
    error = error_of(response, "role" if "role" in fields else "email")
    assert error
    assert says in error
    assert not Invitation.objects.exists()


def test_nobody_is_invited_twice_or_who_belongs_already(anna, ben, employer):
    Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    with pytest.raises(ValidationError, match="schon eingeladen"):
        Invitation.send(employer, anna, "NORA@firma.example", OWNER)
    with pytest.raises(ValidationError, match="gehört schon dazu"):
        Invitation.send(employer, anna, ben.email.upper(), OWNER)
    # What has expired stands in nobody's way.
    later = now() + timedelta(days=INVITATION_DAYS)
    assert Invitation.send(employer, anna, "nora@firma.example", OWNER, at=later).role == OWNER


def test_open_invitations_are_bounded(anna, employer):
    for number in range(MAX_INVITATIONS):
        Invitation.send(employer, anna, f"nora{number}@firma.example", RECRUITER)
    with pytest.raises(ValidationError, match="schon offen"):
        Invitation.send(employer, anna, "eine-mehr@firma.example", RECRUITER)


def test_a_letter_is_sent_again_with_a_new_key_but_not_at_once(client_of, client, anna, employer):
    invitation = Invitation.send(employer, anna, "nora@firma.example", RECRUITER, at=now() - timedelta(hours=1))
    first = link()
    browser = client_of(anna)
    browser.post(team_url(employer, "erneut"), {"id": invitation.pk})
    second = link()
    assert first != second
    assert [client.get(path).status_code for path in (first, second)] == [404, 200]
    count = Email.objects.count()
    response = browser.post(team_url(employer, "erneut"), {"id": invitation.pk}, follow=True)
    assert "warten Sie zehn Minuten" in text_of(response)
    assert Email.objects.count() == count


def test_a_withdrawn_letter_opens_nothing(client_of, anna, employer):
    invitation = Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    path = link()
    client_of(anna).post(team_url(employer, "zurueckziehen"), {"id": invitation.pk})
    response = client_of(make_user("Nora Neu")).post(path)
    assert response.status_code == 404
    assert "gilt nicht mehr" in text_of(response)
    assert not Membership.objects.filter(user__name="Nora Neu").exists()


# Accepting


def test_reading_an_invitation_changes_nothing_and_accepting_it_works_once(client_of, anna, employer):
    nora, mara = make_user("Nora Neu"), make_user("Mara Mai")
    Invitation.send(employer, anna, nora.email, RECRUITER)
    path = link()
    client = client_of(nora)
    page = client.get(path)
    assert "Hasewerk GmbH lädt Sie ein" in text_of(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert membership(nora, employer) is None
    assert client.post(path).url == LIST
    assert membership(nora, employer).role == RECRUITER
    mail = newest_mail()
    assert mail.to == [anna.email]
    assert mail.subject == "Nora Neu gehört jetzt zu Hasewerk GmbH"
    assert client_of(mara).post(path).status_code == 404
    assert membership(mara, employer) is None


def test_an_invitation_ends_after_fourteen_days(client_of, anna, employer):
    nora = make_user("Nora Neu")
    Invitation.send(employer, anna, nora.email, RECRUITER, at=now() - timedelta(days=14, seconds=1))
    assert client_of(nora).post(link()).status_code == 404
    assert membership(nora, employer) is None
    assert forget_old_invitations(now()) == 1
    assert not Invitation.objects.exists()


def test_an_account_of_another_address_is_told_whose_letter_it_is(client_of, anna, employer):
    Invitation.send(employer, anna, "privat@zuhause.example", OWNER)
    nora = make_user("Nora Neu")
    text = text_of(client_of(nora).get(link()))
    assert f"angemeldet als {nora.email}" in text
    assert "ging an privat@zuhause.example" in text
    path = link()
    client_of(nora).post(path)
    assert nora.email in newest_mail().message, "the owner reads which account it was"


def test_a_member_keeps_the_letter_of_a_colleague_unspent(client_of, anna, ben, employer):
    Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    assert client_of(ben).post(link()).url == LIST
    assert Invitation.objects.count() == 1
    with pytest.raises(ValidationError):
        Invitation.objects.get().accept(ben)
    assert Invitation.objects.count() == 1


def test_somebody_new_comes_in_through_the_letter_without_confirming_the_address_again(client, anna, employer):
    Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    path = link()
    page = client.get(path)
    assert "Konto anlegen" in text_of(page)
    assert not page.cookies or "sessionid" not in page.cookies
    signup = client.post(path).url
    assert signup.startswith("/konto/signup/?next=")
    page = client.get(signup)
    assert 'value="nora@firma.example"' in page.content.decode()
    assert "brauchen Sie sie nicht mehr zu bestätigen" in text_of(page)
    assert "Sie bekommen eine E-Mail mit einem Link" not in text_of(page)
    count = Email.objects.count()
    fields = {"name": "Nora Neu", "email": "nora@firma.example", "password1": PASSWORD, "next": path}
    response = client.post(signup, fields | hidden(client.get(signup)))
    assert response.url == path
    assert Email.objects.count() == count, "the letter has proved the address"
    assert client.post(path).url == LIST
    nora = User.objects.get(email="nora@firma.example")
    assert membership(nora, employer)
    assert nora.emailaddress_set.get().verified


def test_another_address_than_the_invited_one_must_be_confirmed(client, anna, employer):
    Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    path = link()
    signup = client.post(path).url
    fields = {"name": "Nora Neu", "email": "andere@firma.example", "password1": PASSWORD, "next": path}
    assert client.post(signup, fields | hidden(client.get(signup))).url == "/konto/confirm-email/"
    assert not User.objects.get(email="andere@firma.example").emailaddress_set.get().verified


def hidden(response) -> dict:
    """Whatever else the form of the registration asks to be sent along."""
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main))
    found.pop("csrfmiddlewaretoken", None)
    return found | ({"terms": "on"} if 'name="terms"' in main else {})


def test_somebody_with_an_account_is_led_to_the_login_and_back(client, anna, employer):
    nora = make_user("Nora Neu")
    Invitation.send(employer, anna, nora.email, RECRUITER)
    html = client.get(link()).content.decode()
    assert f"/konto/login/?next={link().replace('/', '%2F')}" in html
    assert "Konto anlegen" not in html


@pytest.mark.parametrize("token", ["x", "0" * 80, "---", "ä", "x" * 81])
def test_a_made_up_key_opens_nothing(token, client, client_of, eva):
    for browser in (client, client_of(eva)):
        assert browser.get(f"/arbeitgeber/einladung/{token}/").status_code == 404


# Roles, removing, leaving, handing over


def test_roles_change_by_owners_and_the_person_is_told(client_of, anna, ben, employer):
    client = client_of(anna)
    client.post(team_url(employer, "rolle"), {"id": membership(ben, employer).pk, "role": "owner"})
    assert membership(ben, employer).role == OWNER
    assert newest_mail().to == [ben.email]
    assert "jetzt mit" in newest_mail().message
    client.post(team_url(employer, "rolle"), {"id": membership(ben, employer).pk, "role": "recruiter"})
    assert membership(ben, employer).role == RECRUITER
    assert "Um die Beschreibung der Firma und das Team kümmern sich andere." in newest_mail().message


def test_a_removed_colleague_is_out_at_once_with_whom_they_invited(client_of, anna, ben, employer):
    membership(ben, employer).change_role(anna, OWNER)
    Invitation.send(employer, ben, "bens-freund@firma.example", OWNER)
    kept = Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    client_of(anna).post(team_url(employer, "entfernen"), {"id": membership(ben, employer).pk})
    assert membership(ben, employer) is None
    assert list(Invitation.objects.all()) == [kept]
    assert newest_mail().to == [ben.email]
    assert newest_mail().subject == "Ihr Zugang zu Hasewerk GmbH ist beendet"
    assert client_of(ben).get(team_url(employer)).status_code == 404


def test_somebody_leaves_and_the_owners_are_told(client_of, anna, ben, employer):
    response = client_of(ben).post(team_url(employer, "verlassen"))
    assert response.url == LIST
    assert membership(ben, employer) is None
    assert newest_mail().to == [anna.email]


def test_an_owner_hands_over_and_stays_as_one_who_writes(client_of, anna, ben, employer):
    response = client_of(anna).post(team_url(employer, "uebergeben"), {"id": membership(ben, employer).pk}, follow=True)
    assert "Ben Becker verwaltet die Firma" in text_of(response)
    assert (membership(anna, employer).role, membership(ben, employer).role) == (RECRUITER, OWNER)
    assert newest_mail().to == [ben.email]


def test_the_last_owner_cannot_vanish(client_of, anna, ben, employer):
    own = membership(anna, employer)
    with pytest.raises(LastOwner):
        own.end(anna)
    with pytest.raises(LastOwner):
        own.change_role(anna, RECRUITER)
    response = client_of(anna).post(team_url(employer, "verlassen"), follow=True)
    assert "Jemand muss die Firma verwalten" in text_of(response)
    assert membership(anna, employer).role == OWNER
    # An owner whose account is stopped does not count.
    carl = make_colleague(employer, "Carl Cohn")
    membership(carl, employer).change_role(anna, OWNER)
    carl.is_active = False
    carl.save()
    with pytest.raises(LastOwner):
        own.end(anna)
    with pytest.raises(NotYours):
        own.hand_over(membership(carl, employer))


def test_one_who_writes_may_leave_a_firm_whose_owner_is_stopped(anna, ben, employer):
    anna.is_active = False
    anna.save()
    membership(ben, employer).end(ben)
    assert membership(ben, employer) is None


OF_OWNERS = ["einladen", "erneut", "zurueckziehen", "rolle", "uebergeben", "entfernen", "hereinlassen", "ablehnen"]


@pytest.mark.parametrize("verb", OF_OWNERS)
@pytest.mark.parametrize("who", ["ben", "eva", "rita"])
def test_only_owners_change_the_team(verb, who, request, client_of, anna, ben, employer):
    invitation = Invitation.send(employer, anna, "nora@firma.example", RECRUITER, at=now() - timedelta(hours=1))
    asking = AccessRequest.ask(employer, make_user("Mara Mai"))
    digest = invitation.digest
    number = {"erneut": invitation.pk, "zurueckziehen": invitation.pk, "hereinlassen": asking.pk, "ablehnen": asking.pk}
    fields = {"id": number.get(verb, membership(anna, employer).pk), "role": "recruiter", "email": "x@firma.example"}
    response = client_of(request.getfixturevalue(who)).post(team_url(employer, verb), fields)
    assert response.status_code == 404
    assert Invitation.objects.get().digest == digest
    assert AccessRequest.objects.count() == 1
    assert employer.memberships.count() == 2
    assert membership(anna, employer).role == OWNER


@pytest.mark.slow
@pytest.mark.parametrize("verb", OF_OWNERS[1:])
@pytest.mark.parametrize("number", ["", "x", "0", "²", "9" * 30, "eva's"])
def test_rows_of_other_firms_and_nonsense_are_gone(verb, number, client_of, anna, ben, eva, employer):
    foreign = eva.memberships.get()
    other = foreign.employer
    invited = Invitation.send(other, eva, "nora@firma.example", RECRUITER, at=now() - timedelta(hours=1))
    asking = AccessRequest.ask(other, make_user("Mara Mai"))
    if number == "eva's":
        rows = {"erneut": invited, "zurueckziehen": invited, "hereinlassen": asking, "ablehnen": asking}
        number = rows.get(verb, foreign).pk
    count = Email.objects.count()
    response = client_of(anna).post(team_url(employer, verb), {"id": number, "role": "recruiter"}, follow=True)
    assert "inzwischen etwas geändert" in text_of(response)
    assert Email.objects.count() == count
    assert Invitation.objects.count() == AccessRequest.objects.count() == 1
    assert membership(eva, other).role == OWNER


def test_removing_oneself_is_leaving(client_of, anna, ben, employer):
    membership(ben, employer).change_role(anna, OWNER)
    client_of(anna).post(team_url(employer, "entfernen"), {"id": membership(anna, employer).pk})
    assert membership(anna, employer)


@pytest.mark.parametrize("verb", [*OF_OWNERS, "verlassen"])
def test_reading_the_address_of_a_step_changes_nothing(verb, client_of, anna, employer):
    assert client_of(anna).get(team_url(employer, verb)).url == team_url(employer)
    assert client_of(anna).get(team_url(employer, "loeschen")).status_code == 404
    assert employer.memberships.count() == 1


def test_who_writes_sees_the_team_but_no_invitations_and_no_buttons_of_owners(client_of, anna, ben, employer):
    Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    page = client_of(ben).get(team_url(employer))
    assert "Anna Adler" in text_of(page)
    html = page.content.decode()
    assert "nora@firma.example" not in html
    assert set(re.findall(r'action="[^"]*/team/(\w+)/"', html)) == {"verlassen"}


def test_the_page_of_the_team_asks_few_questions(client_of, anna, employer, django_assert_max_num_queries):
    for number in range(8):
        make_colleague(employer, f"Kollegin {number}")
        Invitation.send(employer, anna, f"nora{number}@firma.example", RECRUITER)
        AccessRequest.ask(employer, make_user(f"Bittende {number}"))
    client = client_of(anna)
    with django_assert_max_num_queries(6):
        assert client.get(team_url(employer)).status_code == 200


# Asking to be let in


def test_owners_let_in_who_asks_with_one_click(client_of, anna, employer):
    nora = make_user("Nora Neu")
    asking = AccessRequest.ask(employer, nora)
    mail = newest_mail()
    assert mail.to == [anna.email]
    assert mail.subject == "Nora Neu bittet um Zugang zu Hasewerk GmbH"
    assert nora.email in mail.message
    client = client_of(anna)
    assert "Jemand bittet um Zugang" in text_of(client.get(team_url(employer)))
    client.post(team_url(employer, "hereinlassen"), {"id": asking.pk, "role": "recruiter"})
    assert membership(nora, employer).role == RECRUITER
    assert newest_mail().to == [nora.email]
    assert not AccessRequest.objects.exists()


def test_a_refusal_names_nobody(client_of, anna, employer):
    nora = make_user("Nora Neu")
    asking = AccessRequest.ask(employer, nora)
    client_of(anna).post(team_url(employer, "ablehnen"), {"id": asking.pk})
    mail = newest_mail()
    assert mail.to == [nora.email]
    for body in (mail.message, mail.html_message):
        assert "Anna" not in body
    assert membership(nora, employer) is None


def test_asking_twice_writes_one_mail_and_ends_after_fourteen_days(employer, anna):
    nora = make_user("Nora Neu")
    AccessRequest.ask(employer, nora, at=now() - timedelta(days=1))
    count = Email.objects.count()
    AccessRequest.ask(employer, nora)
    assert Email.objects.count() == count
    assert AccessRequest.objects.forget_old(now() + timedelta(days=12)) == 0
    assert AccessRequest.objects.forget_old(now() + timedelta(days=13, minutes=1)) == 1


def test_an_invited_person_who_had_asked_is_let_in_once(employer, anna):
    nora = make_user("Nora Neu")
    AccessRequest.ask(employer, nora)
    Invitation.send(employer, anna, nora.email, OWNER).accept(nora)
    assert not AccessRequest.objects.exists()
    assert membership(nora, employer).role == OWNER


# Races


@pytest.fixture
def two_owners(transactional_db):
    load_all()
    anna, ben = make_user("Anna Adler"), make_user("Ben Becker")
    employer = make_employer("Hasewerk GmbH", owner=anna)
    Membership.objects.create(employer=employer, user=ben, role=OWNER)
    return employer, anna, ben


@pytest.mark.slow
@needs_connections
@pytest.mark.parametrize(
    "verb", ["leave", "step down", "remove each other", "delete the account", "hand over and leave"]
)
def test_two_owners_at_once_never_leave_a_firm_alone(verb, two_owners):
    employer, anna, ben = two_owners
    of_anna, of_ben = (Membership.objects.get(employer=employer, user=user) for user in (anna, ben))
    results = at_once(
        *{
            "leave": [lambda: of_anna.end(anna), lambda: of_ben.end(ben)],
            "step down": [lambda: of_anna.change_role(anna, RECRUITER), lambda: of_ben.change_role(ben, RECRUITER)],
            "remove each other": [lambda: of_anna.end(ben), lambda: of_ben.end(anna)],
            "delete the account": [
                lambda: delete_account(user=anna, heirs={employer.pk: of_ben.pk}),
                lambda: of_ben.end(ben),
            ],
            "hand over and leave": [lambda: of_anna.hand_over(of_ben), lambda: of_ben.end(ben)],
        }[verb],
        refused=(LastOwner, NotYours, Membership.DoesNotExist),
    )
    assert employer.owners().count() >= 1
    refused = [type(each) for each in results if isinstance(each, Exception)]
    assert refused in ([LastOwner], [NotYours], [Membership.DoesNotExist]) or (verb.startswith("hand") and not refused)


@pytest.mark.slow
@needs_connections
def test_one_letter_lets_in_one_of_many(two_owners):
    employer, anna, _ = two_owners
    letter = Invitation.send(employer, anna, "nora@firma.example", RECRUITER)
    users = [make_user(f"Nora {number}") for number in range(4)]
    results = at_once(
        *(lambda user=user: Invitation.objects.get(pk=letter.pk).accept(user) for user in users),
        refused=(NotYours, Invitation.DoesNotExist),
    )
    assert employer.memberships.count() == 3
    assert sum(isinstance(each, Membership) for each in results) == 1


@pytest.mark.slow
@needs_connections
def test_a_double_click_invites_and_asks_once(two_owners):
    employer, anna, _ = two_owners
    letters = [lambda: Invitation.send(employer, anna, "nora@firma.example", RECRUITER)] * 3
    results = at_once(*letters, refused=ValidationError)
    assert sorted(type(each).__name__ for each in results) == ["Invitation", "ValidationError", "ValidationError"]
    mara = make_user("Mara Mai")
    asked = at_once(*[lambda: AccessRequest.ask(employer, mara)] * 3)
    assert len(set(asked)) == 1
    assert Email.objects.filter(subject__startswith="Mara Mai bittet").count() == 1
    asking = AccessRequest.objects.get()
    results = at_once(lambda: asking.admit(anna, RECRUITER), lambda: asking.refuse(anna), refused=NotYours)
    assert sum(isinstance(each, NotYours) for each in results) == 1
