"""Tests of alerts in GraphQL."""
