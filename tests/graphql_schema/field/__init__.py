"""Tests of the wing field in GraphQL."""
