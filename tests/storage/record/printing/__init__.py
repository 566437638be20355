"""Tests of how pages are set and stamped, whoever's they are."""
