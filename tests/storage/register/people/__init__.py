"""Tests of people of mines."""
