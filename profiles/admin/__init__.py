"""Where editors write the city pages: parts of the admin that change separately."""

from profiles.admin import cities, editions, places  # noqa: F401 (each registers itself)
