from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listings', '0007_writing'),
    ]

    operations = [
        migrations.AddField(
            model_name='linterword',
            name='name',
            field=models.CharField(default='', max_length=80, verbose_name='Name'),
            preserve_default=False,
        ),
    ]
