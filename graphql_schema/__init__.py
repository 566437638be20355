"""Speaks: GraphQL names, one file per area, mirrored on the wings of storage."""
