"""Tests of miners in GraphQL."""
