"""Everything that is stored about somebody with an account, in words (DSGVO Art. 15 and 20)."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models
from django.utils import timezone
from post_office.models import Email

from jobboard.models import User
from listings.models import AccessRequest, Invitation, Membership, Vacancy, VacancyEvent

SECRET = {"password", "id"}
FACTORS = {"totp": "App für Einmalcodes", "webauthn": "Passkey", "recovery_codes": "Notfallcodes"}
# What stands under a heading of its own; every other row that points to a person is found by itself.
TOLD = {
    (EmailAddress, "user"),
    (Authenticator, "user"),
    (Membership, "user"),
    (VacancyEvent, "by"),
    (Invitation, "by"),
    (AccessRequest, "user"),
}
# Other columns without a name for people are derived or keep two tabs apart; and no name stands for two columns.
NAMES = {
    "unsaved": "noch nicht übernommen",
    "trusted_by": "als vertraut markiert von",
    "workplace": "wo gearbeitet wird",
}


def own_data(user: User) -> dict:
    """By German headings; values are plain texts, numbers and moments."""
    own_addresses = list(EmailAddress.objects.filter(user=user).order_by("-primary", "pk"))
    addresses = [each.email for each in own_addresses] or [user.email]
    memberships = list(user.memberships.select_related("employer__place").order_by("employer__slug"))
    firms = [each.employer_id for each in memberships]
    vacancies = Vacancy.objects.filter(employer__in=firms).select_related("employer", "place").order_by("pk")
    return {
        "Stand": timezone.now(),
        "Quelle": settings.BASE_URL,
        "Konto": _fields(user, without=SECRET),
        "E-Mail-Adressen": [
            {"Adresse": each.email, "bestätigt": each.verified, "Hauptadresse": each.primary} for each in own_addresses
        ],
        "Zweite Faktoren": [
            {"Art": FACTORS[each.type], "eingerichtet am": each.created_at, "zuletzt benutzt am": each.last_used_at}
            for each in Authenticator.objects.filter(user=user).order_by("created_at", "pk")
        ],
        "Firmen": [
            {"Rolle": each.get_role_display(), "dabei seit": each.since, **_fields(each.employer)}
            for each in memberships
        ],
        "Anzeigen Ihrer Firmen": [
            {"Nummer": each.pk, "Firma": each.employer.name, **_fields(each, without={"id", "employer"})}
            for each in vacancies
        ],
        "Schritte, die Sie getan haben": [
            {"am": event.at, "Schritt": event.get_step_display(), "Anzeige": str(event.vacancy), "Grund": event.reason}
            for event in VacancyEvent.objects.filter(by=user).select_related("vacancy").order_by("at", "pk")
        ],
        "Einladungen von Ihnen": [_invitation(each) for each in _invitations().filter(by=user)],
        "Einladungen an Sie": [_invitation(each) for each in _invitations().filter(email__in=addresses)],
        "Bitten um Zugang": [
            {"Firma": each.employer.name, "gefragt am": each.at}
            for each in user.access_requests.select_related("employer").order_by("at")
        ],
        "E-Mails an Sie": [
            # Their text is emptied once it is delivered; it may hold keys until then.
            {"Betreff": mail.subject, "geschrieben am": mail.created, "Stand": mail.get_status_display()}
            for mail in _mails(addresses)
        ],
        "Außerdem": list(_others(user)),
    }


def _invitations():
    return Invitation.objects.select_related("employer").order_by("at", "pk")


def _invitation(invitation) -> dict:
    return {
        "Firma": invitation.employer.name,
        "Adresse": invitation.email,
        "Rolle": invitation.get_role_display(),
        "eingeladen am": invitation.at,
        "gilt bis": invitation.expires_at,
    }


def _mails(addresses: list[str]) -> list[Email]:
    found = models.Q()
    for address in addresses:
        found |= models.Q(to__icontains=address)
    wanted = {address.lower() for address in addresses}
    mails = Email.objects.filter(found).only("to", "subject", "created", "status").order_by("created", "pk")
    return [mail for mail in mails if wanted & {address.strip().lower() for address in mail.to}]


def _fields(row: models.Model, without=frozenset({"id"})) -> dict:
    """Its columns by their names for people; a choice as its words, a row it points to as that row's name."""
    told = {}
    for field in row._meta.concrete_fields:
        name = _name(field)
        if not name or field.name in without or field.related_model is User:  # somebody else
            continue
        value = getattr(row, field.attname)
        if field.is_relation and value is not None:
            # What was not fetched along stays a number.
            value = str(getattr(row, field.name)) if field.name in row._state.fields_cache else value
        elif field.choices:
            value = getattr(row, f"get_{field.name}_display")()
        told[name] = value
    return told


def _name(field) -> str:
    """What people call a column; nothing for one that was never named for them."""
    own = "" if field.verbose_name == field.name.replace("_", " ") else str(field.verbose_name)
    return NAMES.get(field.name, own)


def _others(user):
    """Rows of whatever else points to this person: what it is, its name, its moments and choices. No contents: they may be keys."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or not relation.auto_created or relation.concrete:
            continue
        model, field = relation.related_model, relation.field
        if (model, field.name) in TOLD or model._meta.auto_created:
            continue
        for row in model._base_manager.filter(**{field.name: user}):
            told = {
                "Art": str(model._meta.verbose_name),
                "Name": str(row),
                "Sie stehen dort als": _name(field) or str(field.verbose_name),
            }
            for each in row._meta.concrete_fields:
                if isinstance(each, models.DateField):
                    told.setdefault(str(each.verbose_name), getattr(row, each.attname))
                elif each.choices:
                    told.setdefault(str(each.verbose_name), getattr(row, f"get_{each.name}_display")())
            yield told
