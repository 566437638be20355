"""Tests of the year of commitments."""
