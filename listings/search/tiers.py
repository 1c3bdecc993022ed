"""Which ads a query finds, and in which order: by how they speak of it, then newest first."""

from listings.search import engine
from listings.search.query import Understood


def narrow(queryset, understood: Understood):
    """Ads that hold all terms, or a related query in title or facts."""
    if not understood.terms:
        return queryset
    return queryset.filter(engine.holds(everything=[understood.terms], facts=understood.related))
