"""Tests of what both sides of a protected report compute."""
