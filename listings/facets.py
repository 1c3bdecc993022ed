"""How many ads each choice would find, told beside it."""


class Facets:
    """Counts by parameter and value, where they are known exactly."""

    def __init__(self, counts: dict[str, dict[str, int]] | None = None):
        self.counts = counts or {}

    def of(self, name: str) -> dict[str, int]:
        return self.counts.get(name, {})
