"""Tests of exposures."""
