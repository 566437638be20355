"""Tests of what mines promise each year."""
