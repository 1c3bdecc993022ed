"""One value for all rows of a subquery, so that many of them are one query; each walks no further than its own limit."""

from django.db.models import IntegerField, Subquery, TextField


class CappedCount(Subquery):
    """How many rows there are."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS found)"
    output_field = IntegerField()


class AsJson(Subquery):
    """A list that `sql` makes of the rows, as a text of JSON.

    sql: in it the rows are `found`, {array} makes a list of several values and {rows} one of all rows. It is not
    quoted, so nothing that people type belongs there.
    """

    sql = ""
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra):
        return self._made_with("JSON_ARRAY", "JSON_GROUP_ARRAY", compiler, connection, **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return self._made_with("JSON_BUILD_ARRAY", "JSON_AGG", compiler, connection, **extra)

    def _made_with(self, array, rows, compiler, connection, **extra):
        made = self.sql.format(array=array, rows=rows)
        template = f"(SELECT CAST({made} AS text) FROM (%(subquery)s) AS found)"  # noqa: S608 (ours alone)
        return self.as_sql(compiler, connection, template=template, **extra)


class Names(AsJson):
    """The column `name` of the rows."""

    sql = "{rows}(found.name)"
