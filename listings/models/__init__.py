"""Employers, vacancies, what happened to them and how often they are read: parts that change separately."""

from listings.models.counts import DailyCount
from listings.models.employers import Employer, EmployerKind, Logo
from listings.models.events import VacancyEvent
from listings.models.life import MAX_RUN_DAYS, Status, WrongStatus
from listings.models.origins import Origin
from listings.models.revisions import Revision
from listings.models.rules import LinterWord, MinimumWage, Rule
from listings.models.search_text import SearchText
from listings.models.stamps import CityStamp, ConceptStamp
from listings.models.team import AccessRequest, Invitation, LastOwner, Membership, NotYours
from listings.models.vacancies import CAP, CHOICES, MAX_AMOUNT, Vacancy, VacancyQuerySet
from listings.models.words import Concept, MissedWord, Word, WordVariant

__all__ = [
    "CAP",
    "CHOICES",
    "MAX_AMOUNT",
    "MAX_RUN_DAYS",
    "AccessRequest",
    "CityStamp",
    "Concept",
    "ConceptStamp",
    "DailyCount",
    "Employer",
    "EmployerKind",
    "Invitation",
    "LastOwner",
    "LinterWord",
    "Logo",
    "Membership",
    "MinimumWage",
    "MissedWord",
    "NotYours",
    "Origin",
    "Revision",
    "Rule",
    "SearchText",
    "Status",
    "Vacancy",
    "VacancyEvent",
    "VacancyQuerySet",
    "Word",
    "WordVariant",
    "WrongStatus",
]
