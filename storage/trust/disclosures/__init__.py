"""Disclosures: copies that were published by an act, what became of them, and what must be published by when."""
