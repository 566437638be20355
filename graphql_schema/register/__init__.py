"""The wing register in GraphQL: one file per area."""
