"""What casework looks like in GraphQL, one file per area."""

from graphql_schema import law as _law  # noqa: F401 # Its enums are named there, before any file of this wing needs one.
