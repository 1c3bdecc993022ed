from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listings', '0013_typed_wordings'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='vacancy',
            name='vacancy_newest',
        ),
        migrations.AddIndex(
            model_name='vacancy',
            index=models.Index(condition=models.Q(('status', 'published')), fields=['-first_day', '-first_published_at', '-id', 'last_day', 'asks_photo', 'asks_cover_letter', 'contract', 'workplace', 'working_time', 'level', 'employer_kind'], name='vacancy_newest'),
        ),
        migrations.AddIndex(
            model_name='vacancy',
            index=models.Index(condition=models.Q(('status', 'published')), fields=['asks_photo', 'asks_cover_letter', 'contract', 'workplace', 'working_time', 'level', 'employer_kind', '-first_day', '-first_published_at', '-id', 'last_day'], name='vacancy_choices'),
        ),
        migrations.AddIndex(
            model_name='vacancy',
            index=models.Index(condition=models.Q(('status', 'published'), models.Q(('contact_name', ''), _negated=True)), fields=['-first_day', '-first_published_at', '-id'], name='vacancy_with_contact'),
        ),
    ]
