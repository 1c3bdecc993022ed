"""The roles of people who work on the board, as groups of permissions."""

from django.contrib.auth.models import Group, Permission

from jobboard.models import Role

CITY_PAGES = ["city", "edition", "section", "salaryfigure", "cityfact", "fact", "place"]
LINTER = ["linterword", "minimumwage"]
# Who belongs to a firm is none of it: a member may write and read in the firm's name.
ROLES = {
    "Redaktion": [f"profiles.{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in CITY_PAGES],
    "Moderation": [
        "listings.view_vacancy",
        "listings.change_vacancy",  # the verdicts of the review; the text stays the employer's
        "listings.view_employer",
        "listings.change_employer",
        "listings.view_membership",
        "profiles.view_place",
        *(f"listings.{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in LINTER),
        "post_office.view_email",  # failed mails on the start page, never their text
    ],
}


def load() -> None:
    """Make the groups that are missing and give each what is new; what it was given once is the administrators'."""
    permissions = Permission.objects.select_related("content_type")
    known = {f"{each.content_type.app_label}.{each.codename}": each for each in permissions}
    for name, allowed in ROLES.items():
        group, created = Group.objects.get_or_create(name=name)
        role, is_first = Role.objects.get_or_create(group=group)
        wanted = {known[label] for label in allowed}
        if is_first and not created:  # a group from before this was remembered, and before the linter
            role.given.set(each for each in wanted if each.content_type.model not in LINTER)
        new = wanted - set(role.given.all())
        group.permissions.add(*new)
        role.given.add(*new)
