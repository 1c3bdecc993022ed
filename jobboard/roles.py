"""The roles of people who work on the board: groups that migrations make and fill, each permission once."""

from django.contrib.auth.management import create_permissions

# Redaktion writes city pages, Moderation reviews ads, Administration keeps people. Other groups are of administrators' making.
ROLES = ["Redaktion", "Moderation", "Administration"]


def give(apps, schema_editor, roles: dict[str, list[str]]) -> None:
    """For migrations: these groups, made where they are missing, get these permissions ("app.codename").

    A migration runs once, so what administrators take away afterwards is never given again.
    """
    using = schema_editor.connection.alias
    for app in sorted({label.split(".")[0] for labels in roles.values() for label in labels}):
        config = apps.get_app_config(app)
        config.models_module = (
            True  # or Django takes it for an app without models; it makes permissions after migrating
        )
        create_permissions(config, verbosity=0, using=using, apps=apps)
        config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(using).select_related("content_type")
    known = {f"{each.content_type.app_label}.{each.codename}": each for each in permissions}
    for name, labels in roles.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*(known[label] for label in labels))
