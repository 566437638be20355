"""Tests of breaches of what was promised."""
