"""What ads brought: the days, the charts drawn of them, the dashboard and the table for a spreadsheet."""

import csv
import re
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from hypothesis import given
from hypothesis import strategies as st

from listings import numbers
from listings.models import DailyCount, Revision, Vacancy, VacancyEvent
from listings.numbers import Day, Numbers, harmless, nice_ceiling
from tests.listings.employer_side import LIST, text_of, url
from tests.make import OSNABRUECK, make_employer, make_vacancy

CSV = f"{LIST}zahlen.csv"


def count(vacancy, days_ago, views, clicks=0):
    day = localdate() - timedelta(days=days_ago)
    return DailyCount.objects.create(vacancy=vacancy, day=day, views=views, clicks=clicks)


def running(employer, days, **fields):
    """An ad that readers have seen for so many days, today included."""
    return make_vacancy(employer, open=True, at=now() - timedelta(days=days - 1), **fields)


# Days and charts


def days(*views) -> list[Day]:
    return [Day(date(2026, 11, 1) + timedelta(days=i), each) for i, each in enumerate(views)]


@pytest.mark.django_db
def test_every_day_has_its_place_even_where_nothing_was_counted(employer):
    vacancy = running(employer, 5)
    count(vacancy, 3, 7, 2)
    count(vacancy, 0, 4)
    count(vacancy, 900, 100)  # long before: not of these days, yet of its life
    found = numbers.of(vacancy)
    assert [(each.views, each.clicks) for each in found.days] == [(0, 0), (7, 2), (0, 0), (0, 0), (4, 0)]
    assert (found.views, found.clicks, found.total_views, found.total_clicks) == (11, 2, 111, 2)
    assert found.best.day == localdate() - timedelta(days=3)


@pytest.mark.django_db
def test_an_ad_shows_at_most_sixty_days_and_a_closed_one_ends_when_it_was_closed(employer, anna):
    vacancy = running(employer, 40)
    Vacancy.objects.filter(pk=vacancy.pk).update(first_day=localdate() - timedelta(days=100))
    vacancy.refresh_from_db()
    assert len(numbers.of(vacancy).days) == 60
    vacancy.close(anna, "filled", at=now() - timedelta(days=10))
    found = numbers.of(vacancy, list(vacancy.events.all()))
    assert found.days[-1].day == localdate() - timedelta(days=10)
    assert found.days[-1].told == "geschlossen"


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_an_ad_that_nobody_could_read_has_no_numbers(employer, status):
    assert numbers.of(make_vacancy(employer, status=status)) is None


@pytest.mark.django_db
def test_an_ad_that_has_not_begun_has_no_numbers(employer):
    assert numbers.of(make_vacancy(employer, open=True, first_day=localdate() + timedelta(days=3))) is None


@pytest.mark.django_db
def test_the_table_tells_why_a_day_is_empty(employer, anna):
    vacancy = running(employer, 10)
    vacancy.pause(anna, at=now() - timedelta(days=5))
    vacancy.resume(anna, at=now() - timedelta(days=2))
    told = [each.told for each in numbers.of(vacancy, list(vacancy.events.all())).days]
    assert [each for each in told if each] == ["erschienen", "angehalten", "fortgesetzt"]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**4)), min_size=1, max_size=60))
def test_no_bar_leaves_its_chart(counts):
    found = Numbers([Day(date(2026, 1, 1), *each) for each in counts], slots=max(14, len(counts)))
    for panel in found.panels:
        for bar in panel.bars:
            assert bar.x >= 0
            assert bar.x + bar.width <= 100
            assert panel.top <= bar.y <= panel.base
            assert bar.y + bar.height == pytest.approx(panel.base)
    for path, base in ((found.spark_views, 30), (found.spark_clicks, 43)):
        assert all(2 <= int(size) <= base for size in re.findall(r"v-(\d+)", path))


@given(st.integers(0, 10**9))
def test_a_scale_ends_at_a_number_that_people_write(value):
    ceiling = nice_ceiling(value, 5)
    assert value <= ceiling <= max(5, 2 * value)
    assert str(ceiling).rstrip("0") in ("", "1", "2", "3", "4", "5", "6", "8")


def test_weeks_are_whole_and_end_with_the_last_day():
    found = Numbers(days(*range(1, 17)))
    assert [(week.first.day, week.views) for week in found.weeks] == [(1, 1 + 2), (3, 42), (10, 91)]


