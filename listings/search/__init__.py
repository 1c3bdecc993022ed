"""The German search: what it knows of an ad, how it understands a query, which ads it finds and in which order."""

from listings.search.indexing import AT_ONCE, follow_at_once, follow_facts, index, index_all

__all__ = ["AT_ONCE", "follow_at_once", "follow_facts", "index", "index_all"]
