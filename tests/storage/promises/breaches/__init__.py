"""Tests of breaches."""
