from django.db import migrations

from jobboard.roles import give

VERBS = ["view", "add", "change", "delete"]
CITY_PAGES = ["city", "edition", "section", "salaryfigure", "cityfact", "fact", "place"]
LINTER = ["linterword", "minimumwage"]
FAILED_MAILS = "post_office.view_email"  # their addresses and subjects, on the start page
RULES = [f"listings.{verb}_{model}" for verb in VERBS for model in LINTER]
# Who belongs to a firm is none of it: a member may write and read in the firm's name.
ROLES = {
    "Redaktion": [f"profiles.{verb}_{model}" for verb in VERBS for model in CITY_PAGES],
    "Moderation": [
        "listings.view_vacancy",
        "listings.change_vacancy",  # the verdicts of the review; the text stays the employer's
        "listings.view_employer",
        "listings.change_employer",
        "listings.view_membership",
        "profiles.view_place",
        *RULES,
    ],
    "Administration": [
        *(f"jobboard.{verb}_user" for verb in VERBS),
        "jobboard.appoint_user",
        "listings.view_employer",
        "listings.view_membership",
        FAILED_MAILS,
    ],
}


def make_roles(apps, schema_editor):
    """The groups; those that are there get what the releases before did not give, and mails go to the Administration."""
    using = schema_editor.connection.alias
    groups = {group.name: group for group in apps.get_model("auth", "Group").objects.using(using)}
    given = {}
    for role in apps.get_model("jobboard", "Role").objects.using(using).select_related("group"):
        permissions = role.given.select_related("content_type")
        given[role.group.name] = {f"{each.content_type.app_label}.{each.codename}" for each in permissions}
    # Groups from before that was remembered: they had all but the linter. One of the new name is somebody's own.
    before = {**ROLES, "Moderation": set(ROLES["Moderation"]) - set(RULES)}
    new = {
        name: [label for label in labels if label not in (given.get(name, before[name]) if name in groups else ())]
        for name, labels in ROLES.items()
    }
    give(apps, schema_editor, new)
    if "Moderation" in groups:
        mails = groups["Moderation"].permissions.filter(content_type__app_label="post_office", codename="view_email")
        groups["Moderation"].permissions.remove(*mails)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('post_office', '0014_alter_email_recipient_delivery_status_and_more'),
        ('jobboard', '0003_appoint_user'),
        ('profiles', '0001_initial'),
        ('listings', '0002_employers_side'),
    ]
    run_before = [('jobboard', '0004_delete_role')]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
