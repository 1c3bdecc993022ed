from django.db import migrations


def forget(apps, schema_editor):
    """With it go the permissions about it, which nobody could use for anything."""
    types = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
    types.filter(app_label="jobboard", model="role").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('jobboard', '0003_appoint_user'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.DeleteModel(name='Role'),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
