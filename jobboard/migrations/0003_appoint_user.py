from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('jobboard', '0002_accounts'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'permissions': [('appoint_user', 'Kann Zugang zur Redaktion geben und Rollen vergeben')], 'verbose_name': 'Person', 'verbose_name_plural': 'Personen'},
        ),
    ]
