"""Tests of the wing register in GraphQL."""
