"""Tests of what speaks."""
