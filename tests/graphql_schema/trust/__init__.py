"""Tests of the wing of trust in GraphQL."""
