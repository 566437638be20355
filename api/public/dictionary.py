"""The data dictionary of the open data: each column, its type and what it means, in Chinese and English."""

from storage.record.glossary.site_words import MEANINGS
from storage.trust.disclosures.open_data import TYPES


def dictionary() -> list[dict[str, str]]:
    """The columns in their order."""
    return [
        {"name": name, "type": kind, "zh": MEANINGS[name][0], "en": MEANINGS[name][1]} for name, kind in TYPES.items()
    ]