def test_a_rate_needs_enough_views():
    assert Numbers([], total_views=99, total_clicks=9).clicks_of_100 is None
    assert Numbers([], total_views=400, total_clicks=26).clicks_of_100 == 6


@pytest.mark.parametrize("length", [1, 5, 6, 14, 20, 21, 60])
def test_days_are_written_under_the_chart_where_there_is_room(length):
    ticks = Numbers(days(*[1] * length), slots=max(14, length)).ticks
    assert [x for x, *_ in ticks] == sorted({x for x, *_ in ticks})
    assert ticks[0][2].day == 1
    assert len(ticks) == (3 if length > 20 else 2 if length > 5 else 1)


@pytest.mark.django_db
def test_the_page_of_an_ad_shows_chart_and_table_with_the_same_figures(client_of, anna, employer):
    vacancy = running(employer, 3)
    count(vacancy, 2, 1200, 31)
    count(vacancy, 0, 5, 1)
    html = client_of(anna).get(url(vacancy)).content.decode()
    assert '<svg class="day-chart"' in html
    assert "1.205 Aufrufe, 32 Bewerbungsklicks" in html
    rows = re.findall(r'<td class="amount">([\d.]+)</td><td class="amount">([\d.]+)</td>', html)
    assert rows == [("5", "1"), ("0", "0"), ("1.200", "31")]


@pytest.mark.django_db
def test_an_ad_without_readers_says_so_instead_of_drawing_nothing(client_of, anna, employer):
    html = client_of(anna).get(url(running(employer, 3))).content.decode()
    assert "Noch hat niemand die Anzeige geöffnet" in html
    assert "day-chart" not in html
    assert "gebracht" not in client_of(anna).get(url(make_vacancy(employer))).content.decode()


# The dashboard


@pytest.mark.django_db
def test_what_needs_the_employer_stands_first_by_urgency(client_of, anna, employer, rita):
    today = localdate()
    make_vacancy(employer, title="Fertige Leitung")
    asked = make_vacancy(employer, title="Gefragte Leitung", open=True)
    asked.ask()
    stopped = make_vacancy(employer, title="Verstummte Leitung", open=True)
    stopped.ask()
    stopped.pause(None)
    changed = make_vacancy(employer, title="Geänderte Leitung", open=True)
    changed.edit(anna, {"title": "Neue Leitung"}, changed.version)
    returned = make_vacancy(employer, title="Abgelehnte Leitung", open=True)
    returned.edit(anna, {"title": "Andere Leitung"}, returned.version)
    returned.return_revision(rita, "Bitte neutral.", returned.waiting_revision().version)
    make_vacancy(employer, title="Lückenhafte Leitung", tasks="", pay_low=None)
    draft = make_vacancy(employer, title="Halbe Leitung")
    Vacancy.objects.filter(pk=draft.pk).update(unsaved={"pay_low": "viel"})
    make_vacancy(employer, title="Projektleiter Lücke", tasks="")
    make_vacancy(employer, title="Projektleiter Umzug")
    make_vacancy(employer, title="Laufende Leitung", open=True, last_day=today + timedelta(days=8))
    make_vacancy(employer, title="Endende Leitung", open=True, last_day=today + timedelta(days=7))
    make_vacancy(employer, title="Letzter Tag Leitung", open=True, last_day=today)
    over = running(employer, 20, title="Abgelaufene Leitung")
    Vacancy.objects.filter(pk=over.pk).update(last_day=today - timedelta(days=3))
    long_over = running(employer, 40, title="Längst abgelaufene Leitung")
    Vacancy.objects.filter(pk=long_over.pk).update(last_day=today - timedelta(days=15))
    make_vacancy(employer, title="Zurückgegebene Leitung", status="in_review").send_back(rita, "Bitte kürzer.")
    make_vacancy(employer, title="Wartende Leitung", status="in_review")
    text = text_of(client_of(anna).get(LIST))
    order = [
        "Das wartet auf Sie", "Zurückgegebene", "Abgelehnte", "Gefragte", "Verstummte", "Abgelaufene", "Letzter Tag",
        "Endende", "Projektleiter", "Halbe", "Lückenhafte", "Fertige",
        "In Prüfung", "Wartende", "Veröffentlicht", "Laufende", "Geänderte", "Vorbei", "Längst abgelaufene",
    ]  # fmt: skip
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    for words in (
        "Die Redaktion hat sie mit einem Grund zurückgegeben. Grund lesen und ändern",
        "Die Redaktion hat Ihre Änderung nicht übernommen; die Anzeige ist, wie sie war. Grund lesen",
        f"Ohne Antwort hält die Anzeige am {date_format(today + timedelta(days=14), 'j. F')} von selbst an.",
        "Angehalten, weil unsere Frage",
        "Änderung in Prüfung",
        "Ist die Stelle besetzt?",
        "Heute ist ihr letzter Tag. Verlängern oder schließen",
        "Noch 7 Tage zu lesen.",
        "Zum Einreichen fehlen noch 2 Angaben. Weiterschreiben",
        "Zum Einreichen fehlt noch eine Angabe. Weiterschreiben",
        "Zum Einreichen fehlt noch eine Angabe, und eine Stelle passt noch nicht zu den Regeln.",
        "Fertig geschrieben, aber eine Stelle passt noch nicht zu den Regeln. Ansehen und ändern",
        "Vollständig. Ansehen und einreichen.",
    ):
        assert words in text
    assert "online 6 in Prüfung 1 Entwürfe 6" in text


