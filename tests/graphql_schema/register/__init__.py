"""Tests of the register in GraphQL."""
