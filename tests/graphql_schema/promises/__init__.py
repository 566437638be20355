"""Tests of what mines promise, in GraphQL."""