@pytest.mark.django_db
@pytest.mark.parametrize(("last", "promised"), [(13, False), (14, True), (3, False)])
def test_nobody_is_told_of_a_day_after_the_last(last, promised, client_of, anna, employer):
    today = localdate()
    vacancy = make_vacancy(employer, open=True, last_day=today + timedelta(days=last))
    vacancy.ask()
    client = client_of(anna)
    for page in (LIST, f"{LIST}{vacancy.pk}/"):
        text = text_of(client.get(page))
        assert (date_format(today + timedelta(days=14), "j. F") in text) == promised
        assert ("hält" in text) == promised
    assert (date_format(today + timedelta(days=7), "j. F") in text) == (last >= 7)
    in_list = text_of(client.get(LIST))
    assert ("Noch 3 Tage zu lesen. Ja, noch offen Verlängern oder schließen" in in_list) == (last == 3)


@pytest.mark.django_db
def test_the_question_whether_a_job_is_open_is_answered_right_in_the_list(client_of, anna, employer):
    vacancy = make_vacancy(employer, open=True)
    vacancy.ask()
    client = client_of(anna)
    html = client.get(LIST).content.decode()
    form = re.search(r'<form method="post" action="(/arbeitgeber/[^"]+)">.*?name="version" value="(\d+)"', html)
    assert form[1] == url(vacancy, end="bestaetigen/")
    client.post(form[1], {"version": form[2]})
    vacancy.refresh_from_db()
    assert vacancy.asked_on is None
    assert "Das wartet auf Sie" not in text_of(client.get(LIST))


@pytest.mark.django_db
def test_each_ad_shows_what_it_brought_and_the_page_the_sum(client_of, anna, employer, eva):
    vacancy = running(employer, 20)
    count(vacancy, 15, 1000, 20)
    count(vacancy, 0, 30, 1)
    closed = make_vacancy(employer, status="closed")
    count(closed, 40, 500, 9)
    count(make_vacancy(eva.employers.get(), open=True), 0, 7777, 1)
    response = client_of(anna).get(LIST)
    text = text_of(response)
    assert "Aufrufe in 28 Tagen 1.030 Bewerbungs&shy;klicks in 28 Tagen 21" in text
    assert "1.030 Aufrufe 21 Klicks" in text
    assert "500 Aufrufe 9 Klicks" in text
    assert "7.777" not in text
    html = response.content.decode()
    assert html.count('<svg class="spark"') == 1  # what is over has sums and no last weeks
    assert "die letzten 28 Tage: 1.030 Aufrufe, die meisten am" in html
    assert re.search(r">0 / 0</td>.*>1\.000 / 20</td>.*>30 / 1</td>.*>1\.030 / 21</td>", html)


