"""A distance in what somebody types, which becomes the radius around the town: "Hamm 30 km", "im Umkreis von 10 km"."""

import re
from dataclasses import dataclass

from listings.filter_fields import RADII

_DISTANCE = re.compile(
    r"""(?<!\w)(?:
    \(?(?:(?:und|mit|plus|im|in|einem|umkreis|radius|bis|zu|von|maximal|max\.?|circa|ca\.?|etwa)\s)*[+<≤]?\s?
        (?P<km>\d{1,3})\s?-?(?:km|kilometern?)(?:[\s-](?:umkreis|radius|entfernung|entfernt))?\)?
    | (?:im\s)?umkreis:?\s(?:von\s)?(?P<bare>\d{1,3})
    )(?![\w/])""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Distance:
    """km: the next larger of RADII; text: as typed, from start to before end"""

    km: int
    text: str
    start: int
    end: int


def find_distance(text: str) -> Distance | None:
    found = _DISTANCE.search(text)
    if not found:
        return None
    typed = int(found["km"] or found["bare"])
    km = next((each for each in RADII if each >= typed), RADII[-1])
    return Distance(km, found.group().strip(" ()"), *found.span())
