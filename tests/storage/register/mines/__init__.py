"""Tests of mines."""
