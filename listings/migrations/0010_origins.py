import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listings', '0009_search_engine'),
    ]

    operations = [
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('vacancy', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='origin', serialize=False, to='listings.vacancy')),
                ('said', models.JSONField(default=dict)),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='zuletzt eingelesen am')),
            ],
            options={
                'verbose_name': 'Herkunft',
                'verbose_name_plural': 'Herkunft',
            },
        ),
    ]
