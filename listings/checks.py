"""What operators are told about the data of this app."""

from django.core import checks
from django.core.checks import Tags, register
from django.db import DatabaseError, transaction

from listings import search


@register(Tags.database)
def search_reads_all_ads(app_configs, databases, **kwargs):
    """Only where the database is asked about anyway (`check --database default`, `migrate`), as it costs a look at all."""
    if "default" not in (databases or ()):
        return []
    try:
        with transaction.atomic():
            waiting = search.due().count()
    except DatabaseError:  # a database that is not migrated yet
        return []
    if not waiting:
        return []
    return [
        checks.Warning(
            f"The search reads {waiting} ads as an earlier version or other concepts understood them.",
            hint="Run `manage.py load_reference` after an update, `manage.py reindex` at any time; `daily` does it, too.",
            id="listings.W001",
        )
    ]
