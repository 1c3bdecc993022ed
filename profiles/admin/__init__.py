"""Where editors write the city pages: parts of the admin that change separately."""

from profiles.admin import cities, editions, places, today  # noqa: F401 (each registers itself)
