"""Typical cases edited for the public, with photos of which regions are covered: drafted by one, approved by another."""
