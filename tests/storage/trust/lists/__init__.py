"""Tests of lists and figures."""
