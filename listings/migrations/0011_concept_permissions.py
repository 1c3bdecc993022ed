from django.db import migrations

from jobboard.roles import give


def to_those_who_write(apps, schema_editor):
    give(apps, schema_editor, {"Redaktion": [f"listings.{verb}_concept" for verb in ("view", "add", "change", "delete")]})


class Migration(migrations.Migration):

    dependencies = [
        ('jobboard', '0004_delete_role'),
        ('listings', '0010_origins'),
    ]

    operations = [
        migrations.RunPython(to_those_who_write, migrations.RunPython.noop),
    ]
