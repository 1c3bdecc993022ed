"""For editors: parts of the admin that change separately."""

from listings.admin import concepts, employers, followers, rules, today, vacancies  # noqa: F401 (each registers itself)
