"""Tests of the wing casework in GraphQL."""
