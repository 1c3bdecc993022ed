"""The groups that migrations make, on boards new and old, and how far each reaches in the admin."""

from importlib import import_module

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from jobboard.models import User
from jobboard.roles import ROLES, give
from listings.models import Concept, Employer, LinterWord, MinimumWage, Vacancy
from profiles.models import City, Edition, Fact, Place
from tests.listings.employer_side import text_of
from tests.make import make_user, make_vacancy

pytestmark = pytest.mark.django_db
MAKING = ("listings", "0003_roles")


def codenames(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def make_member(*roles, name="Mira Mai", **fields):
    person = make_user(name, is_staff=True, **fields)
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


@pytest.fixture
def redaktion():
    return make_member("Redaktion")


@pytest.fixture
def administration():
    return make_member("Administration", name="Ada Admin")


# Migrations


@pytest.fixture
def run_again():
    """The migration once more, on a board that remembers what the releases before gave."""
    table = ", ".join(["id integer primary key", "group_id integer", "role_id integer", "permission_id integer"])
    with connection.cursor() as cursor:
        for name in ("jobboard_role", "jobboard_role_given"):
            cursor.execute(f"create table {name} ({table})")

    def run():
        state = MigrationExecutor(connection).loader.project_state(MAKING).apps
        with connection.schema_editor() if connection.vendor == "postgresql" else _Editor() as editor:
            import_module(".".join([MAKING[0], "migrations", MAKING[1]])).make_roles(state, editor)

    return run


class _Editor:
    """SQLite opens none within a transaction."""

    connection = connection

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


def remember(name):
    """As the release before did: everything that the group has now."""
    group = Group.objects.get(name=name)
    with connection.cursor() as cursor:
        cursor.execute("insert into jobboard_role (id, group_id) values (%s, %s)", [group.pk, group.pk])
        for pk in group.permissions.values_list("pk", flat=True):
            cursor.execute(
                "insert into jobboard_role_given (id, role_id, permission_id) values (%s, %s, %s)", [pk, group.pk, pk]
            )


def test_a_new_board_has_its_roles():
    assert {"change_city", "add_city", "change_fact"} <= codenames("Redaktion")
    assert {"change_vacancy", "change_linterword", "change_employer"} <= codenames("Moderation")
    assert {"change_user", "appoint_user", "view_email"} <= codenames("Administration")
    assert Group.objects.count() == len(ROLES)
    assert not codenames("Redaktion") & codenames("Administration")
    assert codenames("Redaktion") & codenames("Moderation") == {"view_place"}, "chosen for firms"


def test_no_role_makes_permissions_accounts_or_reads_mails():
    for role in ROLES:
        granted = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
        others = {(app, codename) for app, codename in granted if app not in ("profiles", "listings", "jobboard")}
        assert others <= {("post_office", "view_email")}


def test_what_administrators_took_away_stays_away(run_again):
    remember("Moderation")
    moderation = Group.objects.get(name="Moderation").permissions
    moderation.remove(moderation.get(codename="change_employer"))
    moderation.add(Permission.objects.get(codename="change_city"))
    run_again()
    assert "change_employer" not in codenames("Moderation")
    assert {"change_city", "change_linterword"} <= codenames("Moderation")


def test_a_group_from_before_the_linter_gets_its_word_lists_and_nothing_that_was_taken_away(run_again):
    moderation = Group.objects.get(name="Moderation").permissions
    moderation.remove(*moderation.filter(content_type__model__in=["linterword", "minimumwage"]))
    moderation.remove(moderation.get(codename="change_employer"))
    run_again()
    assert {"change_linterword", "change_minimumwage"} <= codenames("Moderation")
    assert "change_employer" not in codenames("Moderation")


def test_mails_pass_to_the_administration(run_again):
    Group.objects.get(name="Moderation").permissions.add(Permission.objects.get(codename="view_email"))
    remember("Moderation")
    run_again()
    assert "view_email" not in codenames("Moderation")


def test_a_group_that_somebody_called_administration_before_is_given_nothing(run_again):
    Group.objects.get(name="Administration").permissions.clear()
    run_again()
    assert codenames("Administration") == set()


def test_a_later_release_gives_one_thing_more(run_again):
    state = MigrationExecutor(connection).loader.project_state(MAKING).apps
    give(state, _Editor(), {"Moderation": ["profiles.view_city"]})
    assert {"view_city", "change_vacancy"} <= codenames("Moderation")


# Who sees what

OWN = {
    "Redaktion": {City, Edition, Fact, Place, Concept},
    "Moderation": {Vacancy, Employer, LinterWord, MinimumWage},
    "Administration": {User, Employer},
}
READ_ONLY = {("Moderation", Place)}  # chosen for firms


@pytest.fixture
def rows(employer, rita):
    make_vacancy(employer, status="in_review")
    for city in City.objects.all():
        city.working_edition(rita)
    return {model: model.objects.first() for model in admin.site._registry}


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_own_pages_and_no_others(client_of, rows, role):
    client = client_of(make_member(role))
    for model, row in rows.items():
        start = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{start}_changelist"), reverse(f"{start}_change", args=[getattr(row, "pk", 1)])]
        pages += [reverse(f"{start}_history", args=[getattr(row, "pk", 1)])]
        is_own = model in OWN[role] or (role, model) in READ_ONLY
        for page in pages:
            assert client.get(page, follow=True).status_code == (200 if is_own else 403), page
        if not is_own or (role, model) in READ_ONLY:
            for page in (reverse(f"{start}_add"), pages[1], reverse(f"{start}_delete", args=[getattr(row, "pk", 1)])):
                assert client.post(page, {"post": "yes"}).status_code == 403, page


HOMES = {"listings": "Moderation", "profiles": "Redaktion", "jobboard": "Administration"}


@pytest.mark.parametrize("role", ROLES)
def test_no_role_takes_the_steps_of_another(client_of, rows, role):
    client, walked = client_of(make_member(role)), set()
    for model in rows:
        if role == ("Redaktion" if model is Concept else HOMES.get(model._meta.app_label)):
            continue
        for url in admin.site._registry[model].get_urls():
            if not getattr(url, "name", None) or url.name.endswith(
                ("add", "changelist", "history", "delete", "change")
            ):
                continue  # above
            page = reverse(
                f"admin:{url.name}", kwargs=dict.fromkeys(url.pattern.converters, getattr(rows[model], "pk", 1))
            )
            for method in (client.get, client.post):
                assert method(page).status_code in (403, 404, 405), (role, page)
            walked.add(url.name)
    assert len(walked) >= 3, walked
    assert ("profiles_edition_publish" in walked) == (role != "Redaktion")
    assert ("listings_vacancy_review" in walked) == (role != "Moderation")


@pytest.mark.parametrize("role", ROLES)
def test_the_start_page_lists_what_is_ones_own(client_of, rows, role):
    html = client_of(make_member(role)).get("/redaktion/").content.decode()
    for model in rows:
        link = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert (f'href="{link}"' in html) == (model in OWN[role]), (role, model)


def test_somebody_of_the_staff_without_a_role_is_told_so(client_of):
    assert "noch keine Rolle" in text_of(client_of(make_member()).get("/redaktion/"))


# Ranks


def change(client, person, **fields):
    data = {"name": person.name, "is_active": "on", **fields}
    return client.post(reverse("admin:jobboard_user_change", args=[person.pk]), data)


def group_pks(*names):
    return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


def test_the_administration_appoints_an_editor_and_the_history_says_it(client_of, administration, anna):
    client = client_of(administration)
    assert change(client, anna, is_staff="on", groups=group_pks("Redaktion")).status_code == 302
    anna.refresh_from_db()
    assert anna.is_staff
    assert [group.name for group in anna.groups.all()] == ["Redaktion"]
    entry = LogEntry.objects.latest("pk")
    assert (entry.user, entry.get_edited_object()) == (administration, anna)
    assert "Rollen: leer → Redaktion." in entry.get_change_message()
    assert "Zugang zur Redaktion: nein → ja." in entry.get_change_message()
    assert "Rollen: leer → Redaktion." in text_of(client.get(reverse("admin:jobboard_user_history", args=[anna.pk])))


def test_a_role_without_access_to_the_admin_is_not_stored_in_silence(client_of, administration, anna):
    page = change(client_of(administration), anna, groups=group_pks("Redaktion"))
    assert "Eine Rolle gilt nur mit diesem Haken." in page.content.decode()
    assert not anna.groups.exists()


def test_the_administration_adds_an_editor_and_learns_how_they_get_in(client_of, administration):
    data = {"email": "neu@koordinaten.example", "name": "Nele Neu", "is_active": "on", "is_staff": "on"}
    data["groups"] = group_pks("Moderation")
    page = client_of(administration).post(reverse("admin:jobboard_user_add"), data, follow=True)
    assert "über „Passwort vergessen“" in page.content.decode()
    person = User.objects.get(email="neu@koordinaten.example")
    assert (person.is_staff, person.is_superuser, person.groups.get().name) == (True, False, "Moderation")


def test_the_list_of_people_says_and_asks_who_has_which_role(client_of, administration, redaktion, anna):
    people = reverse("admin:jobboard_user_changelist")
    client = client_of(administration)
    assert "Redaktion" in text_of(client.get(people))
    found = text_of(client.get(people, {"groups__id__exact": group_pks("Redaktion")[0]}))
    assert redaktion.email in found
    assert anna.email not in found


@pytest.mark.parametrize("verb", ["add", "change"])
def test_the_administration_makes_no_superuser_and_gives_no_single_permission(client_of, administration, anna, verb):
    data = {
        "email": "neu@koordinaten.example",
        "name": "Anna",
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "on",
    }
    data["user_permissions"] = list(Permission.objects.values_list("pk", flat=True))
    path = reverse(f"admin:jobboard_user_{verb}", args=[anna.pk] if verb == "change" else [])
    page = client_of(administration).get(path).content.decode()
    assert "is_superuser" not in page
    assert client_of(administration).post(path, data).status_code == 302
    person = User.objects.latest("pk") if verb == "add" else User.objects.get(pk=anna.pk)
    assert person.is_staff
    assert not person.is_superuser
    assert not person.user_permissions.exists()


def test_the_administration_gives_no_group_that_is_not_a_role(client_of, administration, anna):
    mighty = Group.objects.create(name="Alles")
    mighty.permissions.set(Permission.objects.all())
    client = client_of(administration)
    assert "Alles" not in text_of(client.get(reverse("admin:jobboard_user_change", args=[anna.pk])))
    assert change(client, anna, is_staff="on", groups=[mighty.pk]).status_code == 200
    assert not anna.groups.exists()


def test_nobody_raises_or_shuts_out_themselves(client_of, administration):
    client = client_of(administration)
    change(client, administration, groups=group_pks(*ROLES), is_superuser="on", name="Ada Anders", is_active="")
    administration.refresh_from_db()
    assert administration.name == "Ada Anders"
    assert administration.is_active
    assert [group.name for group in administration.groups.all()] == ["Administration"]
    assert (
        client.post(reverse("admin:jobboard_user_delete", args=[administration.pk]), {"post": "yes"}).status_code == 403
    )


def beyond(kind):
    person = make_user("Ulla Über", is_staff=True, is_superuser=kind == "superuser")
    if kind == "group":
        person.groups.add(Group.objects.create(name="Alles"))
    if kind == "permission":
        person.user_permissions.add(Permission.objects.get(codename="change_group"))
    return person


@pytest.mark.parametrize("kind", ["superuser", "group", "permission"])
def test_the_administration_does_not_touch_who_may_do_more(client_of, administration, kind):
    person, client = beyond(kind), client_of(administration)
    assert client.get(reverse("admin:jobboard_user_change", args=[person.pk])).status_code == 200, "seen, not changed"
    assert change(client, person, name="Weg").status_code == 403
    for page in ("admin:jobboard_user_delete", "admin:jobboard_user_lift"):
        assert client.post(reverse(page, args=[person.pk]), {"post": "yes"}).status_code == 403
    person.refresh_from_db()
    assert person.name == "Ulla Über"


def test_groups_and_addresses_are_for_superusers_alone(client_of, rita, administration):
    for page in ("/redaktion/auth/group/", "/redaktion/account/emailaddress/"):
        assert client_of(administration).get(page).status_code == 403
        assert client_of(rita).get(page).status_code == 200


def test_who_may_change_people_but_appoint_nobody_gives_no_role(client_of, anna):
    helper = make_member()
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    change(client_of(helper), anna, is_staff="on", groups=group_pks("Redaktion"), name="Anna Anders")
    anna.refresh_from_db()
    assert (anna.name, anna.is_staff, anna.groups.count()) == ("Anna Anders", False, 0)


def test_the_administration_opens_the_account_of_an_employer_who_has_lost_the_phone(client_of, administration, anna):
    path = reverse("admin:jobboard_user_lift", args=[anna.pk])
    client = client_of(administration)
    assert path in client.get(reverse("admin:jobboard_user_change", args=[anna.pk])).content.decode()
    assert client.get(path).status_code == 200


def test_the_administration_deletes_an_employee_but_nobody_of_the_history(client_of, administration, redaktion, ben):
    client = client_of(administration)
    client.post(reverse("admin:jobboard_user_delete", args=[ben.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=ben.pk).exists()
    LogEntry.objects.create(user=redaktion, action_flag=2, object_repr="Hamm", change_message="Text geändert.")
    path = reverse("admin:jobboard_user_delete", args=[redaktion.pk])
    assert "steht im Verlauf der Redaktion" in text_of(client.get(path))
    client.post(path, {"post": "yes"})
    assert User.objects.filter(pk=redaktion.pk).exists()


def test_a_firm_is_seen_by_the_administration_and_not_changed(client_of, administration, employer):
    path = reverse("admin:listings_employer_change", args=[employer.pk])
    client = client_of(administration)
    assert "Anna Adler" in text_of(client.get(path))
    assert client.post(path, {"name": "Weg"}).status_code == 403
