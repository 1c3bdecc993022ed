"""The search engine of each database on the texts of the search, which the models know nothing of."""

from django.db import migrations
from django.db.utils import OperationalError

TEXTS = ["title", "facts", "everything"]
OLD, NEW = (", ".join(f"{row}.{name}" for name in ["vacancy_id", *TEXTS]) for row in ("old", "new"))
FORGET = f"""
    INSERT INTO listings_searchtext_engine (listings_searchtext_engine, rowid, title, facts, everything)
    VALUES ('delete', {OLD})"""
LEARN = f"INSERT INTO listings_searchtext_engine (rowid, title, facts, everything) VALUES ({NEW})"

SQLITE = [
    # Texts of [a-z0-9] and spaces: nothing to fold. Neither phrases nor ranks are asked for, hence no positions and no
    # sizes: the index is a third of what it would be.
    """
    CREATE VIRTUAL TABLE listings_searchtext_engine USING fts5(
        title, facts, everything,
        content='listings_searchtext', content_rowid='vacancy_id',
        tokenize='ascii', detail=column, columnsize=0
    )""",
    f"""
    CREATE TRIGGER listings_searchtext_added AFTER INSERT ON listings_searchtext
    BEGIN {LEARN}; END""",
    f"""
    CREATE TRIGGER listings_searchtext_removed AFTER DELETE ON listings_searchtext
    BEGIN {FORGET}; END""",
    f"""
    CREATE TRIGGER listings_searchtext_changed AFTER UPDATE ON listings_searchtext
    WHEN ({OLD}) IS NOT ({NEW})
    BEGIN {FORGET}; {LEARN}; END""",
    "INSERT INTO listings_searchtext_engine (listings_searchtext_engine) VALUES ('rebuild')",
]

# A cast, as to_tsvector() would cut "1e5abc" into two: the texts are roots already, parted by spaces. No positions come
# of it, and no labels: either would make the database look at the rows again.
POSTGRESQL = [
    # Of boards from before: a tsvector takes no longer words.
    "UPDATE listings_searchtext SET "
    + ", ".join(f"{name} = regexp_replace({name}, '[^ ]{{61,}}', '', 'g')" for name in TEXTS)
    + " WHERE everything ~ '[^ ]{61,}'",
    "ALTER TABLE listings_searchtext "
    + ", ".join(
        f"ADD COLUMN {name}_roots tsvector GENERATED ALWAYS AS ({name}::tsvector) STORED" for name in TEXTS
    ),
    # Of 10 000 roots instead of 1 000 the planner then knows how rare they are, and goes by the index for those.
    "ALTER TABLE listings_searchtext "
    + ", ".join(f"ALTER COLUMN {name}_roots SET STATISTICS 1000" for name in TEXTS),
    # Ads are read far more often than written: whoever searches should not walk a list of what still is to be sorted in.
    *(
        f"CREATE INDEX listings_searchtext_{name} ON listings_searchtext USING gin ({name}_roots)"
        " WITH (fastupdate = off)"
        for name in TEXTS
    ),
]


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
        return
    try:
        for statement in SQLITE:
            schema_editor.execute(statement)
    except OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise OperationalError(
            "This SQLite was built without FTS5, which the search needs. Python from python.org, Debian, Fedora or"
            " Alpine has it; or use PostgreSQL (DATABASE_URL)."
        ) from error


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        columns = ", ".join(f"DROP COLUMN {name}_roots" for name in TEXTS)
        schema_editor.execute(f"ALTER TABLE listings_searchtext {columns}")
        return
    for trigger in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER listings_searchtext_{trigger}")
    schema_editor.execute("DROP TABLE listings_searchtext_engine")


class Migration(migrations.Migration):

    dependencies = [
        ('listings', '0008_concept_stamp'),
    ]

    operations = [migrations.RunPython(build, remove)]