@pytest.mark.django_db
def test_the_dashboard_asks_few_questions_however_many_ads(
    client_of, anna, employer, rita, django_assert_max_num_queries
):
    today = localdate()
    model = running(employer, 20)
    values = {f.attname: getattr(model, f.attname) for f in Vacancy._meta.concrete_fields if f.name != "id"}
    Vacancy.objects.bulk_create(Vacancy(**values) for _ in range(150))
    Vacancy.objects.bulk_create(
        Vacancy(employer=employer, title=f"Entwurf {n}", place_id=OSNABRUECK) for n in range(24)
    )
    written = values | {"status": "draft", "first_published_at": None, "title": "Projektleiter", "last_day": today}
    Vacancy.objects.bulk_create(Vacancy(**written) for _ in range(25))
    DailyCount.objects.bulk_create(
        DailyCount(vacancy=ad, day=today - timedelta(days=n), views=n, clicks=1)
        for ad in Vacancy.objects.filter(status="published")
        for n in range(20)
    )
    assert Vacancy.objects.count() == 200
    make_employer("Zweitwerk GmbH", owner=anna)
    for ad in Vacancy.objects.filter(status="published")[:60]:
        Revision.objects.create(vacancy=ad, changes={"title": "Projektassistenz (m/w/d)"})
    for ad in Vacancy.objects.filter(status="draft"):
        VacancyEvent.objects.create(
            vacancy=ad, step="override", role="editor", rule="L01", reason="Zitat.", data={"found": "Projektleiter"}
        )
    client = client_of(anna)
    for page in (1, 2, 4):
        with django_assert_max_num_queries(10):
            response = client.get(LIST, {"seite": page})
        assert response.content.count(b"own-ad") == 50
    assert len(client.get(LIST, {"seite": 2}).content) < 150_000


# The spreadsheet


def read(response) -> list[list[str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:], newline=""), delimiter=";"))


@pytest.mark.django_db
def test_the_spreadsheet_has_a_row_for_each_ad(client_of, anna, employer):
    with time_machine.travel("2026-11-20T12:00:00+01:00", tick=False):
        draft = make_vacancy(employer, title="Entwurf", first_day=None, last_day=None)
        vacancy = running(employer, 20, reference_number="K-17", last_day=date(2026, 12, 1))
        count(vacancy, 2, 40, 3)
        response = client_of(anna).get(CSV)
        assert response["Content-Disposition"] == 'attachment; filename="koordinaten-anzeigen-2026-11-20.csv"'
        head, *rows = read(response)
    assert head[:3] == ["Nummer", "Kennziffer", "Titel"]
    assert rows == [
        [str(vacancy.pk), "K-17", vacancy.title, "Hasewerk GmbH", "Osnabrück", "Veröffentlicht", "01.11.2026",
         "01.12.2026", "0", "40", "3", "40", "3"],
        [str(draft.pk), "", "Entwurf", "Hasewerk GmbH", "Osnabrück", "Entwurf", "", "", "0", "0", "0", "0", "0"],
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_spreadsheet_by_day_has_a_row_for_each_day(client_of, anna, employer, eva):
    vacancy = running(employer, 20)
    count(vacancy, 0, 4)
    count(vacancy, 2, 40, 3)
    count(make_vacancy(eva.employers.get(), open=True), 0, 9)
    _, *rows = read(client_of(anna).get(CSV, {"je": "tag"}))
    assert [row[0] for row in rows] == [str(vacancy.pk)] * 2
    today = localdate()
    assert [row[-3:] for row in rows] == [
        [f"{today - timedelta(days=2):%d.%m.%Y}", "40", "3"],
        [f"{today:%d.%m.%Y}", "4", "0"],
    ]


@pytest.mark.django_db
def test_no_title_becomes_a_formula_in_a_spreadsheet(client_of, anna):
    firm = make_employer("@SUM(1+9)*cmd|' /C calc'!A0", owner=anna)
    make_vacancy(firm, title='=HYPERLINK("https://boese.example";"Klick")', reference_number="+49")
    make_vacancy(firm, title='Leitung "IT"; Netz\u2028')
    rows = read(client_of(anna).get(CSV))
    for row in rows[1:]:
        assert not [cell for cell in row if cell.lstrip()[:1] in ("=", "+", "-", "@")]
    assert rows[2][2] == '\'=HYPERLINK("https://boese.example";"Klick")'
    assert rows[1][2].startswith('Leitung "IT"; Netz')


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\n=1", "'\n=1"),
        ("\u3000=1", "'\u3000=1"),
        ("\u200b=1", "'\u200b=1"),
        ("", ""),
        (None, ""),
        (5, "5"),
        ("C++-Leitung", "C++-Leitung"),
        ("3 - 5 Tage", "3 - 5 Tage"),
    ],
)
def test_only_what_looks_like_a_formula_is_changed(typed, kept):
    assert harmless(typed) == kept
