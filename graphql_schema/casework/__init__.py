"""Casework in GraphQL: one file per area."""
