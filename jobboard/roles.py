"""The roles of people who work on the board, as groups of permissions."""

from django.contrib.auth.models import Group, Permission

# Role: what it may do with the models of an app. Steps in the life of an ad ask for `change_vacancy`.
ROLES = {
    "Redaktion": {"profiles": ["view", "add", "change", "delete"]},
    "Moderation": {"listings": ["view", "change"]},
}


def load() -> None:
    """Make the groups that are missing; one that is there belongs to the administrators."""
    for name, apps in ROLES.items():
        group, created = Group.objects.get_or_create(name=name)
        if created:
            for label, verbs in apps.items():
                allowed = Permission.objects.filter(content_type__app_label=label)
                group.permissions.add(*(each for each in allowed if each.codename.split("_")[0] in verbs))
