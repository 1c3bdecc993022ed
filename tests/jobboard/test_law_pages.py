"""The pages of the law say what the board does, in the numbers that it does it with."""

import pytest

from jobboard import accounts, mail
from listings import daily
from listings.models import counts, team
from tests.listings.employer_side import text_of

pytestmark = pytest.mark.django_db


def test_the_privacy_page_names_every_term_of_keeping(client):
    text = text_of(client.get("/datenschutz/"))
    assert f"niemand bestätigt: {accounts.KEPT_UNCONFIRMED.days} Tage" in text
    assert f"Einladungen und Bitten um Zugang: {team.INVITATION_DAYS} Tage" in text
    assert f"geschrieben haben: {mail.KEPT_DAYS} Tage" in text
    assert f"geschlossenen Anzeige: {daily.FORGET_CONTACT_AFTER} Tage" in text
    assert (daily.FORGET_TEXT_AFTER, counts.KEPT_DAYS) == (365, 730)
    assert "Den Text der Anzeige: ein Jahr" in text
    assert "gelesen wurde: zwei Jahre" in text


def test_the_privacy_page_leads_to_ones_own_data_and_to_deleting_them(client):
    html = client.get("/datenschutz/").content.decode()
    assert 'href="/konto/daten/"' in html
    assert 'href="/konto/loeschen/"' in html


def test_the_terms_hold_the_agreement_about_forwarded_applications(client):
    text = text_of(client.get("/nutzungsbedingungen/"))
    assert "Artikel 28 DSGVO" in text
    assert "höchstens fünf Tage" in text


def test_the_terms_do_not_promise_a_reader_where_trusted_firms_need_none(client):
    text = text_of(client.get("/nutzungsbedingungen/"))
    assert "Jede Anzeige liest" not in text
    assert "Bei Firmen, die sich bewährt haben" in text
