"""The admin around the text of an edition: publishing, dates, comparing, restoring, preview, figures that were checked."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from profiles.models import City, Edition
from tests.make import make_user, make_vacancy
from tests.profiles.editors_side import MÜNSTER, SENTENCE

BERLIN = ZoneInfo("Europe/Berlin")


def page(name, row):
    return reverse(f"admin:profiles_{row._meta.model_name}_{name}", args=[row.pk])


def publish(client, edition, **fields):
    data = {"version": edition.version, "when": "now", **fields}
    return client.post(page("publish", edition), data, follow=True).content.decode()


def history(row):
    entries = LogEntry.objects.filter(object_id=row.pk, content_type__model=row._meta.model_name).order_by("pk")
    return [(entry.user.name, entry.get_change_message()) for entry in entries]


def reword(edition, sentence):
    """A new text; its evidence stays behind."""
    edition.sections.update(body=sentence)


# Publishing


def test_publishing_says_what_is_replaced_and_leaves_its_traces(editor, city, draft, rita):
    html = editor.get(page("publish", draft)).content.decode()
    assert "Sie sagt dasselbe wie Ausgabe 1." in html
    assert "Münster · Ausgabe 2 ist veröffentlicht." in publish(editor, draft)
    assert city.live_edition() == draft
    assert history(draft) == [("Rita Richter", "Veröffentlicht.")]
    assert history(city) == [("Rita Richter", "Ausgabe 2 veröffentlicht.")]


def test_what_keeps_it_back_comes_with_the_closest_sentence(editor, draft):
    reword(draft, "Wer hier beginnt, verdient 2.900 bis 3.400 Euro.")
    for html in (editor.get(page("publish", draft)).content.decode(), publish(editor, draft)):
        assert f"Zahl „Einstieg“: Der Satz „{SENTENCE}“ steht nicht mehr" in html
        assert '<q class="closest">Wer hier beginnt, verdient 2.900 bis 3.400 Euro.</q>' in html
        assert 'value="Veröffentlichen"' not in html


def test_amounts_without_a_figure_are_a_warning_and_no_obstacle(editor, city, draft):
    reword(draft, f"{SENTENCE} Anderswo sind es 5.100 €.")
    assert "Keine Gehaltszahl belegt „5.100 €“" in editor.get(page("publish", draft)).content.decode()
    publish(editor, draft)
    assert city.live_edition() == draft


def test_who_publishes_another_version_than_the_one_seen_is_told(editor, city, draft):
    seen = draft.version
    Edition.objects.get(pk=draft.pk).revise(seen, make_user("Ben Becker"))
    html = publish(editor, draft)
    assert "Ben Becker hat Münster · Ausgabe 2 am" in html
    assert city.live_edition().number == 1
    assert f'name="version" value="{seen + 1}"' in html


def test_it_is_published_at_a_date_of_berlin(editor, city, draft):
    day = localdate() + timedelta(days=10)
    html = publish(editor, draft, when="date", day=day.isoformat(), time="07:30")
    draft.refresh_from_db()
    assert draft.published_at == datetime.combine(day, datetime.min.time(), BERLIN).replace(hour=7, minute=30)
    assert f"erscheint am {day:%d.%m.%Y} um 07:30 Uhr" in html
    assert city.live_edition().number == 1
    assert history(city)[-1][1] == f"Ausgabe 2 wird am {day:%d.%m.%Y} um 07:30 Uhr veröffentlicht."


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"day": "2026-07-01"}, "Dieser Tag ist schon vorbei."),
        ({"day": "0001-01-01"}, "Dieser Tag ist schon vorbei."),
        ({"day": "9999-12-31"}, "höchstens ein Jahr"),
        ({"day": "2027-11-21"}, "höchstens ein Jahr"),
        ({"day": "2026-11-20", "time": "11:59"}, "Diese Uhrzeit ist schon vorbei."),
        ({"day": "2027-03-28", "time": "02:30"}, "Diese Uhrzeit gibt es an dem Tag nicht"),
        ({"day": ""}, "Bitte tragen Sie den Tag ein."),
        ({"day": "2026-12-01", "time": ""}, "Bitte tragen Sie die Uhrzeit ein."),
        ({"day": "morgen\0"}, "gültiges Datum"),
        ({"day": "2026-12-01", "time": "99:99"}, "gültige Uhrzeit"),
        ({"when": "now", "day": "2026-12-01"}, "aber „Sofort“ gewählt"),
        ({"when": "irgendwann"}, "keine gültige Auswahl"),
    ],
)
def test_a_date_that_cannot_be_is_said_beside_the_field(editor, city, draft, time_machine, fields, error):
    time_machine.move_to("2026-11-20T12:00:00+01:00", tick=False)
    html = publish(editor, draft, **{"when": "date", "time": "08:00", **fields})
    assert error in html
    draft.refresh_from_db()
    assert draft.is_working_copy


def test_of_the_hour_that_comes_twice_the_first_is_meant(editor, draft, time_machine):
    time_machine.move_to("2026-10-20T12:00:00+02:00", tick=False)
    draft.refresh_from_db()
    publish(editor, draft, when="date", day="2026-10-25", time="02:30")
    draft.refresh_from_db()
    assert draft.published_at == datetime.fromisoformat("2026-10-25T02:30:00+02:00")


def test_the_page_of_a_city_bears_its_name_and_offers_no_other_city(editor, city):
    html = editor.get(page("change", city)).content.decode()
    assert f"<h1>{city}</h1>" in html
    assert "_addanother" not in html


def test_a_date_is_lifted_with_a_button(editor, city, draft, rita):
    draft.publish(rita, at=timezone.now() + timedelta(days=3))
    html = editor.get(page("change", city)).content.decode()
    assert "geplant" in html
    assert page("lift", draft) in html
    assert page("working_edition", city) not in html
    assert "erscheint am" in editor.get(reverse("admin:profiles_city_changelist")).content.decode()
    assert editor.post(page("lift", draft)).url == page("change", draft)
    draft.refresh_from_db()
    assert draft.is_working_copy
    assert history(draft) == [("Rita Richter", "Wieder Arbeitsfassung, Termin aufgehoben.")]
    assert "hat keinen Termin" in editor.post(page("lift", draft), follow=True).content.decode()


def test_beside_a_scheduled_edition_no_other_is_begun(editor, city, draft, rita):
    draft.publish(rita, at=timezone.now() + timedelta(days=3))
    html = editor.post(page("working_edition", city), follow=True).content.decode()
    assert "Ausgabe 2 erscheint am" in html
    assert city.editions.count() == 2


def test_beginning_a_working_copy_is_noted_once(editor, city):
    editor.post(page("working_edition", city))
    editor.post(page("working_edition", city))
    assert history(city.editions.get(number=2)) == [("Rita Richter", "Arbeitsfassung begonnen.")]
    assert history(city) == [("Rita Richter", "Ausgabe 2 begonnen.")]


# Comparing, previewing, restoring


def test_a_working_copy_is_compared_with_the_live_edition_word_by_word(editor, draft):
    reword(draft, SENTENCE.replace("2.800", "2.850"))
    html = editor.get(page("compare", draft)).content.decode()
    assert "<del>" in html
    assert "2.800</del>" in html
    assert "2.850</ins>" in html


def test_any_two_editions_are_compared_the_older_first(editor, city, draft, rita):
    first = city.live_edition()
    reword(draft, SENTENCE)
    Edition.objects.filter(pk=draft.pk).update(lead="Neuland.")
    draft.publish(rita)
    third = city.working_edition(rita)
    for edition, other in ((third, first), (first, third)):
        html = editor.get(page("compare", edition), {"mit": other.pk}).content.decode()
        assert "was nur in Ausgabe 1 steht" in html
        assert "Neuland" in html
    assert "Beide Ausgaben sagen dasselbe." in editor.get(page("compare", third)).content.decode()


def test_a_working_copy_is_the_newer_one_whatever_its_number(editor, city, draft, rita):
    reword(draft, f"{SENTENCE} Neuland.")
    live = city.confirm_figures(rita, ["einstieg"])
    assert live.number > draft.number
    html = editor.get(page("compare", draft)).content.decode()
    assert "was nur in Ausgabe 3 steht" in html
    assert "Neuland" in html.partition("<ins>")[2]
    html = editor.get(page("change", city)).content.decode()
    assert [html.index(f"<strong>Ausgabe {number}</strong>") for number in (2, 3, 1)] == sorted(
        html.index(f"<strong>Ausgabe {number}</strong>") for number in (1, 2, 3)
    )


@pytest.mark.parametrize("asked", ["", "0", "x", "\N{SUPERSCRIPT TWO}", str(10**25), "1"])
def test_a_comparison_with_nonsense_or_another_city_is_the_usual_one(editor, draft, asked):
    if asked == "1":
        asked = str(City.objects.get(slug="hagen").live_edition().pk)
    assert "Ausgabe 1 (zu lesen)" in editor.get(page("compare", draft), {"mit": asked}).content.decode()


def test_the_only_edition_of_a_city_has_nothing_to_be_compared_with(editor, city):
    assert "erst diese eine Ausgabe" in editor.get(page("compare", city.live_edition())).content.decode()


def test_every_edition_is_previewed_as_the_whole_page_and_says_which_it_is(editor, client, city, draft, rita):
    make_vacancy(open=True, place_id=MÜNSTER, title="Koordination Rollout (m/w/d)")
    first = city.live_edition()
    reword(draft, f"{SENTENCE} Das liest noch niemand.")
    response = editor.get(page("preview", draft))
    html = response.content.decode()
    assert "Das liest noch niemand." in html
    assert "Koordination Rollout (m/w/d)" in html
    assert "Vorschau, Ausgabe 2." in html
    assert "Diese Ansicht sieht nur die Redaktion." in html
    assert '<meta name="robots" content="noindex">' in html
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert client.get(page("preview", draft)).status_code == 302
    assert "Das liest noch niemand." not in client.get(reverse("listings:city", args=[city.slug])).content.decode()
    assert "die alle lesen" in editor.get(page("preview", first)).content.decode()
    draft.publish(rita, at=timezone.now() + timedelta(days=3))
    assert "Sie erscheint am" in editor.get(page("preview", draft)).content.decode()
    draft.lift_date(rita)
    draft.publish(rita)
    assert "inzwischen abgelöst" in editor.get(page("preview", first)).content.decode()


def test_the_first_edition_of_a_city_is_previewed_before_it_has_a_page(editor, rita):
    city = City.objects.create(place_id=MÜNSTER, slug="muenster")
    html = editor.get(page("preview", city.working_edition(rita))).content.decode()
    assert "Vorschau, Ausgabe 1." in html


def test_an_earlier_edition_is_restored_as_a_working_copy(editor, city, draft, rita):
    first = city.live_edition()
    reword(draft, f"{SENTENCE} Neu.")
    draft.publish(rita)
    assert page("restore", first) in editor.get(page("change", city)).content.decode()
    response = editor.post(page("restore", first))
    third = city.editions.get(number=3)
    assert response.url == page("change", third)
    assert third.sections.get().body == SENTENCE
    assert history(third) == [("Rita Richter", "Wiederhergestellt aus Ausgabe 1.")]
    assert history(city) == [("Rita Richter", "Ausgabe 3 wiederhergestellt aus Ausgabe 1.")]
    html = editor.post(page("restore", first), follow=True).content.decode()
    assert "Es gibt schon eine Arbeitsfassung, Ausgabe 3." in html


def test_a_working_copy_that_is_published_meanwhile_is_not_discarded(editor, city, draft, rita, monkeypatch):
    lock = City.lock

    def a_colleague_is_faster(self):
        monkeypatch.setattr(City, "lock", lock)
        Edition.objects.get(pk=draft.pk).publish(rita)
        lock(self)

    monkeypatch.setattr(City, "lock", a_colleague_is_faster)
    delete = reverse("admin:profiles_edition_delete", args=[draft.pk])
    assert "inzwischen veröffentlicht" in editor.post(delete, {"post": "yes"}, follow=True).content.decode()
    assert city.editions.count() == 2
    assert history(city) == []


def test_what_a_colleague_has_saved_meanwhile_is_not_discarded(editor, city, draft, rita):
    delete = reverse("admin:profiles_edition_delete", args=[draft.pk])
    asked = editor.get(delete, follow=True)
    answer = asked.redirect_chain[-1][0]
    draft.revise(draft.version, rita)
    html = editor.post(answer, {"post": "yes"}, follow=True).content.decode()
    assert "gespeichert, seit Sie die Seite geöffnet haben" in html
    assert city.editions.filter(pk=draft.pk).exists()
    assert history(city) == []
    editor.post(editor.get(delete).url, {"post": "yes"})
    assert not city.editions.filter(pk=draft.pk).exists()


def test_a_discarded_working_copy_is_noted_with_its_city(editor, city, draft):
    editor.post(reverse("admin:profiles_edition_delete", args=[draft.pk]), {"post": "yes"})
    assert city.editions.count() == 1
    assert history(city) == [("Rita Richter", "Ausgabe 2 verworfen.")]


# Figures


def test_a_checked_figure_gets_its_day_by_a_check_box(editor, city, rita):
    live = city.live_edition()
    html = editor.get(page("change", city)).content.decode()
    assert "noch nie geprüft" in html
    assert 'type="checkbox" name="figure" value="einstieg"' in html
    html = editor.post(page("confirm", city), {"figure": "einstieg", "seen": live.pk}, follow=True).content.decode()
    assert "Geprüft: „Einstieg“. Das steht als Ausgabe 2 auf der Seite." in html
    assert "noch nie geprüft" not in html
    new = city.live_edition()
    assert (new.number, new.figures.get().checked_by) == (2, rita)
    assert history(city)[-1][1] == "Geprüft, stimmt noch: „Einstieg“. Ausgabe 2 veröffentlicht."
    assert history(new) == [("Rita Richter", "Geprüft, stimmt noch: „Einstieg“.")]


def test_a_check_is_noted_with_the_working_copy_that_it_renews(editor, city, draft):
    editor.post(page("confirm", city), {"figure": "einstieg", "seen": city.live_edition().pk})
    assert draft.figures.get().checked_on == localdate()
    assert history(draft) == [("Rita Richter", "Geprüft, stimmt noch: „Einstieg“, mit Ausgabe 3.")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Inzwischen ist eine andere Ausgabe zu lesen"),
        ({"seen": "live"}, "Bitte kreuzen Sie an"),
        ({"seen": "live", "figure": ["einstieg", "\0"]}, "steht nicht mehr auf der Seite"),
        ({"seen": str(10**25), "figure": "einstieg"}, "Inzwischen ist eine andere Ausgabe zu lesen"),
    ],
)
def test_nothing_is_confirmed_that_was_not_seen(editor, city, data, said):
    data = {**data, "seen": city.live_edition().pk} if data.get("seen") == "live" else data
    assert said in editor.post(page("confirm", city), data, follow=True).content.decode()
    assert city.editions.count() == 1


def test_the_city_tells_what_its_figures_said_before(editor, city, rita):
    draft = city.working_edition(rita)
    figure = draft.figures.get()
    figure.low, figure.valid_from, figure.evidence = 2900, date(2026, 1, 1), SENTENCE.replace("2.800", "2.900")
    figure.save()
    reword(draft, figure.evidence)
    draft.publish(rita)
    html = editor.get(page("change", city)).content.decode()
    assert "Einstieg: 2.900 € bis 3.400 €" in html
    assert "gilt ab 1. Januar 2026" in html
    assert "2.800 € bis 3.400 €" in html
    assert "seit Ausgabe 1 vom" in html


# Doors and ceilings

STEPS = ["publish", "lift", "compare", "restore", "preview"]


@pytest.mark.parametrize("name", STEPS)
def test_strangers_and_helpers_without_permission_get_nowhere(client, client_of, draft, name):
    nobody = client.get(page(name, draft))
    assert nobody.status_code == 302
    assert "anmelden" in nobody.url or "login" in nobody.url
    helper = client_of(make_user("Hanno Helfer", is_staff=True))
    assert helper.post(page(name, draft)).status_code in (403, 405)
    assert helper.get(page(name, draft)).status_code in (403, 405)


def test_who_may_only_look_compares_and_previews_and_sees_no_buttons(client_of, city, draft, rita):
    helper = make_user("Hanno Helfer", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_edition", "view_city"]))
    client = client_of(helper)
    assert client.get(page("compare", draft)).status_code == 200
    assert client.get(page("preview", draft)).status_code == 200
    html = client.get(page("change", city)).content.decode()
    assert "Geprüft, stimmt noch" not in html
    assert page("publish", draft) not in html
    assert client.post(page("confirm", city), {"figure": "einstieg"}).status_code == 403


@pytest.mark.parametrize("name", ["lift", "restore"])
def test_a_step_is_never_taken_by_looking(editor, city, draft, name):
    assert editor.get(page(name, draft)).status_code == 405
    assert editor.get(page("confirm", city)).status_code == 405
    assert editor.get(page("working_edition", city)).status_code == 405


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("pk", [0, 10**25])
def test_a_missing_edition_is_a_message(editor, db, name, pk):
    assert editor.post(reverse(f"admin:profiles_edition_{name}", args=[pk])).status_code in (302, 405)


@pytest.mark.parametrize("name", ["publish", "compare", "preview"])
def test_the_pages_of_an_edition_ask_little(client_of, rita, name, django_assert_max_num_queries):
    city = City.objects.get(slug="hagen")
    draft = city.working_edition(rita)
    draft.sections.update(body="Alles weg.")
    helper = make_user("Hanno Helfer", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename="change_edition"))
    client = client_of(helper)
    with django_assert_max_num_queries(15):
        client.get(page(name, draft))
    if name == "publish":
        with django_assert_max_num_queries(16):  # where the test has begun a transaction, two of the page are one more
            assert "lässt sich noch nicht" in publish(client, draft)


def test_the_page_of_a_city_asks_little_however_many_editions_it_has(editor, rita, django_assert_max_num_queries):
    city = City.objects.get(slug="hagen")
    for _ in range(4):
        city.confirm_figures(rita, ["einstieg"])
    city.working_edition(rita)
    with django_assert_max_num_queries(15):
        editor.get(page("change", city))
