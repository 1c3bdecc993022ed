"""How often an ad was read and its way to apply was used, by day; nothing of the visitor."""

from datetime import date, timedelta

from django.db import connection, models
from django.db.models import Sum

from listings.models.vacancies import Vacancy

KEPT_DAYS = 730


class DailyCountQuerySet(models.QuerySet["DailyCount"]):
    def add(self, ads: models.QuerySet[Vacancy], day: date, *, views: int = 0, clicks: int = 0) -> None:
        """Count for each of `ads` in one statement, so that no two visitors can lose each other's count.

        bulk_create() writes values in a conflict and never adds to them; both databases know this statement.
        """
        names = {name: connection.ops.quote_name(name) for name in ("vacancy_id", "day", "views", "clicks")}
        table = connection.ops.quote_name(self.model._meta.db_table)
        found, params = ads.order_by().values("pk").query.sql_with_params()
        statement = f"""
            INSERT INTO {table} ({", ".join(names.values())})
            SELECT id, %s, %s, %s FROM {connection.ops.quote_name(Vacancy._meta.db_table)} WHERE id IN ({found})
            ON CONFLICT ({names["vacancy_id"]}, {names["day"]}) DO UPDATE SET
                views = {table}.views + excluded.views, clicks = {table}.clicks + excluded.clicks
        """  # noqa: S608 (names of our own tables and a query of our own)
        with connection.cursor() as cursor:
            cursor.execute(statement, [connection.ops.adapt_datefield_value(day), views, clicks, *params])

    def between(self, first: date, last: date):
        return self.filter(day__range=(first, last))

    def totals(self) -> tuple[int, int]:
        """Views and clicks."""
        sums = self.aggregate(views=Sum("views"), clicks=Sum("clicks"))
        return sums["views"] or 0, sums["clicks"] or 0

    def forget_old(self, today: date) -> int:
        """Delete what is older than it may get; how many rows that were."""
        return self.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()[0]


class DailyCount(models.Model):
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, verbose_name="Stelle", related_name="daily_counts")
    day = models.DateField("Tag")
    views = models.PositiveIntegerField("Aufrufe", default=0)
    clicks = models.PositiveIntegerField("Bewerbungsklicks", default=0)

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        verbose_name = "Tageszählung"
        verbose_name_plural = "Tageszählungen"
        ordering = ["vacancy", "day"]
        constraints = [models.UniqueConstraint(fields=["vacancy", "day"], name="daily_count_unique")]
        indexes = [models.Index(fields=["day"], name="daily_count_day")]

    def __str__(self):
        return f"{self.day:%d.%m.%Y}: {self.views} Aufrufe, {self.clicks} Bewerbungsklicks"
