"""Addresses of pages that show vacancies, in the words of people who look for them."""

from django.urls import path, re_path

from listings import (
    account_views,
    city_views,
    counting,
    dashboard,
    employer_views,
    freshness_views,
    pay_check,
    team_views,
    views,
    writing_views,
)

app_name = "listings"

urlpatterns = [
    path("", city_views.home, name="home"),
    path("gehalt/", pay_check.pay_check, name="pay_check"),
    path("staedte/", city_views.city_list, name="cities"),
    path("staedte/<slug:slug>/", city_views.city, name="city"),
    path("stellen/", views.vacancy_list, name="vacancies"),
    path("stellen/vergebens/", counting.missed, name="words_missed"),
    re_path(r"^stellen/(?P<pk>[0-9]{1,18})-(?P<slug>[^/]*)/$", views.vacancy, name="vacancy"),
    re_path(r"^stellen/(?P<pk>[0-9]{1,18})-(?P<slug>[^/]*)/gesehen/$", counting.seen, name="vacancy_seen"),
    re_path(r"^stellen/(?P<pk>[0-9]{1,18})-(?P<slug>[^/]*)/geklickt/$", counting.clicked, name="vacancy_clicked"),
    re_path(r"^firmen/logo/(?P<digest>[0-9a-f]{64})\.webp$", views.logo, name="logo"),
    path("orte/", views.places, name="places"),
    path("begriffe/", views.terms, name="terms"),
    path("firmen/<slug:slug>/", views.employer, name="employer"),
    path("konto/daten/", account_views.data, name="own_data"),
    path("konto/daten/eigene-daten.json", account_views.data_json, name="own_data_json"),
    path("konto/loeschen/", account_views.delete, name="account_delete"),
    path("arbeitgeber/", views.for_employers, name="for_employers"),
    path("arbeitgeber/firma/", employer_views.employer_create, name="employer_create"),
    path("arbeitgeber/firma/<slug:slug>/", employer_views.employer_edit, name="employer_edit"),
    path("arbeitgeber/noch-offen/<str:token>/", freshness_views.still_open, name="still_open"),
    path("arbeitgeber/firma/<slug:slug>/team/", team_views.team, name="employer_team"),
    path("arbeitgeber/firma/<slug:slug>/team/<slug:verb>/", team_views.team_step, name="employer_team_step"),
    re_path(r"^arbeitgeber/einladung/(?P<token>[\w-]{1,80})/$", team_views.invitation, name="employer_invitation"),
    path("arbeitgeber/stellen/", dashboard.vacancies, name="employer_vacancies"),
    path("arbeitgeber/stellen/zahlen.csv", dashboard.numbers_csv, name="employer_numbers"),
    path("arbeitgeber/stellen/neu/", writing_views.vacancy_create, name="employer_vacancy_create"),
    re_path(r"^arbeitgeber/stellen/(?P<pk>[0-9]{1,18})/$", employer_views.vacancy, name="employer_vacancy"),
    re_path(
        r"^arbeitgeber/stellen/(?P<pk>[0-9]{1,18})/bearbeiten/$",
        writing_views.vacancy_edit,
        name="employer_vacancy_edit",
    ),
    re_path(
        r"^arbeitgeber/stellen/(?P<pk>[0-9]{1,18})/vorschau/$",
        writing_views.vacancy_preview,
        name="employer_vacancy_preview",
    ),
    re_path(
        r"^arbeitgeber/stellen/(?P<pk>[0-9]{1,18})/(?P<verb>[a-z]+)/$",
        employer_views.vacancy_step,
        name="employer_vacancy_step",
    ),
]
