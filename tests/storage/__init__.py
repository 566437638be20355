"""Tests of what keeps the record."""
