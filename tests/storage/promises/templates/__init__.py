"""Tests of the clauses of a year and of those that mines add."""
