from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing has filled these tables yet."""

    dependencies = [
        ('listings', '0011_concept_permissions'),
    ]

    operations = [
        migrations.DeleteModel(name='WordVariant'),
        migrations.DeleteModel(name='Word'),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('folded', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('shown', models.CharField(max_length=40, verbose_name='Wort')),
                ('start', models.CharField(db_index=True, max_length=10)),
            ],
            options={
                'verbose_name': 'Wort',
                'verbose_name_plural': 'Wörter',
            },
        ),
        migrations.CreateModel(
            name='WordVariant',
            fields=[
                ('pk', models.CompositePrimaryKey('text', 'start', blank=True, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=10)),
                ('start', models.CharField(max_length=10)),
            ],
            options={
                'verbose_name': 'Wortvariante',
                'verbose_name_plural': 'Wortvarianten',
            },
        ),
    ]
