"""The German search: what it knows of an ad, how it understands a query, which ads it finds and in which order."""

from listings.search.engine import holds
from listings.search.indexing import (
    AT_ONCE,
    BATCH,
    due,
    everything_said,
    follow,
    follow_at_once,
    follow_facts,
    index,
    index_again,
    index_all,
)
from listings.search.query import Understood, understand
from listings.search.tiers import narrow, page, widened

__all__ = [
    "AT_ONCE",
    "BATCH",
    "Understood",
    "due",
    "everything_said",
    "follow",
    "follow_at_once",
    "follow_facts",
    "holds",
    "index",
    "index_again",
    "index_all",
    "narrow",
    "page",
    "understand",
    "widened",
]
