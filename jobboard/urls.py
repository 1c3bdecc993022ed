"""Every address of the board; the only module that imports upward."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from jobboard import account_views, views
from listings.sitemaps import SITEMAPS

handler400 = views.bad_request

urlpatterns = [
    path("", include("listings.urls")),
    path("konto/", account_views.account, name="account"),
    path("konto/", include("allauth.account.urls")),
    path("konto/2fa/", include("allauth.mfa.urls")),
    path("redaktion/", admin.site.urls),
    path("impressum/", views.law_page, {"template": "pages/impressum.html"}, name="impressum"),
    path("datenschutz/", views.law_page, {"template": "pages/datenschutz.html"}, name="datenschutz"),
    path("barrierefreiheit/", views.law_page, {"template": "pages/barrierefreiheit.html"}, name="barrierefreiheit"),
    path("nutzungsbedingungen/", views.law_page, {"template": "pages/nutzungsbedingungen.html"}, name="terms"),
    path("kontakt/", views.law_page, {"template": "pages/kontakt.html"}, name="kontakt"),
    path("methodik/", views.law_page, {"template": "pages/methodik.html"}, name="methodik"),
    path("robots.txt", views.robots, name="robots"),
    path("gesund/", views.health, name="health"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
]
